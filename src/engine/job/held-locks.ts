import type { EngineContext } from '../context.ts'

/** What an engine knows of the advisory locks of its hosts; accounts are named by `baseKey`. */
export type HeldLocks = {
  /** Taken in this session. */
  readonly locked: Set<string>
  /** Turned into notices in this session. */
  readonly noticed: Set<string>
  /** Resolves when no notice is on its way to a host; never rejects. */
  leaving: Promise<void>
}

const heldLocks = new WeakMap<EngineContext, HeldLocks>()

/** The locks of an engine, one record for each. */
export function selectHeldLocks(context: EngineContext): HeldLocks {
  const known = heldLocks.get(context)
  if (known !== undefined) return known
  const fresh: HeldLocks = { locked: new Set(), noticed: new Set(), leaving: Promise.resolve() }
  heldLocks.set(context, fresh)
  return fresh
}
