import { isRunOver } from './end-run.ts'
import { isHeld } from './failure.ts'
import { isFailing, isSkippedEverywhere, isStepComplete, workHosts } from './settled.ts'
import type { HostStepState, RunState, StepState } from './state.ts'
import { isUndecidedThere, isUntouched } from './untouched.ts'

/** The six words that people read. */
export type StateWord = 'to do' | 'running' | 'done' | 'already done' | 'needs you' | 'failed'

/** Exit codes of the command line contract. */
export const EXIT = {
  finished: 0,
  failed: 1,
  usage: 2,
  waiting: 3,
  invalid: 4,
  unreachable: 5,
  journal: 6,
  deviations: 7,
  interrupted: 130,
} as const

/** The word for one host-step; a skipped one has its reason instead (`reason`). */
export function selectHostWord(hostStep: HostStepState, run: Pick<RunState, 'status'>): StateWord {
  if (isRunOver(run) && isUndone(hostStep)) return 'to do'
  if (hostStep.stale !== undefined) return 'needs you'
  switch (hostStep.phase) {
    case 'pending':
      return 'to do'
    case 'awaiting':
      return hostStep.outcome === 'failed' && !isUndecidedThere(hostStep) ? 'failed' : 'needs you'
    case 'ended':
      return selectOutcomeWord(hostStep)
    default:
      return 'running'
  }
}

/** In a run that is over: what no longer counts, was put off, or was stopped before anything was sent. */
function isUndone(hostStep: HostStepState): boolean {
  const { stale, outcome, checks } = hostStep
  if (stale !== undefined || outcome === 'deferred') return true
  const isStopped = outcome === 'cancelled' || isUndecidedThere(hostStep)
  const isRefused = [...checks.values()].some(({ verb, verdict }) => verb === 'require' && verdict === 'fail')
  return isStopped && isUntouched(hostStep) && !isRefused
}

/** A word as people read it; where the run is over, nobody is waited for any more. */
export function describeWord(word: string, isOver: boolean): string {
  if (!isOver) return word
  if (word === 'needs you') return 'not known'
  return word === 'to do' ? 'not done' : word
}

function selectOutcomeWord(hostStep: HostStepState): StateWord {
  const { outcome } = hostStep
  if (outcome === 'satisfied') return 'already done'
  if (outcome === 'failed') return isUndecidedThere(hostStep) ? 'needs you' : 'failed'
  if (outcome === 'cancelled') return 'failed'
  if (outcome === 'unknown' || outcome === 'deferred') return 'needs you'
  return 'done'
}

/** The word for a step over all its hosts: the most urgent first. */
export function selectStepWord(step: StepState, state: RunState): StateWord {
  const words = new Set(workHosts(step).map((hostStep) => selectHostWord(hostStep, state)))
  if (words.has('failed')) return 'failed'
  if (words.has('needs you') || hasOpenQuestion(step, state)) return 'needs you'
  if (isRunOver(state) && words.has('to do')) return 'to do'
  if (words.has('running')) return 'running'
  if (words.size === 0 || words.has('to do')) return words.has('done') ? 'running' : 'to do'
  return words.has('done') ? 'done' : 'already done'
}

function hasOpenQuestion(step: StepState, state: RunState): boolean {
  for (const question of state.questions.values()) if (question.step === step.id) return true
  return false
}

/** The exit code of a run as it stands now; `waiting` when it is not over and nothing failed. */
export function selectExitCode(state: RunState): number {
  if (state.status === 'finished') return countDeviations(state) > 0 ? EXIT.deviations : EXIT.finished
  if (state.status === 'aborted') return EXIT.failed
  const troubled = [...state.open].filter(isFailing)
  if (troubled.some(({ outcome, failure }) => outcome === 'unknown' || isHeld(failure))) return EXIT.waiting
  // A probe that could not tell has stopped the run before anything was done: a person is asked, nothing failed.
  const causes = troubled.map(({ failure }) => failure?.kind).filter((kind) => kind !== 'inconclusive')
  if (causes.length === 0) return EXIT.waiting
  return causes.every((kind) => kind === 'unreachable') ? EXIT.unreachable : EXIT.failed
}

/** What a person accepted, skipped, excluded or undid; a waiver is told in the report and is none. */
export function countDeviations(state: RunState): number {
  return state.deviations.filter(({ kind }) => kind !== 'waiver').length
}

/** Counts of steps for a progress line. */
export function countSteps(state: RunState): {
  readonly done: number
  readonly total: number
  readonly failed: number
  readonly skipped: number
} {
  let done = 0
  let failed = 0
  let skipped = 0
  for (const step of state.steps.values()) {
    if (step.skipped !== undefined) skipped += 1
    else if (isStepComplete(step)) {
      if (isSkippedEverywhere(step)) skipped += 1
      else done += 1
    } else if (step.counts.failing > 0 && selectStepWord(step, state) === 'failed') failed += 1
  }
  return { done, total: state.steps.size, failed, skipped }
}
