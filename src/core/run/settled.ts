import type { Outcome } from './events.ts'
import type { HostStepState, RunState, StepState } from './state.ts'

/** Outcomes after which the run may go on. */
const SETTLED: ReadonlySet<Outcome> = new Set([
  'succeeded',
  'satisfied',
  'accepted',
  'skipped',
  'deferred',
  'excluded',
  'undone',
])

/** Outcomes that count against `max-failures` until a person decides. */
const FAILING: ReadonlySet<Outcome> = new Set(['failed', 'unknown', 'cancelled'])

/** Whether nothing is left to do for this host-step, for now. */
export function isSettled(hostStep: HostStepState): boolean {
  if (hostStep.phase !== 'ended' || hostStep.stale !== undefined || hostStep.outcome === undefined)
    return false
  return SETTLED.has(hostStep.outcome) || isLeftUnknown(hostStep)
}

/** A person let it be although nobody knows how it ended: the host could not be asked. */
function isLeftUnknown({ outcome, by }: HostStepState): boolean {
  return outcome === 'unknown' && by !== undefined
}

/** Whether it counts against `max-failures`. */
export function isFailing(hostStep: HostStepState): boolean {
  const waits = hostStep.phase === 'ended' || hostStep.phase === 'awaiting'
  return waits && hostStep.outcome !== undefined && FAILING.has(hostStep.outcome) && !isLeftUnknown(hostStep)
}

/** Whether something was begun that must be settled before anything else: it may have left traces on the host. */
export function isUnderWay(hostStep: HostStepState): boolean {
  return ['evaluating', 'intent', 'running', 'verifying', 'decided'].includes(hostStep.phase)
}

/** Whether the step has ended on all its hosts, or does not run at all. */
export function isStepComplete(step: StepState): boolean {
  if (step.skipped !== undefined) return true
  if (step.outline.hosts.length === 0 || !step.began) return false
  return step.outline.pickAny ? workHosts(step).every(isSettled) : step.counts.settled === step.hosts.size
}

/** Whether persons skipped it on each of its hosts, or left those out: nothing of it counts as done. */
export function isSkippedEverywhere(step: StepState): boolean {
  const hosts = workHosts(step)
  return (
    hosts.length > 0 &&
    hosts.every(
      ({ phase, outcome }) => phase === 'ended' && (outcome === 'skipped' || outcome === 'excluded'),
    )
  )
}

/** The host-steps that count: all, or for `pick=any` the one chosen (none before it was). */
export function workHosts(step: StepState): readonly HostStepState[] {
  if (!step.outline.pickAny) return [...step.hosts.values()]
  const picked = step.picked === undefined ? undefined : step.hosts.get(step.picked)
  return picked === undefined ? [] : [picked]
}

/** Host-steps that were deferred and must be offered again before the run may finish. */
export function selectDeferred(state: RunState): HostStepState[] {
  return [...state.steps.values()].flatMap((step) =>
    [...step.hosts.values()].filter(({ outcome, phase }) => outcome === 'deferred' && phase === 'ended'),
  )
}
