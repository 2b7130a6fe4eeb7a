import { startBudget } from './budget.ts'
import { connectOpenssh } from './openssh-connection.ts'
import type { OpensshConnection, OpensshDeps, OpensshLogin } from './openssh-connection.ts'
import { formatHop } from './target.ts'
import type { Target } from './target.ts'

export type PooledOpenssh =
  | { readonly ok: true; readonly connection: OpensshConnection; readonly release: () => void }
  | Extract<OpensshLogin, { ok: false }>

/** One master of the system's `ssh` per destination and user, shared by all who ask. */
export type OpensshPool = {
  readonly acquire: (
    target: Target,
    wish: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ) => Promise<PooledOpenssh>
  /** Resolves when all masters have ended and their directories are gone. */ readonly closeAll: () => Promise<void>
}

type Entry = { readonly login: Promise<OpensshLogin>; users: number }

/** Builds the pool of masters. */
export function buildOpensshPool(deps: OpensshDeps): OpensshPool {
  const entries = new Map<string, Entry>()
  const start = (key: string, target: Target, wish: { timeoutMs: number; signal?: AbortSignal }) => {
    const budget = startBudget(wish.timeoutMs, wish.signal)
    const entry: Entry = { login: connectOpenssh(target, budget, deps).finally(budget.stop), users: 0 }
    entries.set(key, entry)
    void forgetWhenOver(entries, key, entry)
    return entry
  }
  return {
    acquire: async (target, wish) => {
      const key = target.hops.map((hop) => `${hop.alias} ${formatHop(hop)}`).join(' > ')
      const entry = entries.get(key) ?? start(key, target, wish)
      entry.users++
      const login = await entry.login
      if (!login.ok) return login
      let released = false
      const release = () => {
        if (released) return
        released = true
        if (--entry.users === 0) login.connection.close()
      }
      return { ...login, release }
    },
    closeAll: async () => {
      const logins = await Promise.all([...entries.values()].map((entry) => entry.login))
      await Promise.all(logins.map((login) => (login.ok ? endLogin(login.connection) : undefined)))
    },
  }
}

async function endLogin(connection: OpensshConnection): Promise<void> {
  connection.close()
  await connection.closed
}

async function forgetWhenOver(entries: Map<string, Entry>, key: string, entry: Entry): Promise<void> {
  const login = await entry.login
  if (login.ok) await login.connection.closed
  if (entries.get(key) === entry) entries.delete(key)
}
