import { brandAs, type HostName } from '../../core/base/ids.ts'
import type { Failure } from '../../core/run/failure.ts'
import { baseKey } from '../../core/run/reduce.ts'
import type { EngineContext } from '../context.ts'
import { createNonce, exchangeSafely } from './exchange.ts'
import { buildExchangeFailure, type Base } from './prepare-base.ts'

type Target = {
  readonly host: HostName
  readonly as: string | undefined
  readonly reconnectMs: number
  /** A person said to go on although another run holds the host. */ readonly force: boolean
}

const taken = new WeakMap<EngineContext, Set<string>>()

/** Takes the host's advisory lock before the first change there; it names the run, its holder and since when. */
export async function takeHostLock(
  context: EngineContext,
  target: Target,
  { place }: Base,
): Promise<Failure | undefined> {
  const known = taken.get(context) ?? new Set<string>()
  taken.set(context, known)
  const key = `${target.host} ${target.as ?? ''}`
  if (known.has(key)) return undefined
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
  known.add(key)
  return undefined
}

/**
 * Turns the locks of a run that comes to rest into notices: another run may go on there after one confirmation.
 * Best effort; a host that cannot be reached keeps its lock.
 */
export async function leaveNotices(context: EngineContext): Promise<void> {
  const since = String(Math.floor(context.clock.wallMs() / 1000))
  const lock = { mode: 'notice', run: context.run, holder: context.operator, since } as const
  const keys = [...(taken.get(context) ?? [])]
  taken.delete(context)
  await Promise.all(
    keys.map(async (key) => {
      const [host = '', as = ''] = key.split(' ')
      const base = context.state.bases.get(baseKey(brandAs<HostName>(host), as === '' ? undefined : as))
      if (base === undefined) return
      const place = { base: base.base, marker: base.marker, host: brandAs<HostName>(host) }
      const target = { host: brandAs<HostName>(host), as: as === '' ? undefined : as, reconnectMs: 0 }
      await exchangeSafely(context, target, { verb: 'lock', nonce: createNonce(context), place, lock })
    }),
  )
}
