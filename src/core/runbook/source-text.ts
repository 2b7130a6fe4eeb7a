import type { Position, Span } from '../base/diagnostic.ts'

/** A document ready to be parsed: LF line endings, no BOM, and places that are those of the original file. */
export type SourceText = {
  readonly file: string
  /** Normalized; offsets into it are what {@link SourceText.spanOf} takes. */
  readonly text: string
  /** Without line endings. */
  readonly lines: readonly string[]
  /** Offset of the first character of a line (from 1) in `text`. */
  readonly lineStart: (line: number) => number
  readonly positionAt: (offset: number) => Position
  readonly spanOf: (start: number, end: number) => Span
}

const BOM = '\uFEFF'

/** Normalizes a document: a byte order mark is left out, CRLF and CR become LF; places still point into the original. */
export function buildSourceText(file: string, original: string): SourceText {
  const bom = original.startsWith(BOM) ? 1 : 0
  const lines: string[] = []
  const starts: number[] = []
  const originalStarts: number[] = []
  let start = 0
  let from = bom
  for (const match of original.slice(bom).matchAll(/([^\r\n]*)(\r\n|\r|\n|$)/g)) {
    const line = match[1] ?? ''
    starts.push(start)
    originalStarts.push(from)
    lines.push(line)
    start += line.length + 1
    from += match[0].length
    if (match[2] === '') break
  }
  const text = lines.join('\n')
  const lineStart = (line: number): number => starts[Math.min(Math.max(line, 1), starts.length) - 1] ?? 0
  const positionAt = (offset: number): Position => {
    const inside = Math.min(Math.max(offset, 0), text.length)
    const index = findLine(starts, inside)
    const column = inside - (starts[index] ?? 0)
    return { line: index + 1, column: column + 1, offset: (originalStarts[index] ?? 0) + column }
  }
  const spanOf = (first: number, end: number): Span => ({ start: positionAt(first), end: positionAt(end) })
  return { file, text, lines, lineStart, positionAt, spanOf }
}

/** Index of the last start that is not after `offset`. */
function findLine(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}
