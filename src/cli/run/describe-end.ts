import type { RunState } from '../../core/run/state.ts'
import { EXIT } from '../../core/run/summary.ts'

type RunStatus = RunState['status']

/** How a command that drove or followed a run ended, in words. */
export function describeEnd(exitCode: number, status?: RunStatus): string {
  if (status === 'aborted') return 'aborted'
  return END_WORDS[exitCode] ?? `stopped (${exitCode})`
}

const END_WORDS: Readonly<Record<number, string>> = {
  [EXIT.finished]: 'finished',
  [EXIT.failed]: 'a step failed',
  [EXIT.waiting]: 'waits for a person',
  [EXIT.unreachable]: 'a host could not be reached or logged in to',
  [EXIT.deviations]: 'finished with deviations',
  [EXIT.interrupted]: 'interrupted; what runs on hosts goes on',
}
