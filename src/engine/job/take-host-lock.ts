import type { HostName, StepId } from '../../core/base/ids.ts'
import type { Failure } from '../../core/run/failure.ts'
import { baseKey } from '../../core/run/base-key.ts'
import { requireHostStep, type EngineContext } from '../context.ts'
import { createNonce, exchangeSafely } from './exchange.ts'
import { selectHeldLocks } from './held-locks.ts'
import { buildExchangeFailure, type Base } from './prepare-base.ts'

type Target = {
  readonly host: HostName
  readonly as: string | undefined
  readonly reconnectMs: number
  /** A person said to go on although another run holds the host. */ readonly force: boolean
}

/** Takes the host's advisory lock before the first change there; it names the run, its holder and since when. */
export async function takeHostLock(
  context: EngineContext,
  target: Target,
  { place }: Base,
): Promise<Failure | undefined> {
  const held = selectHeldLocks(context)
  // A notice that is on its way to the host would undo the lock.
  await held.leaving
  const key = baseKey(target.host, target.as)
  if (held.locked.has(key)) return undefined
  const since = String(Math.floor(context.clock.wallMs() / 1000))
  const lock = { mode: 'lock', run: context.run, holder: context.operator, since } as const
  const force = target.force ? { force: true } : {}
  const reply = await exchangeSafely(context, target, {
    verb: 'lock',
    nonce: createNonce(context),
    place,
    lock,
    ...force,
  })
  if (reply.kind !== 'complete') return buildExchangeFailure(reply)
  const report = reply.trailer.report
  if (report?.kind === 'refused' && report.why === 'locked') {
    const { run = '', holder = '', since: heldSince = '', mode } = report.detail
    return { kind: 'locked', run, holder, since: heldSince, isNotice: mode === 'notice' }
  }
  if (report?.kind === 'refused') return { kind: 'base', reason: `the host gave no lock: ${report.why}` }
  held.locked.add(key)
  held.noticed.delete(key)
  return undefined
}

/** Whether a person said to go on although another run holds the host. */
export function isForced(
  context: EngineContext,
  { step, host }: { readonly step: StepId; readonly host: HostName },
): boolean {
  const { decision } = requireHostStep(context, step, host)
  return decision?.choice === 'go' && decision.question.kind === 'locked'
}
