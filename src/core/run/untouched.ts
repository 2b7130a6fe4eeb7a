import type { HostStepState } from './state.ts'

/** Whether no action of this step was ever sent to the host: it failed before, or has not come to it. */
export function isUntouched({ attempts, attempt }: HostStepState): boolean {
  return attempts === 0 || (attempts === 1 && attempt?.jobs.length === 0)
}
