import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { HostName } from '../../core/base/ids.ts'
import { isRunOver } from '../../core/run/end-run.ts'
import { describeWord, selectHostWord, type StateWord } from '../../core/run/summary.ts'
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

/**
 * The hosts of a step in one row, each with its sign and word, the shown one in brackets. Where they do not fit:
 * the shown one with its place, then the others by state, the most urgent first; by name if that fits, else counted.
 */
export function buildHostStrip(strip: HostStrip): Row {
  const { step, width, glyphs } = strip
  const all = step.outline.hosts.flatMap((host) => paintHost(strip, host))
  if (measureRow(all) <= width) return all
  const named = groupHosts(strip, true)
  return fitRow(measureRow(named) <= width ? named : groupHosts(strip, false), width, glyphs.more)
}

function paintHost({ state, step, shown, glyphs }: HostStrip, host: HostName): Row {
  const hostStep = step.hosts.get(host)
  const { glyph, tone } =
    hostStep === undefined || isLeftOut(hostStep)
      ? { glyph: glyphs.skipped, tone: 'dim' as const }
      : markState(selectHostWord(hostStep, state), glyphs)
  const isShown = host === shown
  return [
    word(isShown ? '[' : ' ', 'accent'),
    span(sanitizeLine(host), isShown ? 'strong' : 'plain'),
    word(` ${glyph} `, tone),
    span(sanitizeLine(describeHost(state, hostStep)), tone),
    word(isShown ? ']' : ' ', 'accent'),
  ]
}

const URGENCY: readonly StateWord[] = ['failed', 'needs you', 'running', 'to do', 'done', 'already done']

function groupHosts(strip: HostStrip, isNamed: boolean): Row {
  const { step, shown, glyphs } = strip
  const { hosts } = step.outline
  const place: Row =
    shown === undefined
      ? []
      : [
          ...paintHost(strip, shown),
          word(isNamed ? '' : ` ${hosts.indexOf(shown) + 1} of ${hosts.length} `, 'dim'),
        ]
  const groups = URGENCY.flatMap((wanted): Row => {
    const names = hosts.filter((host) => {
      const hostStep = step.hosts.get(host)
      return (
        (!isNamed || host !== shown) &&
        hostStep !== undefined &&
        selectHostWord(hostStep, strip.state) === wanted
      )
    })
    if (names.length === 0) return []
    const { glyph, tone } = markState(wanted, glyphs)
    const said = describeWord(wanted, isRunOver(strip.state))
    return [
      word(`  ${glyph} ${isNamed ? `${said}: ` : `${names.length} ${said}`}`, tone),
      span(sanitizeLine(isNamed ? names.join(' ') : '')),
    ]
  })
  return [...place, ...groups]
}

/** Whether a person had it not done; a sign of what is done would say otherwise. */
function isLeftOut({ phase, outcome }: HostStepState): boolean {
  return phase === 'ended' && (outcome === 'skipped' || outcome === 'excluded')
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
  return describeWord(selectHostWord(hostStep, state), isRunOver(state))
}
