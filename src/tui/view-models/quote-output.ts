import { sanitizeLine } from '../../core/base/sanitize.ts'
import { expandTabs, wrapSpans } from '../term/wrap-text.ts'
import { fitRow, ours, span, word, type Row } from '../term/row.ts'
import type { ViewInput } from './view-input.ts'

/** Most rows of output that are quoted; more stands in the pane of output. */
const MAX_ROWS = 12
/** Rows where there is no room at all: they are scrolled to. */
const SCROLLED_ROWS = 3
/** Rows that one line may take; a longer one is cut, with a mark. */
const MAX_LINE_ROWS = 3

export type Quote = { readonly host: string | undefined; readonly width: number; readonly room: number }

/** The newest lines of output under a question, as many as the room takes: the last one says most often what happened. */
export function quoteOutput({ ring, glyphs }: ViewInput, { host, width, room }: Quote): Row[] {
  if (ring === undefined || ring.length === 0) return []
  const most = room < 2 ? SCROLLED_ROWS : Math.min(MAX_ROWS, room - 1)
  const lines = ring.slice(ring.end - most - 1, ring.end).filter(({ isNote }) => isNote !== true)
  const rows: Row[] = []
  for (const { text } of lines.toReversed()) {
    const limit = rows.length === 0 ? Math.min(MAX_LINE_ROWS, most) : MAX_LINE_ROWS
    const own = cutRows(wrapSpans([word('  '), span(ours(expandTabs(text)))], width, 4), {
      limit,
      width,
      mark: glyphs.more,
    })
    if (rows.length + own.length > most) break
    rows.unshift(...own)
  }
  return [[word('last output on ', 'dim'), span(sanitizeLine(host ?? ''), 'dim')], ...rows]
}

type Cut = { readonly limit: number; readonly width: number; readonly mark: string }

function cutRows(rows: readonly Row[], { limit, width, mark }: Cut): Row[] {
  if (rows.length <= limit) return [...rows]
  const last = rows[limit - 1] ?? []
  return [...rows.slice(0, limit - 1), fitRow([...last, word(' '.repeat(width))], width, mark)]
}
