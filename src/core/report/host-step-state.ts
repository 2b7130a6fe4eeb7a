import type { HostStepState } from '../run/state.ts'

/** The finer state of a host-step, as `show --json` and reports give it. */
export type FineState =
  | 'pending'
  | 'checking'
  | 'intent'
  | 'running'
  | 'verifying'
  | 'awaiting-operator'
  | 'decided'
  | 'stale'
  | 'unknown'
  | NonNullable<HostStepState['outcome']>

/** Names the finer state: the outcome once it has ended, else the phase. */
export function selectFineState(hostStep: HostStepState): FineState {
  if (hostStep.stale !== undefined) return 'stale'
  switch (hostStep.phase) {
    case 'evaluating':
      return 'checking'
    case 'awaiting':
      return hostStep.outcome === 'unknown' ? 'unknown' : 'awaiting-operator'
    case 'ended':
      return hostStep.outcome ?? 'unknown'
    default:
      return hostStep.phase
  }
}
