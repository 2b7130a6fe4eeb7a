import { lookup } from 'node:dns/promises'
import { connect, isIP } from 'node:net'
import type { Socket } from 'node:net'
import type { ConnectFailure } from '../../engine/ports/transport.ts'
import type { Budget } from './budget.ts'
import type { TransportLimits } from './limits.ts'
import type { Hop } from './target.ts'

export type Dialled =
  | { readonly ok: true; readonly socket: Socket }
  /** `early`: the server is there but dropped us, as an overloaded one does. */
  | { readonly ok: false; readonly failure: ConnectFailure; readonly early: boolean }

/** Resolves a name and opens a TCP connection with Nagle's delay off (it costs 40 ms per exec). Never rejects. */
export async function dialTcp(
  hop: Hop,
  given: { readonly budget: Budget; readonly limits: TransportLimits },
): Promise<Dialled> {
  const { budget, limits } = given
  const place = `${hop.label} (${hop.hostname}:${hop.port})`
  const fail = (phase: 'resolve' | 'connect', why: string): Dialled => {
    const isCancelled = budget.signal.aborted && budget.reason() === 'cancelled'
    if (isCancelled)
      return {
        ok: false,
        early: false,
        failure: { kind: 'cancelled', phase, retryable: true, message: `${place}: connecting was cancelled` },
      }
    return {
      ok: false,
      early: /ECONNRESET|EPIPE/.test(why),
      failure: { kind: 'unreachable', phase, retryable: true, message: `${place} cannot be reached: ${why}` },
    }
  }
  const resolved = await resolveName(hop.hostname, given)
  if ('why' in resolved) return fail('resolve', resolved.why)
  let why = 'no address'
  for (const address of resolved.addresses) {
    const dialled = await dialAddress(address, hop.port, { budget, timeoutMs: limits.dialTimeoutMs })
    if (typeof dialled !== 'string') return { ok: true, socket: dialled }
    why = dialled
    if (budget.signal.aborted) break
  }
  return fail('connect', why)
}

async function resolveName(
  name: string,
  given: { readonly budget: Budget; readonly limits: TransportLimits },
): Promise<{ addresses: string[] } | { why: string }> {
  if (isIP(name) !== 0) return { addresses: [name] }
  const { promise: expired, resolve: expire } = Promise.withResolvers<{ why: string }>()
  const timer = setTimeout(
    () => expire({ why: `its name was not resolved within ${given.limits.resolveTimeoutMs / 1000} s` }),
    given.limits.resolveTimeoutMs,
  )
  const onAbort = () => expire({ why: 'its name was not resolved in time' })
  given.budget.signal.addEventListener('abort', onAbort, { once: true })
  const found = lookup(name, { all: true }).then(
    (all) => ({ addresses: all.map((each) => each.address) }),
    (error: NodeJS.ErrnoException) => ({
      why: `its name cannot be resolved (${error.code ?? error.message})`,
    }),
  )
  try {
    return await Promise.race([found, expired])
  } finally {
    clearTimeout(timer)
    given.budget.signal.removeEventListener('abort', onAbort)
  }
}

function dialAddress(
  address: string,
  port: number,
  given: { budget: Budget; timeoutMs: number },
): Promise<Socket | string> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, noDelay: true })
    const finish = (result: Socket | string) => {
      clearTimeout(timer)
      given.budget.signal.removeEventListener('abort', onAbort)
      if (typeof result === 'string') socket.destroy()
      resolve(result)
    }
    const onAbort = () => finish(`${address}: no answer in time`)
    const onError = (error: NodeJS.ErrnoException) => finish(`${address}: ${error.code ?? error.message}`)
    const timer = setTimeout(
      () => finish(`${address}: no answer within ${given.timeoutMs / 1000} s`),
      given.timeoutMs,
    )
    given.budget.signal.addEventListener('abort', onAbort, { once: true })
    if (given.budget.signal.aborted) return onAbort()
    // For ever: a reset may come at any time before the handshake listens itself.
    socket.on('error', onError)
    socket.once('connect', () => finish(socket))
  })
}
