import { formatDuration } from '../../core/base/duration.ts'
import { sanitizeLine } from '../../core/base/sanitize.ts'
import { nameSkip, selectSkip } from '../../core/run/skip-words.ts'
import { describeTrouble } from '../../core/run/trouble-words.ts'
import { isRunOver } from '../../core/run/end-run.ts'
import { isFailing, workHosts } from '../../core/run/settled.ts'
import { countDeviations, describeWord, selectStepWord } from '../../core/run/summary.ts'
import type { RunState, StepState } from '../../core/run/state.ts'
import type { RunClient } from '../run-client.ts'
import type { Glyphs } from '../term/glyphs.ts'
import { fitRow, measureRow, span, spreadRow, word, type Row } from '../term/row.ts'
import { wrapSpans } from '../term/wrap-text.ts'
import { formatDeviation } from './details-rows.ts'
import { formatElapsed } from './format-time.ts'
import { markState } from './state-marks.ts'

/** Steps that are named as the slowest. */
const SLOWEST = 3

/** How the run went: the verdict, deviations first, then every step, then where to read more. */
export function buildReportRows({ state, run }: RunClient, width: number, glyphs: Glyphs): Row[] {
  const inner = width - 2
  const rows = [
    ...describeVerdict(state, inner),
    ...section(
      'Deviations',
      state.deviations.map((each) => formatDeviation(each, state)),
      inner,
    ),
    ...section('Not done', selectTroubles(state), inner),
    [],
    [word('Steps', 'strong')],
    ...[...state.steps.values()].map((step, index) =>
      paintStep(step, state, { number: index + 1, width: inner, glyphs }),
    ),
    ...section('Slowest', selectSlowest(state), inner),
    [],
    ...wrapSpans(
      [word('The whole report: ', 'dim'), word(`handrail report ${run} --format md`, 'code')],
      inner,
      2,
    ),
    ...wrapSpans(
      [word('The output of a step: ', 'dim'), word(`handrail log ${run} --step STEP --host HOST`, 'code')],
      inner,
      2,
    ),
  ]
  return rows.map((row): Row => [word(' '), ...row])
}

function describeVerdict(state: RunState, width: number): Row[] {
  const took =
    state.startedWallMs === undefined || state.lastWallMs === undefined
      ? ''
      : ` in ${formatElapsed(state.lastWallMs - state.startedWallMs)}`
  const deviations = countDeviations(state)
  const by = state.operator === '' ? '' : `, operator ${state.operator}`
  if (state.status === 'aborted')
    return wrapSpans(
      [word('Aborted', 'bad'), span(sanitizeLine(`${took}${by}: ${state.aborting?.reason ?? ''}`))],
      width,
    )
  if (state.status !== 'finished')
    return wrapSpans([word('Not finished', 'warn'), span(sanitizeLine(by))], width)
  const verdict =
    deviations > 0
      ? word(`Finished with ${deviations} deviation${deviations === 1 ? '' : 's'}`, 'warn')
      : word('Finished', 'good')
  return wrapSpans([verdict, span(sanitizeLine(`${took}${by}`))], width)
}

function selectTroubles(state: RunState): string[] {
  return [...state.steps.values()].flatMap((step) =>
    workHosts(step)
      .filter(isFailing)
      .map((hostStep) => `${step.outline.title} on ${hostStep.host}: ${describeTrouble(hostStep)}`),
  )
}

type StepPlace = { readonly number: number; readonly width: number; readonly glyphs: Glyphs }

function paintStep(step: StepState, state: RunState, { number, width, glyphs }: StepPlace): Row {
  const stateWord = selectStepWord(step, state)
  const skip = selectSkip(step)
  const { glyph, tone } =
    skip === undefined ? markState(stateWord, glyphs) : { glyph: glyphs.skipped, tone: 'dim' as const }
  const words =
    skip === undefined ? describeWord(stateWord, isRunOver(state)) : `${nameSkip(skip)}: ${skip.detail}`
  const left: Row = [
    word(`${glyph} `, tone),
    word(`${String(number).padStart(2)} `, 'dim'),
    span(sanitizeLine(step.outline.title)),
    word('  '),
  ]
  const right: Row = [span(sanitizeLine(words), tone)]
  const room = Math.floor(width / 2)
  return spreadRow(left, measureRow(right) > room ? fitRow(right, room, glyphs.more) : right, width)
}

function selectSlowest(state: RunState): string[] {
  return [...state.steps.values()]
    .map((step) => ({
      title: step.outline.title,
      durationMs: Math.max(0, ...[...step.hosts.values()].map((each) => each.durationMs ?? 0)),
    }))
    .filter(({ durationMs }) => durationMs >= 1000)
    .toSorted((a, b) => b.durationMs - a.durationMs)
    .slice(0, SLOWEST)
    .map(({ title, durationMs }) => `${formatDuration(durationMs)}  ${title}`)
}

function section(title: string, lines: readonly string[], width: number): Row[] {
  if (lines.length === 0) return []
  return [
    [],
    [word(title, 'strong')],
    ...lines.flatMap((line) => wrapSpans([word('- ', 'dim'), span(sanitizeLine(line))], width, 2)),
  ]
}
