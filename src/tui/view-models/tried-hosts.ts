import type { HostName } from '../../core/base/ids.ts'
import { selectAwaited } from '../../core/run/decide-wait.ts'
import { isUnderWay, workHosts } from '../../core/run/settled.ts'
import type { ProgressNote, RunClient } from '../run-client.ts'

/** How long an attempt may take, in milliseconds: a note that is older by that is of a wait that is over. */
const ATTEMPT_MS = 20_000

/** What is said of a lost host whose wait has run out. */
export const NOT_TRIED = 'tried again when a step needs it'

/** Of the lost hosts that nobody gave up, those that are tried again and again: a wait may also run out. */
export function selectTried(
  { state, progress }: Pick<RunClient, 'state' | 'progress'>,
  wallMs: number,
): HostName[] {
  const notes = progress()
  const busy = new Set<HostName>()
  for (const step of state.steps.values())
    for (const hostStep of workHosts(step)) if (isUnderWay(hostStep)) busy.add(hostStep.host)
  return selectAwaited(state).filter(
    (host) => busy.has(host) || notes.some((note) => note.host === host && isLive(note, wallMs)),
  )
}

function isLive({ atMs, retryMs }: ProgressNote, wallMs: number): boolean {
  return retryMs !== undefined && wallMs <= atMs + retryMs + ATTEMPT_MS
}
