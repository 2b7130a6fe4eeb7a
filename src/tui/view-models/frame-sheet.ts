import { sanitizeLine } from '../../core/base/sanitize.ts'
import { span, type Row, word } from '../term/row.ts'
import { framePane } from './frame-pane.ts'
import type { PartView, ViewInput } from './view-input.ts'

type SheetParts = {
  readonly title: string
  readonly rows: readonly Row[]
  readonly tone: 'bad' | 'warn' | 'focus'
  readonly right?: Row
  readonly cursor?: { readonly x: number; readonly y: number }
}

/** A sheet with its border, as high as what it holds. */
export function frameSheet(
  { size, glyphs }: Pick<ViewInput, 'size' | 'glyphs'>,
  { title, rows, tone, right, cursor }: SheetParts,
): PartView {
  const inner = rows.map((row): Row => [word(' '), ...row])
  const view = framePane({
    title: [span(sanitizeLine(title), 'title')],
    ...(right === undefined ? {} : { right }),
    rows: inner,
    width: size.cols,
    height: rows.length + 2,
    isFocused: true,
    glyphs,
    tone,
  })
  return {
    rows: view,
    total: rows.length,
    page: rows.length,
    ...(cursor === undefined ? {} : { cursor: { x: cursor.x + 2, y: cursor.y + 1 } }),
  }
}
