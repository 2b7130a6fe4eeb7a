import type { HostName } from '../../core/base/ids.ts'
import { startBudget } from './budget.ts'
import type { Budget } from './budget.ts'
import { loginSsh2 } from './ssh2-login.ts'
import type { ConnectionFacts, Login, LoginDeps } from './ssh2-login.ts'
import type { Connection } from './ssh2-connection.ts'
import { formatHop } from './target.ts'
import type { Hop } from './target.ts'

/** One connection per user, host and route, shared by all who ask; a jump host serves all targets behind it. */
export type Ssh2Pool = {
  readonly acquire: (
    hops: readonly Hop[],
    given: { readonly host: HostName; readonly timeoutMs: number; readonly signal?: AbortSignal },
  ) => Promise<PooledLogin>
  readonly closeAll: () => void
}

export type PooledLogin =
  | {
      readonly ok: true
      readonly connection: Connection
      readonly hostKey: string
      readonly facts: ConnectionFacts
      readonly release: () => void
    }
  | Extract<Login, { ok: false }>

type Entry = {
  readonly login: Promise<Login>
  users: number
  readonly abort: AbortController
  readonly under: (() => void)[]
}

type Pool = { readonly deps: LoginDeps; readonly entries: Map<string, Entry> }
type Wish = { readonly host: HostName; readonly timeoutMs: number; readonly signal?: AbortSignal }

/** Builds the pool of the built-in client's connections. */
export function buildSsh2Pool(deps: LoginDeps): Ssh2Pool {
  const pool: Pool = { deps, entries: new Map() }
  return {
    acquire: (hops, wish) => acquire(pool, hops, wish),
    closeAll: () => {
      for (const entry of pool.entries.values()) endEntry(entry)
      pool.entries.clear()
    },
  }
}

async function acquire(pool: Pool, hops: readonly Hop[], wish: Wish): Promise<PooledLogin> {
  const key = describeRoute(hops)
  const entry = pool.entries.get(key) ?? start(pool, hops, wish)
  pool.entries.set(key, entry)
  entry.users++
  const release = once(() => {
    if (--entry.users > 0) return
    if (pool.entries.get(key) === entry) pool.entries.delete(key)
    endEntry(entry)
  })
  const { promise: cancelled, resolve } = Promise.withResolvers<Login>()
  const onAbort = () => resolve(cancelledLogin(hops))
  wish.signal?.addEventListener('abort', onAbort, { once: true })
  if (wish.signal?.aborted === true) onAbort()
  const login = await Promise.race([entry.login, cancelled])
  wish.signal?.removeEventListener('abort', onAbort)
  if (login.ok) return { ...login, release }
  release()
  return login
}

function start(pool: Pool, hops: readonly Hop[], wish: Wish): Entry {
  const abort = new AbortController()
  const under: (() => void)[] = []
  const budget = startBudget(wish.timeoutMs, abort.signal)
  const login = connect(pool, hops, { ...wish, budget, under }).finally(budget.stop)
  const entry: Entry = { login, users: 0, abort, under }
  void forgetWhenOver(pool, describeRoute(hops), entry)
  return entry
}

async function forgetWhenOver(pool: Pool, key: string, entry: Entry): Promise<void> {
  const login = await entry.login
  if (login.ok) await login.connection.closed
  if (pool.entries.get(key) === entry) pool.entries.delete(key)
  for (const release of entry.under.splice(0)) release()
}

function endEntry(entry: Entry): void {
  entry.abort.abort()
  void entry.login.then((login) => (login.ok ? login.connection.end() : undefined))
}

async function connect(
  pool: Pool,
  hops: readonly Hop[],
  given: Wish & { readonly budget: Budget; readonly under: (() => void)[] },
): Promise<Login> {
  const { host, budget, under, timeoutMs } = given
  const hop = hops.at(-1)
  if (hop === undefined) return cancelledLogin(hops)
  const before = hops.slice(0, -1)
  if (before.length === 0) {
    const gateName = `${hop.hostname}:${hop.port}`
    return loginSsh2({ hop, host, through: undefined, gateName, budget }, pool.deps)
  }
  // The jump host's own login has its own clock: its prompts must not use up the target's.
  const jump = await budget.pauseWhile(() =>
    acquire(pool, before, { host, timeoutMs, signal: budget.signal }),
  )
  if (!jump.ok) return jump
  under.push(jump.release)
  const login = await loginSsh2(
    { hop, host, through: jump.connection, gateName: describeRoute(before), budget },
    pool.deps,
  )
  return login.ok
    ? { ...login, facts: { ...login.facts, route: [...jump.facts.route, ...login.facts.route] } }
    : login
}

/** A key for one route: two hosts that differ in user, port, name or way never share a connection. */
function describeRoute(hops: readonly Hop[]): string {
  return hops.map((hop) => `${formatHop(hop)} ${hop.knownAs.alias ?? ''} ${hop.pinned ?? ''}`).join(' > ')
}

function cancelledLogin(hops: readonly Hop[]): Extract<Login, { ok: false }> {
  const message = `${hops.at(-1)?.label ?? 'host'}: connecting was cancelled`
  return { ok: false, failure: { kind: 'cancelled', phase: 'connect', retryable: true, message } }
}

function once(action: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    action()
  }
}
