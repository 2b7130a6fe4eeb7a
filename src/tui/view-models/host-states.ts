import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { HostName } from '../../core/base/ids.ts'
import { selectHostWord } from '../../core/run/summary.ts'
import type { HostStepState, RunState, StepState } from '../../core/run/state.ts'
import type { Glyphs } from '../term/glyphs.ts'
import { fitRow, measureRow, span, word, type Row } from '../term/row.ts'
import { markState } from './state-marks.ts'

export type HostStrip = {
  readonly state: RunState
  readonly step: StepState
  readonly shown: HostName | undefined
  readonly width: number
  readonly glyphs: Glyphs
}

/** The hosts of a step in one row, each with its sign and word; the shown one stands out and stays in sight. */
export function buildHostStrip({ state, step, shown, width, glyphs }: HostStrip): Row {
  const cells = step.outline.hosts.map((host): Row => {
    const hostStep = step.hosts.get(host)
    const text = describeHost(state, hostStep)
    const { glyph, tone } =
      hostStep === undefined
        ? { glyph: glyphs.skipped, tone: 'dim' as const }
        : markState(selectHostWord(hostStep), glyphs)
    const isShown = host === shown
    return [
      word(isShown ? '[' : ' ', 'accent'),
      span(sanitizeLine(host), isShown ? 'strong' : 'plain'),
      word(` ${glyph} `, tone),
      span(sanitizeLine(text), tone),
      word(isShown ? ']' : ' ', 'accent'),
    ]
  })
  const at = Math.max(
    0,
    step.outline.hosts.findIndex((host) => host === shown),
  )
  const starts = cells.map((_, index) =>
    cells.slice(0, index).reduce((sum, cell) => sum + measureRow(cell), 0),
  )
  const end = (starts[at] ?? 0) + measureRow(cells[at] ?? [])
  let first = 0
  while (first < at && end - (starts[first] ?? 0) > width - 4) first += 1
  const row = [...(first > 0 ? [word(`${glyphs.more} `, 'dim')] : []), ...cells.slice(first).flat()]
  return fitRow(row, width, glyphs.more)
}

/** A host's state in one or two words; a skipped one has its reason instead of a word. */
export function describeHost(state: RunState, hostStep: HostStepState | undefined): string {
  if (hostStep === undefined) return 'not needed'
  if (state.lostLinks.has(hostStep.host) && hostStep.phase !== 'ended') return 'no connection'
  if (hostStep.phase === 'ended') {
    if (hostStep.outcome === 'skipped') return 'skipped'
    if (hostStep.outcome === 'excluded') return 'left out'
    if (hostStep.outcome === 'undone') return 'undone'
    if (hostStep.outcome === 'accepted') return 'accepted'
  }
  return selectHostWord(hostStep)
}
