import type { RunState } from './state.ts'
import { tallyHostStep } from './tally.ts'

/** Ends a run in its state, when `run-finished` or `run-aborted` is applied: nothing is asked and nothing waits any more. */
export function endRun(state: RunState, status: 'finished' | 'aborted'): void {
  state.status = status
  state.questions.clear()
  state.lostLinks.clear()
  state.lostWallMs.clear()
  state.unawaited.clear()
  for (const hostStep of state.open) {
    hostStep.question = undefined
    if (hostStep.phase !== 'awaiting') continue
    // Without an outcome nothing came of it: it stands as if it had never been reached.
    hostStep.phase = hostStep.outcome === undefined ? 'pending' : 'ended'
    const step = state.steps.get(hostStep.step)
    if (step !== undefined) tallyHostStep(state, step, hostStep)
  }
}

/** Whether a run is over: finished or aborted, so that nothing of it goes on or waits. */
export function isRunOver({ status }: Pick<RunState, 'status'>): boolean {
  return status === 'finished' || status === 'aborted'
}
