import { hostname } from 'node:os'
import type { RunEvent } from '../../core/run/events.ts'
import { reduceEvent } from '../../core/run/reduce.ts'
import type { RunState } from '../../core/run/state.ts'
import type { RunStore as EngineStore } from '../../engine/ports/run-store.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'

/** Where events beside the engine's own go: made durable, applied, told. */
export type SessionLog = {
  readonly store: EngineStore
  readonly state: RunState
  readonly onEvent: (event: RunEvent) => void
}

/** Records who drives from now on; a paused run goes on. */
export async function recordSession(log: SessionLog, operator: string): Promise<void> {
  const events: RunEvent[] = [{ type: 'session-opened', operator, host: hostname(), pid: process.pid }]
  if (log.state.status === 'paused') events.push({ type: 'run-resumed', operator })
  await recordEvents(log, events)
}

/** Records events that the engine does not record itself. */
export async function recordEvents(
  { store, state, onEvent }: SessionLog,
  events: readonly RunEvent[],
): Promise<void> {
  for (const event of await store.append(events)) {
    reduceEvent(state, event, SYSTEM_CLOCK.wallMs())
    onEvent(event)
  }
}
