import { isFailing, isSettled } from './settled.ts'
import type { HostStepState, RunState, StepState } from './state.ts'

/** Counts a host-step anew after an event about it, so that nobody has to look at all of them. */
export function tallyHostStep(state: RunState, step: StepState, hostStep: HostStepState): void {
  const before = hostStep.counted
  const now = classify(hostStep)
  if (before === now) return
  step.counts[before] -= 1
  step.counts[now] += 1
  hostStep.counted = now
  if (now === 'open' || now === 'failing') state.open.add(hostStep)
  else state.open.delete(hostStep)
}

/** Counts everything anew, in document order, after the outline has changed. */
export function tallyRun(state: RunState): void {
  state.open.clear()
  for (const step of state.steps.values()) {
    step.counts = { pending: step.hosts.size, open: 0, failing: 0, settled: 0 }
    for (const hostStep of step.hosts.values()) {
      hostStep.counted = 'pending'
      tallyHostStep(state, step, hostStep)
    }
  }
}

function classify(hostStep: HostStepState): HostStepState['counted'] {
  if (hostStep.phase === 'pending') return 'pending'
  if (isFailing(hostStep)) return 'failing'
  return isSettled(hostStep) ? 'settled' : 'open'
}
