import type { Keyspace, NodeState, SchemaVersion } from './cluster-state.ts'
import { seededUuid } from './seeded-ids.ts'
import { settleCluster } from './settle-cluster.ts'
import { nextCount, updateNode } from './world.ts'
import type { World } from './world.ts'

/** The schema that a node holds now. */
export function schemaOf(world: World, node: NodeState): SchemaVersion {
  const found = world.state.schemas.find((schema) => schema.sequence === node.schemaSequence)
  return found ?? firstSchema(world, node.version)
}

/** The schema of a new cluster of a version: its system keyspaces. */
export function firstSchema(world: World, version: string): SchemaVersion {
  const isLegacy = version.startsWith('2.')
  const keyspaces = [
    local('system'),
    ...(isLegacy ? [] : [local('system_schema')]),
    simple('system_auth', 1),
    simple('system_distributed', 3),
    simple('system_traces', 2),
  ]
  return {
    sequence: 0,
    id: seededUuid(`${world.seed}:schema:0`),
    keyspaces: Object.fromEntries(keyspaces.map((keyspace) => [keyspace.name, keyspace])),
  }
}

/** Writes a keyspace's definition (undefined drops it) on a node; the others get it from there. */
export function changeKeyspace(
  world: World,
  coordinator: NodeState,
  change: { readonly name: string; readonly keyspace: Keyspace | undefined },
): void {
  const before = schemaOf(world, coordinator)
  const sequence = nextCount(world)
  const entries = Object.entries(before.keyspaces).filter(([name]) => name !== change.name)
  if (change.keyspace !== undefined) entries.push([change.name, change.keyspace])
  const schema = {
    sequence,
    id: seededUuid(`${world.seed}:schema:${sequence}`),
    keyspaces: Object.fromEntries(entries),
  }
  const last = world.state.altered[change.name] ?? { sequence: 0, writes: 0 }
  const old = before.keyspaces[change.name]
  const isSame = old !== undefined && change.keyspace !== undefined && isSameReplication(old, change.keyspace)
  const entry = { sequence: isSame ? last.sequence : sequence, writes: last.writes + 1 }
  world.state = {
    ...world.state,
    schemas: [...world.state.schemas, schema],
    altered: { ...world.state.altered, [change.name]: entry },
  }
  updateNode(world, coordinator.name, { schemaSequence: sequence })
  settleCluster(world)
}

/** Whether two definitions replicate alike. */
export function isSameReplication(one: Keyspace, other: Keyspace): boolean {
  return one.strategy === other.strategy && sortedOptions(one) === sortedOptions(other)
}

function sortedOptions(keyspace: Keyspace): string {
  return JSON.stringify(
    Object.entries(keyspace.options).toSorted(([left], [right]) => (left < right ? -1 : 1)),
  )
}

/** The sum of the replication factors, wherever the datacenters exist. */
export function replicationFactor(keyspace: Keyspace): number {
  return Object.values(keyspace.options).reduce((sum, factor) => sum + factor, 0)
}

function local(name: string): Keyspace {
  return { name, strategy: 'LocalStrategy', options: {}, durableWrites: true }
}

function simple(name: string, factor: number): Keyspace {
  return { name, strategy: 'SimpleStrategy', options: { replication_factor: factor }, durableWrites: true }
}
