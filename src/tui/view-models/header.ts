import { sanitizeLine } from '../../core/base/sanitize.ts'
import { isRunOver } from '../../core/run/end-run.ts'
import { countDeviations, countSteps, selectStepWord } from '../../core/run/summary.ts'
import type { RunState } from '../../core/run/state.ts'
import type { RunClient } from '../run-client.ts'
import { measureRow, span, spreadRow, word, type Row, type Span, type Tone } from '../term/row.ts'
import { formatElapsed } from './format-time.ts'
import type { ViewInput } from './view-input.ts'

/** Cells of the progress bar; the words beside it count for more on a narrow screen. */
const BAR_CELLS = { narrow: 8, wide: 16 } as const
const WIDE_COLS = 100
/** Below this the words take the bar's place. */
const NARROW_COLS = 70

/** The top of the run screen: what runs, where, how dangerous the place is, how far it is. */
export function buildRunHeader({ size, glyphs, ui, wallMs }: ViewInput, client: RunClient): Row[] {
  const { state } = client
  const title = state.outline.title || (state.created?.runbook.title ?? '')
  const elapsed =
    state.startedWallMs === undefined ? '' : formatElapsed(selectEndMs(state, wallMs) - state.startedWallMs)
  const right: Row = [word(' '), ...markEnvironment(state), word(' ')]
  const left: Row = [
    word(' handrail ', 'title'),
    word(`${glyphs.vertical} `, 'dim'),
    span(sanitizeLine(title), 'strong'),
  ]
  const counts = countWords(state)
  const settled = counts.done + counts.skipped
  const cells = size.cols < WIDE_COLS ? BAR_CELLS.narrow : BAR_CELLS.wide
  const filled = counts.total === 0 ? 0 : Math.floor((settled * cells) / counts.total)
  const bar = `${glyphs.filled.repeat(filled)}${glyphs.empty.repeat(cells - filled)} `
  const head: Row = [
    word(` ${size.cols < NARROW_COLS ? '' : bar}`, 'accent'),
    word(`${settled}/${counts.total} steps`),
    word('  '),
    ...describeStatus(client, counts.waiting, ui.overlay?.kind === 'edit'),
  ]
  // The state of the run counts for more than how long it takes.
  const long: Row = [word('  '), span(sanitizeLine(client.run)), word(` ${elapsed} `, 'dim')]
  const isLong = measureRow(head) + measureRow(long) <= size.cols
  const identity: Row = isLong ? long : [word('  '), span(sanitizeLine(client.run)), word(' ')]
  // What does not fit is left out whole, the least important first.
  const room = size.cols - measureRow(identity)
  const deviations = countDeviations(state)
  const progress = [
    countPart(counts.failed, 'failed', 'bad'),
    countPart(deviations, deviations === 1 ? 'deviation' : 'deviations', 'warn'),
    countPart(counts.skipped, 'skipped', 'dim'),
  ].reduce<Row>((row, part) => (measureRow(row) + measureRow(part) > room ? row : [...row, ...part]), head)
  return [spreadRow(left, right, size.cols), spreadRow(progress, identity, size.cols)]
}

/** Steps by their word; one that nobody knows the end of needs somebody, and has not failed. */
function countWords(state: RunState): {
  readonly done: number
  readonly total: number
  readonly failed: number
  readonly skipped: number
  readonly waiting: number
} {
  const { done, total, skipped } = countSteps(state)
  const words = [...state.steps.values()].map((step) => selectStepWord(step, state))
  const count = (wanted: string): number => words.filter((each) => each === wanted).length
  return {
    done,
    total,
    skipped,
    failed: count('failed'),
    waiting: state.status === 'draft' ? 0 : count('needs you'),
  }
}

function countPart(count: number, name: string, tone: Tone): Row {
  return count === 0 ? [] : [word('  '), word(`${count} ${name}`, tone)]
}

function selectEndMs(state: RunState, wallMs: number): number {
  return isRunOver(state) ? (state.lastWallMs ?? wallMs) : wallMs
}

/** Environment and level: a word and a tone that cannot be overlooked. */
export function markEnvironment(state: RunState): Row {
  const inventory = state.created?.inventory
  return inventory === undefined ? [] : [markLevel(inventory.level, inventory.environment)]
}

/** The badge of an environment; `isShort` where there is little room. */
export function markLevel(level: string, environment: string, isShort = false): Span {
  const label = level === 'production' ? (isShort ? 'PROD' : 'PRODUCTION') : level.toUpperCase()
  const name = environment === level ? '' : ` ${environment}`
  const tone: Tone = level === 'production' ? 'production' : level === 'lab' ? 'lab' : 'test'
  return span(sanitizeLine(` ${label}${name} `), tone)
}

const PAUSE_WORDS: { readonly [reason: string]: string } = {
  operator: 'paused',
  gate: 'paused at a gate',
  window: 'paused: outside the maintenance window',
  threshold: 'paused: too many failures',
  'journal-error': 'stopped: the journal cannot be written',
  waiting: 'paused: it waited for an answer',
  interrupted: 'paused: it was interrupted',
  link: 'paused: no connection',
}

/** `isDeciding`: whoever is about to take a run up that nobody drives does not only watch. */
function describeStatus(client: RunClient, waiting: number, isDeciding: boolean): Row {
  const status = describeRun(client.state, waiting)
  if (client.isDriver() || isRunOver(client.state)) return status
  const driver = client.driver()
  const words =
    isDeciding && driver === undefined ? 'nobody drives' : `watching; ${driver ?? 'nobody'} drives`
  return [...status, word('  '), span(sanitizeLine(words), 'warn')]
}

function describeRun(state: RunState, waiting: number): Row {
  switch (state.status) {
    case 'draft':
      return [word('PLAN: nothing has run yet', 'warn')]
    case 'open':
      if (state.aborting !== undefined)
        return [
          word(
            state.questions.size > 0 ? 'aborting: waiting for you' : 'aborting: settling what was begun',
            'bad',
          ),
        ]
      if (waiting > 0) return [word(waiting === 1 ? '1 step needs you' : `${waiting} steps need you`, 'warn')]
      return state.questions.size > 0 ? [word('waiting for you', 'warn')] : [word('running', 'running')]
    case 'paused': {
      const words = PAUSE_WORDS[state.pause?.reason ?? ''] ?? 'paused'
      const detail = state.pause?.detail === undefined ? '' : `: ${state.pause.detail}`
      return [span(sanitizeLine(words.toUpperCase().slice(0, 6) + words.slice(6) + detail), 'warn')]
    }
    case 'finished':
      return countDeviations(state) > 0
        ? [word('FINISHED with deviations', 'warn')]
        : [word('FINISHED', 'good')]
    case 'aborted':
      return [word('ABORTED', 'bad')]
    case 'handed-over':
      return [word('handed over', 'warn')]
    case 'sealed':
      return [word('sealed: it goes on elsewhere', 'warn')]
  }
}
