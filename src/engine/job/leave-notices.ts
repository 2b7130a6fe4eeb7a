import { baseKey } from '../../core/run/base-key.ts'
import type { EventOf } from '../../core/run/events.ts'
import type { EngineContext } from '../context.ts'
import { createNonce, exchangeSafely } from './exchange.ts'
import { selectHeldLocks } from './held-locks.ts'

/** Longest that leaving notices may take: a host that does not answer keeps its lock. */
const LEAVING_MS = 5000
/** The same for a host that is not connected any more. */
const CONTACT_MS = 2000

/**
 * Turns the locks of a run that comes to rest into notices: another run may go on there after one confirmation. Locks
 * of a session that was cut off are found in the journal. A host where a command may still run keeps its lock. Best
 * effort, also after the engine was told to let go; nothing is recorded.
 */
export function leaveNotices(context: EngineContext): Promise<void> {
  const held = selectHeldLocks(context)
  const accounts = selectResting(context)
  for (const key of accounts) {
    held.locked.delete(key)
    held.noticed.add(key)
  }
  if (accounts.length > 0) held.leaving = held.leaving.then(() => leaveAll(context, accounts))
  return held.leaving
}

function selectResting(context: EngineContext): readonly string[] {
  const { locked, noticed } = selectHeldLocks(context)
  const busy = new Set<string>()
  for (const { state, host, as } of context.state.jobs.values())
    if (state === 'intent' || state === 'running') busy.add(baseKey(host, as))
  return [...new Set([...locked, ...context.state.locked])].filter(
    (key) => !busy.has(key) && !noticed.has(key) && context.state.bases.has(key),
  )
}

async function leaveAll(context: EngineContext, accounts: readonly string[]): Promise<void> {
  const over = new AbortController()
  // The engine may have let go already, and what is said here is no news of the run.
  const detach = over.signal
  const limits = { ...context.limits, firstContactMs: CONTACT_MS }
  const quiet: EngineContext = { ...context, detach, limits, links: new Map(), record: async () => undefined }
  const all = Promise.allSettled(accounts.map((key) => leave(quiet, context.state.bases.get(key)!)))
  const pause = new AbortController()
  await Promise.race([all, context.clock.sleep(LEAVING_MS, pause.signal)])
  pause.abort()
  over.abort()
}

async function leave(
  context: EngineContext,
  { host, as, base, marker }: EventOf<'base-chosen'>,
): Promise<void> {
  const since = String(Math.floor(context.clock.wallMs() / 1000))
  const lock = { mode: 'notice', run: context.run, holder: context.operator, since } as const
  const target = { host, as, reconnectMs: 0, signal: context.detach }
  const place = { base, marker, host }
  await exchangeSafely(context, target, { verb: 'lock', nonce: createNonce(context), place, lock })
}
