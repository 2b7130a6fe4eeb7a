import { isUndecided } from './failure.ts'
import type { HostStepState } from './state.ts'

/** Whether no action of this step was ever sent to the host: it failed before, or has not come to it. */
export function isUntouched({ touched }: HostStepState): boolean {
  return !touched
}

/**
 * Whether it ended without success and nothing is known to have gone wrong there: another run holds the host, or a
 * probe could not tell. What went wrong in an earlier attempt, or is to be undone, is not made good by that.
 */
export function isUndecidedThere(hostStep: HostStepState): boolean {
  const { outcome, failure, attempt, attempts } = hostStep
  if (outcome !== 'failed' || !isUndecided(failure)) return false
  const isAgain = hostStep.touched && (attempts > 1 || attempt?.kind === 'undo')
  return failure?.kind === 'inconclusive' || !isAgain
}
