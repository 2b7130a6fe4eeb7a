import type { SafeText } from '../../core/base/safe-text.ts'
import { ours, type Row, type Span } from './row.ts'
import { cutText, measureWidth } from './width.ts'

/** Breaks spans into rows of at most `width` cells between words; a word that is too long is cut. */
export function wrapSpans(spans: Row, width: number, indent = 0): Row[] {
  const rows: Span[][] = []
  let row: Span[] = []
  let used = 0
  const room = Math.max(1, width)
  const breakRow = (): void => {
    rows.push(row)
    row = indent > 0 ? [{ text: ours(' '.repeat(Math.min(indent, room - 1))), tone: 'plain' }] : []
    used = Math.min(indent, indent > 0 ? room - 1 : 0)
  }
  for (const { text, tone } of spans) {
    for (const piece of splitWords(text)) {
      if (piece === '\n') {
        breakRow()
        continue
      }
      let rest = piece
      if (used > 0 && used + measureWidth(rest) > room) {
        if (rest.trim() === '') continue
        if (used > Math.min(indent, room - 1)) breakRow()
      }
      while (measureWidth(rest) > room - used) {
        const part = cutText(rest, room - used)
        if (part === '' && used === 0) break
        row.push({ text: ours(part), tone })
        rest = rest.slice(part.length)
        breakRow()
      }
      if (rest === '') continue
      row.push({ text: ours(rest), tone })
      used += measureWidth(rest)
    }
  }
  rows.push(row)
  return rows
}

/** Breaks text at its line breaks and at `width`; tabs become blanks. */
export function wrapText(text: SafeText, width: number, tone: Span['tone'] = 'plain'): Row[] {
  return text.split('\n').flatMap((line) => wrapSpans([{ text: ours(expandTabs(line)), tone }], width))
}

/** A line with its tabs as blanks, to columns of eight. */
export function expandTabs(line: string): string {
  if (!line.includes('\t')) return line
  let out = ''
  for (const part of line.split(/(\t)/)) out += part === '\t' ? ' '.repeat(8 - (measureWidth(out) % 8)) : part
  return out
}

function splitWords(text: string): string[] {
  return text.split(/(\n| +)/).filter((piece) => piece !== '')
}
