import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'

export type Direction = 'toServer' | 'toClient'

/** A TCP proxy on loopback that stands between client and server and breaks the wire on command. */
export type FaultProxy = {
  readonly address: string
  readonly port: number
  /** Bytes forwarded so far. */ readonly forwarded: { readonly toServer: number; readonly toClient: number }
  /** Connections accepted since the start. */ readonly accepted: () => number
  /** Forwards nothing more in either direction; sockets stay open (half-open link, suspended laptop). */ readonly pause: () => void
  /** Forwards again, what was held back first. */ readonly resume: () => void
  /** Ends all connections on both sides: an orderly end (`fin`) or a reset (`rst`). */ readonly cut: (
    how: 'fin' | 'rst',
  ) => void
  /** Cuts each connection once `bytes` more have been forwarded in that direction; the rest is dropped. */
  readonly cutAfter: (bytes: number, direction: Direction, how?: 'fin' | 'rst') => void
  /** From now on: `accept` connections but say nothing, `reset` them at once, or `none` of this. */
  readonly refuseNew: (how: 'accept' | 'reset' | 'none') => void
  /** Resets the next `count` connections right after they were accepted, then serves again. */ readonly resetNext: (
    count: number,
  ) => void
  /** Cuts everything and listens no more, as a host that is off: a connection is refused. */ readonly unplug: () => Promise<void>
  /** Listens again, on the same port. */ readonly plugIn: () => Promise<void>
  /** Cuts everything and frees the port. Idempotent. */ readonly stop: () => Promise<void>
}

type Pair = { readonly client: Socket; readonly server: Socket }
type Budget = { bytes: number; readonly direction: Direction; readonly how: 'fin' | 'rst' }
type State = {
  paused: boolean
  refuse: 'accept' | 'reset' | 'none'
  resets: number
  budget: Budget | undefined
  accepted: number
  readonly pairs: Set<Pair>
  readonly idle: Set<Socket>
  readonly forwarded: { toServer: number; toClient: number }
}

/**
 * Starts a proxy to `target` on a free port of 127.0.0.1.
 *
 * ```ts
 * const proxy = await startFaultProxy({ host: sshd.address, port: sshd.port })
 * const host = sshd.host('far', { host: proxy.address, port: proxy.port, knownHosts: … })
 * proxy.pause()   // the link goes dead without a word
 * ```
 */
export async function startFaultProxy(target: {
  readonly host: string
  readonly port: number
}): Promise<FaultProxy> {
  const state: State = {
    paused: false,
    refuse: 'none',
    resets: 0,
    budget: undefined,
    accepted: 0,
    pairs: new Set(),
    idle: new Set(),
    forwarded: { toServer: 0, toClient: 0 },
  }
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) =>
    accept(state, client, target),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  const setPaused = (paused: boolean) => {
    state.paused = paused
    for (const { client, server } of state.pairs)
      for (const socket of [client, server]) socket[paused ? 'pause' : 'resume']()
  }
  return {
    address: '127.0.0.1',
    port,
    forwarded: state.forwarded,
    accepted: () => state.accepted,
    pause: () => setPaused(true),
    resume: () => setPaused(false),
    cut: (how) => cutAll(state, how),
    cutAfter: (bytes, direction, how = 'rst') => (state.budget = { bytes, direction, how }),
    refuseNew: (how) => (state.refuse = how),
    resetNext: (count) => (state.resets = count),
    unplug: () => stop(state, server),
    plugIn: () => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve)),
    stop: () => stop(state, server),
  }
}

function accept(state: State, client: Socket, target: { host: string; port: number }): void {
  state.accepted++
  client.on('error', () => {})
  if (state.refuse === 'reset' || state.resets > 0) {
    state.resets = Math.max(0, state.resets - 1)
    client.resetAndDestroy()
    return
  }
  if (state.refuse === 'accept') {
    state.idle.add(client)
    client.once('close', () => state.idle.delete(client))
    return
  }
  const server = connect({ ...target, allowHalfOpen: true, noDelay: true })
  const pair = { client, server }
  state.pairs.add(pair)
  forward(state, pair, 'toServer')
  forward(state, pair, 'toClient')
  if (!state.paused) return
  client.pause()
  server.pause()
}

function forward(state: State, pair: Pair, direction: Direction): void {
  const [from, to] = direction === 'toServer' ? [pair.client, pair.server] : [pair.server, pair.client]
  from.on('error', () => to.destroy())
  from.on('end', () => to.end())
  from.on('close', () => (state.pairs.delete(pair), to.destroy()))
  to.on('drain', () => state.paused || from.resume())
  from.on('data', (chunk: Buffer) => {
    const budget = state.budget
    const limited = budget?.direction === direction
    const part = limited ? chunk.subarray(0, budget.bytes) : chunk
    if (part.length > 0) {
      state.forwarded[direction] += part.length
      if (!to.write(part)) from.pause()
    }
    if (!limited) return
    budget.bytes -= part.length
    if (budget.bytes > 0) return
    state.budget = undefined
    end(pair, budget.how)
  })
}

function end({ client, server }: Pair, how: 'fin' | 'rst'): void {
  for (const socket of [client, server]) {
    if (how === 'rst') {
      socket.resetAndDestroy()
      continue
    }
    socket.end()
    setImmediate(() => socket.destroy())
  }
}

function cutAll(state: State, how: 'fin' | 'rst'): void {
  for (const pair of state.pairs) end(pair, how)
  for (const socket of state.idle) socket.resetAndDestroy()
}

async function stop(state: State, server: Server): Promise<void> {
  if (!server.listening) return
  const closed = new Promise((resolve) => server.close(resolve))
  cutAll(state, 'rst')
  await closed
}
