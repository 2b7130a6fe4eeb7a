import type { NodeConfig } from './node-config.ts'

/** A permission on `ALL KEYSPACES`, `KEYSPACE k`, `TABLE k.t`, `ALL ROLES` or `ROLE r`. */
export type Grant = { readonly resource: string; readonly permission: string }

/** A role as one replica holds it; the newest `writtenAt` wins, a deletion is a row too. */
export type RoleRow = {
  readonly name: string
  readonly superuser: boolean
  readonly login: boolean
  readonly passwordHash: string | undefined
  readonly grants: readonly Grant[]
  /** Order of writing over the whole cluster. */
  readonly writtenAt: number
  readonly deleted: boolean
}

/** Replication of a keyspace: `options` maps a datacenter (or `replication_factor`) to a count. */
export type Keyspace = {
  readonly name: string
  readonly strategy: 'LocalStrategy' | 'SimpleStrategy' | 'NetworkTopologyStrategy'
  readonly options: Readonly<Record<string, number>>
  readonly durableWrites: boolean
}

/** One version of the schema; the highest `sequence` wins where nodes talk to each other. */
export type SchemaVersion = {
  readonly sequence: number
  readonly id: string
  readonly keyspaces: Readonly<Record<string, Keyspace>>
}

/** What a node keeps on its disk about itself (its system tables). */
export type SavedIdentity = {
  readonly clusterName: string
  readonly dc: string
  readonly rack: string
  readonly tokens: readonly string[]
  readonly hostId: string
  readonly version: string
  readonly address: string
  /** Written by the first start that got through its checks; true once it became part of the ring. */
  readonly joined: boolean
}

/** stopped → launching (the JVM starts) → starting (gossip) → joining (bootstrap) → normal → draining → drained. */
export type NodePhase = 'stopped' | 'launching' | 'starting' | 'joining' | 'normal' | 'draining' | 'drained'

/** A Java of a host, as its `release` file tells. */
export type JavaInfo = { readonly version: string; readonly vendor: string }

export type NodeState = {
  readonly name: string
  readonly home: string
  readonly version: string
  readonly phase: NodePhase
  /** Counts the starts; a task of an earlier start is void. */
  readonly starts: number
  readonly pid: number | undefined
  readonly user: string
  readonly java: JavaInfo
  readonly startedAtMs: number
  readonly config: NodeConfig | undefined
  readonly saved: SavedIdentity | undefined
  readonly schemaSequence: number
  /** Names of the nodes that it knows from gossip, itself included. */
  readonly known: readonly string[]
  readonly roles: Readonly<Record<string, RoleRow>>
  readonly hints: readonly { readonly to: string; readonly row: RoleRow; readonly sinceMs: number }[]
  readonly snapshots: readonly { readonly tag: string; readonly keyspace: string; readonly atMs: number }[]
  /** Whether clients can connect. */
  readonly isServingCql: boolean
  /** Why the last start failed. */
  readonly failure: string | undefined
  readonly repairCommands: number
}

export type RepairState = 'running' | 'succeeded' | 'failed'

/** A repair; it runs on the servers, whatever becomes of the program that asked for it. */
export type Repair = {
  readonly id: string
  readonly host: string
  readonly command: number
  readonly keyspace: string
  readonly options: { readonly full: boolean; readonly primaryRange: boolean; readonly parallelism: string }
  readonly startedAtMs: number
  readonly endsAtMs: number
  readonly state: RepairState
  readonly failure: string | undefined
  readonly participants: readonly string[]
  /** Another repair of the keyspace ran at the same time. */
  readonly overlapped: boolean
  /** The schema that it ran under: shows whether it came after an ALTER. */
  readonly schemaSequence: number
}

export type TaskKind = 'validate' | 'gossip' | 'finish' | 'superuser' | 'repair' | 'drained'

/** Something that will happen at a time. */
export type Task = {
  readonly order: number
  readonly dueMs: number
  readonly kind: TaskKind
  readonly node: string
  readonly starts: number
  readonly repair?: string
}

/** All that the cluster remembers: plain data, so that a lab can be saved and put back. */
export type ClusterState = {
  readonly format: 1
  readonly nodes: Readonly<Record<string, NodeState>>
  readonly schemas: readonly SchemaVersion[]
  readonly repairs: readonly Repair[]
  readonly tasks: readonly Task[]
  /** `from>to`: packets from the one do not reach the other. */
  readonly partitions: readonly string[]
  /** Counts writes, tasks and whatever else needs an order. */
  readonly counter: number
  /** The schema that last changed each keyspace's replication, and how often it was written at all. */
  readonly altered: Readonly<Record<string, { readonly sequence: number; readonly writes: number }>>
  readonly faults: Readonly<Record<string, HostFaults>>
}

/** What a scenario broke on a host beyond its files. */
export type HostFaults = {
  /** Health as the load balancer and `nodetool status` of this host show it is that of the past. */
  readonly staleHealth: boolean
  readonly clockSkewMs: number
  readonly unsynchronized: boolean
}
