import type { RunEvent } from '../../core/run/events.ts'
import type { Intent } from '../../core/run/intents.ts'
import { selectAwaited } from '../../core/run/decide-wait.ts'
import type { EngineContext } from '../context.ts'

/** Carries out at once what a person decided about waits for lost hosts; the events of it are durable. */
export function steerWaits(context: EngineContext, intent: Intent, events: readonly RunEvent[]): void {
  const why = context.state.aborting === undefined ? 'ended the wait for it' : 'aborted the run'
  for (const event of events)
    if (event.type === 'link-given-up') context.links.get(event.host)?.giveUp(`${event.by} ${why}`)
  if (intent.type !== 'try-now') return
  for (const host of selectAwaited(context.state))
    if (intent.host === undefined || intent.host === host) context.links.get(host)?.tryNow()
}
