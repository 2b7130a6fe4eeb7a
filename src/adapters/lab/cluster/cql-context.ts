import type { NodeState, RoleRow } from './cluster-state.ts'
import type { CqlReader } from './cql-text.ts'
import type { Consistency } from './role-storage.ts'
import type { World } from './world.ts'

/** A client that has logged in at a node; `role` is undefined where nobody was asked who he is. */
export type CqlSession = {
  readonly node: string
  readonly role: RoleRow | undefined
  readonly keyspace: string | undefined
  readonly consistency: Consistency
}

/** What a statement needs: the world, the coordinator as it is now, the session, and the rest of the text. */
export type CqlContext = {
  readonly world: World
  readonly node: NodeState
  readonly session: CqlSession
  readonly reader: CqlReader
}
