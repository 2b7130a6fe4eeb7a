/** Replaces `[start, end)` of a text. */
export type Splice = { readonly start: number; readonly end: number; readonly text: string }

/** Applies splices that do not overlap; those at one place in the order given. */
export function applySplices(source: string, splices: readonly Splice[]): string {
  let out = ''
  let position = 0
  for (const { start, end, text } of splices.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start > position) out += source.slice(position, start)
    out += text
    position = Math.max(position, end)
  }
  return out + source.slice(position)
}

/** The line end that a text uses most; LF for a text without one. */
export function detectEol(text: string): '\n' | '\r\n' {
  const all = text.split('\n').length - 1
  const windows = text.split('\r\n').length - 1
  return windows * 2 > all ? '\r\n' : '\n'
}

/** Offset of the first character of the line that holds `offset`. */
export function findLineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

/** Offset behind the last character of the line that holds `offset`, its line end not counted. */
export function findLineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset)
  if (newline === -1) return text.length
  return newline > offset && text[newline - 1] === '\r' ? newline - 1 : newline
}

/** Line (from 1) of an offset. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** A line and its own end: `\n`, `\r\n`, or none for the last line of a text that does not end with one. */
export type Line = { readonly text: string; readonly eol: string }

/** Lines that can be changed one by one while the bytes of all others stay. */
export class LineBuffer {
  readonly #lines: Line[]
  readonly #eol: string

  constructor(text: string) {
    this.#lines = splitLines(text)
    this.#eol = detectEol(text)
  }

  get lines(): readonly Line[] {
    return this.#lines
  }

  setText(index: number, text: string): void {
    const line = this.#lines[index]
    if (line !== undefined) this.#lines[index] = { ...line, text }
  }

  /** Inserts after the line `index` (-1: at the beginning); a last line without a line end keeps the text so. */
  insertAfter(index: number, texts: readonly string[]): void {
    const before = this.#lines[index]
    const added = texts.map((text) => ({ text, eol: this.#eol }))
    const last = added.at(-1)
    if (before !== undefined && before.eol === '' && last !== undefined) {
      this.#lines[index] = { ...before, eol: this.#eol }
      last.eol = ''
    }
    this.#lines.splice(index + 1, 0, ...added)
  }

  remove(index: number, count: number): void {
    this.#lines.splice(index, count)
  }

  toText(): string {
    return this.#lines.map((line) => line.text + line.eol).join('')
  }
}

/** The lines of a text with their own ends; the lines joined are the text again. */
export function splitLines(text: string): Line[] {
  return Array.from(text.matchAll(/([^\n]*?)(\r?\n|$)/gy), (match) => ({
    text: match[1] ?? '',
    eol: match[2] ?? '',
  })).filter((line) => line.text !== '' || line.eol !== '')
}
