import type { NodeState, RoleRow } from './cluster-state.ts'
import { readConsistencyOf, readRole } from './role-storage.ts'
import type { Unavailable } from './role-storage.ts'
import { seededPasswordHash } from './seeded-ids.ts'
import type { World } from './world.ts'

export type Credentials = { readonly user: string; readonly password: string }

/** What became of a login: anonymous where nobody is asked, else the role's row, or why not. */
export type LoginOutcome =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'role'; readonly row: RoleRow }
  | { readonly kind: 'credentials-required' }
  | { readonly kind: 'bad-credentials' }
  | { readonly kind: 'login-forbidden' }
  | Unavailable

/** Logs in at a node, as its coordinator decides it; `repair` false only looks (for a scenario's goals). */
export function login(
  world: World,
  node: NodeState,
  attempt: { readonly credentials: Credentials | undefined; readonly repair: boolean },
): LoginOutcome {
  if (node.config?.authenticator !== 'PasswordAuthenticator') return { kind: 'anonymous' }
  if (attempt.credentials === undefined) return { kind: 'credentials-required' }
  const { user, password } = attempt.credentials
  const read = readRole(world, node, {
    role: user,
    consistency: readConsistencyOf(node, user),
    repair: attempt.repair,
  })
  if (read.kind === 'unavailable') return read
  if (read.row === undefined || read.row.passwordHash !== seededPasswordHash(password)) {
    return { kind: 'bad-credentials' }
  }
  return read.row.login ? { kind: 'role', row: read.row } : { kind: 'login-forbidden' }
}
