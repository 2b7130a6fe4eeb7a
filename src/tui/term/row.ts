import type { SafeText } from '../../core/base/safe-text.ts'
import { brandAs } from '../../core/base/ids.ts'
import { cutText, measureWidth, skipText } from './width.ts'

/** What a span means; the theme decides how that looks. */
export type Tone =
  | 'plain'
  | 'dim'
  | 'strong'
  | 'title'
  | 'accent'
  | 'good'
  | 'warn'
  | 'bad'
  | 'running'
  | 'code'
  | 'key'
  | 'selected'
  | 'border'
  | 'focus'
  | 'production'
  | 'test'
  | 'lab'
  | 'match'

export type Span = { readonly text: SafeText; readonly tone: Tone }

/** One line of the screen. */
export type Row = readonly Span[]

/** Words of the program itself; what came from elsewhere goes through `sanitizeText` or `sanitizeLine`. */
export function ours(text: string): SafeText {
  return brandAs<SafeText>(text)
}

/** A span; text of hosts, runbooks and people must be sanitised already, which the type sees to. */
export function span(text: SafeText, tone: Tone = 'plain'): Span {
  return { text, tone }
}

/** A span of the program's own words. */
export function word(text: string, tone: Tone = 'plain'): Span {
  return { text: ours(text), tone }
}

/** Cells that a row takes. */
export function measureRow(row: Row): number {
  let width = 0
  for (const { text } of row) width += measureWidth(text)
  return width
}

/** Makes a row exactly `width` cells wide: filled with blanks, or cut with `mark` as its last character. */
export function fitRow(row: Row, width: number, mark = '…'): Row {
  const used = measureRow(row)
  if (used === width) return row
  if (used < width)
    return [...row, word(' '.repeat(width - used), row.at(-1)?.tone === 'selected' ? 'selected' : 'plain')]
  const room = Math.max(0, width - measureWidth(mark))
  const kept: Span[] = []
  let left = room
  let lastTone: Tone = 'plain'
  for (const { text, tone } of row) {
    if (left <= 0) break
    const part = cutText(text, left)
    left -= measureWidth(part)
    kept.push({ text: ours(part), tone })
    lastTone = tone
  }
  // A wide character that did not fit leaves a hole.
  return [
    ...kept,
    word(' '.repeat(Math.max(0, left)) + cutText(mark, width), lastTone === 'selected' ? 'selected' : 'dim'),
  ]
}

/** A row with one part at the left and one at the right; the left one gives way. */
export function spreadRow(left: Row, right: Row, width: number): Row {
  const rightWidth = measureRow(right)
  if (rightWidth >= width) return fitRow(right, width)
  return [...fitRow(left, width - rightWidth), ...right]
}

/** A row without its first `cells` cells: for scrolling sideways. */
export function skipRow(row: Row, cells: number): Row {
  let left = cells
  const kept: Span[] = []
  for (const { text, tone } of row) {
    const width = measureWidth(text)
    if (left >= width) left -= width
    else {
      kept.push({ text: ours(skipText(text, left)), tone })
      left = 0
    }
  }
  return kept
}

/** Exactly `height` rows of exactly `width` cells. */
export function fitRows(rows: readonly Row[], width: number, height: number): Row[] {
  const out = rows.slice(0, height).map((row) => fitRow(row, width))
  while (out.length < height) out.push([word(' '.repeat(width))])
  return out
}

/** The same row in one tone, as for the selected line. */
export function toneRow(row: Row, tone: Tone): Row {
  return row.map(({ text }) => ({ text, tone }))
}
