import { brandAs, type HostName } from '../core/base/ids.ts'
import type { EngineContext } from './context.ts'
import { createNonce, exchangeSafely } from './job/exchange.ts'

/**
 * Gives back what the run holds on its hosts: the advisory lock, and job directories that are old enough. Best
 * effort: a host that cannot be reached keeps its lock, which another run may take over after a confirmation.
 */
export async function releaseHosts(context: EngineContext): Promise<void> {
  const bases = [...context.state.bases.values()]
  await Promise.all(
    bases.map(({ host, as, base, marker }) =>
      release(context, { host, as, place: { base, marker, host: brandAs<HostName>(host) } }),
    ),
  )
}

type Held = {
  readonly host: HostName
  readonly as: string | undefined
  readonly place: { readonly base: string; readonly marker: string; readonly host: HostName }
}

async function release(context: EngineContext, { host, as, place }: Held): Promise<void> {
  const target = { host, as, reconnectMs: 0 }
  await exchangeSafely(context, target, {
    verb: 'unlock',
    nonce: createNonce(context),
    place,
    run: context.run,
  })
  await exchangeSafely(context, target, { verb: 'gc', nonce: createNonce(context), place, run: context.run })
}
