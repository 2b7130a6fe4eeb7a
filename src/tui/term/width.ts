import stringWidth from 'string-width'

/** Characters that take one cell each on every terminal: ASCII, Latin, arrows, box drawing, blocks, braille, Greek, Cyrillic. */
const NARROW =
  /^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0373\u0384-\u0482\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2200-\u22ff\u2500-\u25fc\u25ff\u2800-\u28ff\u2713\u2717]*$/

let segmenter: Intl.Segmenter | undefined

/** Cells that a text takes on the screen; it holds no control characters. */
export function measureWidth(text: string): number {
  return NARROW.test(text) ? text.length : stringWidth(text)
}

/** Cuts a text to at most `width` cells; never in the middle of a character. */
export function cutText(text: string, width: number): string {
  if (width <= 0) return ''
  if (NARROW.test(text)) return text.length <= width ? text : text.slice(0, width)
  let used = 0
  let out = ''
  for (const grapheme of splitGraphemes(text)) {
    used += stringWidth(grapheme)
    if (used > width) break
    out += grapheme
  }
  return out
}

/** The part of a text that begins `cells` cells in; a wide character that would be halved becomes a blank. */
export function skipText(text: string, cells: number): string {
  if (cells <= 0) return text
  if (NARROW.test(text)) return text.slice(cells)
  let used = 0
  let index = 0
  for (const grapheme of splitGraphemes(text)) {
    if (used >= cells) break
    used += stringWidth(grapheme)
    index += grapheme.length
  }
  return ' '.repeat(Math.max(0, used - cells)) + text.slice(index)
}

/** What a person sees as single characters. */
export function splitGraphemes(text: string): string[] {
  if (NARROW.test(text)) return [...text]
  segmenter ??= new Intl.Segmenter()
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}
