import type { HostName } from '../base/ids.ts'
import type { Decision } from './decision.ts'
import type { EventOf } from './events.ts'
import type { Intent } from './intents.ts'
import type { RunState } from './state.ts'

type WaitIntent = Extract<Intent, { readonly type: 'stop-waiting' | 'try-now' }>

/** Decides about the wait for a lost host; trying at once leaves no trace, since it changes nothing. */
export function decideWait(state: RunState, intent: WaitIntent): Decision {
  const ends = endWaits(state, intent)
  if (ends.length === 0) {
    const message = intent.host === undefined ? 'no host is waited for' : `${intent.host} is not waited for`
    return { ok: false, refusal: { message } }
  }
  return { ok: true, events: intent.type === 'try-now' ? [] : ends }
}

/** The ends of all waits, or of that for one host: nobody waits any more. */
export function endWaits(
  state: RunState,
  { by, host }: { readonly by: string; readonly host?: HostName },
): EventOf<'link-given-up'>[] {
  return selectAwaited(state)
    .filter((each) => host === undefined || each === host)
    .map((each) => ({ type: 'link-given-up', host: each, by }))
}

/** Hosts that were lost and for which nobody has ended the wait. */
export function selectAwaited({ lostLinks, unawaited }: RunState): HostName[] {
  return [...lostLinks.keys()].filter((host) => !unawaited.has(host))
}
