import { formatDuration } from '../../core/base/duration.ts'
import { sanitizeLine } from '../../core/base/sanitize.ts'
import { isSettled, workHosts } from '../../core/run/settled.ts'
import { nameSkip, selectSkip } from '../../core/run/skip-words.ts'
import { isRunOver } from '../../core/run/end-run.ts'
import { describeWord, selectHostWord, selectStepWord, type StateWord } from '../../core/run/summary.ts'
import type { HostStepState, RunState, StepState } from '../../core/run/state.ts'
import type { Glyphs } from '../term/glyphs.ts'
import { fitRow, measureRow, span, spreadRow, toneRow, word, type Row } from '../term/row.ts'
import { markState, toneDanger } from './state-marks.ts'
import type { PartView } from './view-input.ts'

export type OutlineView = {
  readonly state: RunState
  readonly selected: StepState | undefined
  readonly width: number
  readonly height: number
  readonly glyphs: Glyphs
  /** Danger and hosts instead of what happened. */
  readonly isPlan: boolean
}

/** The steps under their phases, the chosen one in sight. */
export function buildOutlineRows(view: OutlineView): PartView & { readonly position: number } {
  const lines = buildLines(view.state)
  const at = lines.findIndex(({ step }) => step !== undefined && step === view.selected)
  const start = Math.max(0, Math.min(at - Math.floor(view.height / 2), lines.length - view.height))
  const rows = lines.slice(start, start + view.height).map((line) => paintLine(line, view))
  return { rows, total: lines.length, page: view.height, position: selectPosition(view) }
}

type Line = {
  readonly phase?: string
  readonly depth: number
  readonly step?: StepState
  readonly number: number
}

function buildLines(state: RunState): Line[] {
  const lines: Line[] = []
  let phases: readonly string[] = []
  let number = 0
  for (const step of state.steps.values()) {
    number += 1
    const own = step.outline.phases
    const same = own.findIndex((phase, index) => phase !== phases[index])
    const from = same < 0 ? own.length : same
    for (const [index, phase] of own.entries()) if (index >= from) lines.push({ phase, depth: index, number })
    phases = own
    lines.push({ depth: own.length, step, number })
  }
  return lines
}

function selectPosition({ state, selected }: OutlineView): number {
  return selected === undefined ? 0 : [...state.steps.keys()].indexOf(selected.id) + 1
}

function paintLine(line: Line, view: OutlineView): Row {
  const { width, glyphs } = view
  if (line.step === undefined)
    return fitRow(
      [word(' '.repeat(1 + line.depth)), span(sanitizeLine(line.phase ?? ''), 'strong')],
      width,
      glyphs.more,
    )
  const { step } = line
  const isSelected = step === view.selected
  const state = selectStepWord(step, view.state)
  const mark =
    selectSkip(step) === undefined
      ? markState(state, glyphs)
      : { glyph: glyphs.skipped, tone: 'dim' as const }
  const left: Row = [
    word(isSelected ? `${glyphs.cursor} ` : '  ', 'accent'),
    word(`${mark.glyph} `, mark.tone),
    word(`${String(line.number).padStart(2)} `, 'dim'),
    span(sanitizeLine(step.outline.title), isSelected ? 'strong' : 'plain'),
  ]
  const rights = view.isPlan
    ? [describePlan(step)]
    : LENGTHS.map((length) => describeProgress(step, view, length))
  // The title counts for more than how many hosts the word is about.
  const fits = (part: Row): boolean => measureRow(left) + measureRow(part) + 1 <= width
  const right: Row = [word(' '), ...(rights.find(fits) ?? rights.at(-1) ?? [])]
  // Below this the title would be unreadable: the state's sign must do.
  const row =
    width - measureRow(right) < 22
      ? fitRow(left, width, glyphs.more)
      : spreadRow(fitLeft(left, width - measureRow(right), glyphs), right, width)
  return isSelected ? toneRow(row, 'selected') : row
}

function fitLeft(left: Row, width: number, glyphs: Glyphs): Row {
  return measureRow(left) > width ? fitRow(left, width, glyphs.more) : left
}

function describePlan(step: StepState): Row {
  const { outline } = step
  const skip = selectSkip(step)
  if (skip !== undefined) return [word(`${nameSkip(skip)} `, 'dim')]
  const hosts = outline.pickAny
    ? '1 host '
    : `${outline.hosts.length} ${outline.hosts.length === 1 ? 'host ' : 'hosts'}`
  return [word(`${outline.danger}`, toneDanger(outline.danger)), word(hosts.padStart(9)), word(' ')]
}

/** How many words a step's state may have beside its title. */
const LENGTHS = ['long', 'short', 'word'] as const

function describeProgress(
  step: StepState,
  { state, glyphs }: OutlineView,
  length: (typeof LENGTHS)[number],
): Row {
  const skip = selectSkip(step)
  if (skip !== undefined) return [word(`${nameSkip(skip)} `, 'dim')]
  const stateWord = selectStepWord(step, state)
  const hosts = workHosts(step)
  const count = length === 'word' ? '' : countHosts(stateWord, { hosts, state, length })
  const { tone } = markState(stateWord, glyphs)
  if (stateWord === 'to do' && !isRunOver(state)) {
    const { danger } = step.outline
    return danger === 'disruptive' || danger === 'irreversible'
      ? [word(`${danger} `, toneDanger(danger))]
      : []
  }
  if (stateWord === 'done') {
    const longest = Math.max(0, ...hosts.map(({ durationMs }) => durationMs ?? 0))
    return [word('done', tone), word(`${longest >= 1000 ? ` ${formatDuration(longest)}` : ''} `, 'dim')]
  }
  return [word(`${describeWord(stateWord, isRunOver(state))}${count} `, tone)]
}

/** How many of its hosts the word is about; while it runs, how many are through. */
function countHosts(
  stateWord: StateWord,
  {
    hosts,
    state,
    length,
  }: {
    readonly hosts: readonly HostStepState[]
    readonly state: RunState
    readonly length: 'long' | 'short'
  },
): string {
  if (hosts.length < 2) return ''
  const isRunning = stateWord === 'running'
  const own = hosts.filter((hostStep) =>
    isRunning ? isSettled(hostStep) : selectHostWord(hostStep, state) === stateWord,
  ).length
  if (own === 0 || own === hosts.length) return ''
  if (length === 'short') return ` ${own}/${hosts.length}`
  return isRunning ? `, ${own}/${hosts.length} done` : `, ${own} of ${hosts.length}`
}
