import { ours, span, word, type Row, type Span } from '../term/row.ts'
import type { LogLine, LogRing } from '../store/log-ring.ts'
import type { RunUi } from '../store/ui-state.ts'
import { expandTabs, wrapSpans } from '../term/wrap-text.ts'
import type { PartView } from './view-input.ts'

export type OutputView = {
  readonly ring: LogRing | undefined
  readonly run: RunUi
  readonly width: number
  readonly height: number
}

/** The lines of output that are in sight; only they are cut and coloured. */
export function buildOutputRows({ ring, run, width, height }: OutputView): PartView {
  if (ring === undefined || ring.length === 0) return { rows: [], total: 0, page: height }
  const query = run.search?.isTyping === true ? undefined : run.search?.field.text
  const end = Math.max(ring.dropped + Math.min(height, ring.length), run.outputEnd ?? ring.end)
  const lines = ring.slice(end - height, end)
  const rows = lines.flatMap((line) =>
    run.isWrapped ? wrapSpans(paintLine(line, query), width, 2) : [paintLine(line, query)],
  )
  // At the very top the note takes the place of the first line that is kept.
  const gap = describeGap(ring, end - height)
  const below = rows.slice(-height)
  return {
    rows: [...gap, ...below.slice(Math.max(0, below.length + gap.length - height))],
    total: ring.length,
    page: height,
  }
}

/** Says at the very top that there is more in the run's directory. */
function describeGap(ring: LogRing, start: number): Row[] {
  if (start > ring.dropped || (ring.dropped === 0 && ring.skippedBytes === 0)) return []
  return [[word('earlier output is in the run’s directory: `handrail log` shows all of it', 'dim')]]
}

function paintLine({ text, stream, updates, isNote }: LogLine, query: string | undefined): Row {
  if (isNote === true) return [span(ours(text), 'dim')]
  const tone = stream === 'stderr' ? 'warn' : 'plain'
  const mark: Row = stream === 'stderr' ? [word('err ', 'dim')] : []
  const count: Row = updates > 0 ? [word(` (${updates} update${updates === 1 ? '' : 's'})`, 'dim')] : []
  return [...mark, ...paintMatches(expandTabs(text), tone, query), ...count]
}

function paintMatches(text: string, tone: Span['tone'], query: string | undefined): Row {
  if (query === undefined || query === '') return [span(ours(text), tone)]
  const isExact = query !== query.toLowerCase()
  const where = isExact ? text : text.toLowerCase()
  const spans: Span[] = []
  let from = 0
  for (let at = where.indexOf(query); at >= 0 && spans.length < 64; at = where.indexOf(query, from)) {
    if (at > from) spans.push({ text: ours(text.slice(from, at)), tone })
    spans.push({ text: ours(text.slice(at, at + query.length)), tone: 'match' })
    from = at + query.length
  }
  return [...spans, { text: ours(text.slice(from)), tone }]
}
