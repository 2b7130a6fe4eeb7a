import type { Keyspace, NodeState } from './cluster-state.ts'
import type { CqlValue } from './cql-result.ts'
import { addressOf, selectSeenNodes } from './gossip-view.ts'
import { schemaOf } from './schema.ts'
import { traitsOf } from './world.ts'
import type { World } from './world.ts'

type Table = {
  readonly columns: readonly string[]
  readonly rows: readonly Readonly<Record<string, CqlValue>>[]
}

/** A system table as a node answers it; undefined where that version has no such table. */
export function selectTable(
  world: World,
  node: NodeState,
  query: { readonly keyspace: string; readonly table: string },
): Table | undefined {
  const traits = traitsOf(node)
  switch (`${query.keyspace}.${query.table}`) {
    case 'system.local':
      return localTable(world, node)
    case 'system.peers':
      return peersTable(world, node)
    case 'system.peers_v2':
      return traits.isModern ? peersTable(world, node) : undefined
    case 'system.schema_keyspaces':
      return traits.hasSchemaKeyspace ? undefined : oldKeyspacesTable(world, node)
    case 'system_schema.keyspaces':
      return traits.hasSchemaKeyspace ? keyspacesTable(world, node) : undefined
    default:
      return undefined
  }
}

/** The replication of a keyspace as `system_schema.keyspaces` shows it. */
export function replicationMap(keyspace: Keyspace): Record<string, string> {
  const options = Object.entries(keyspace.options).map(([key, factor]) => [key, String(factor)])
  return { ...Object.fromEntries(options), class: `org.apache.cassandra.locator.${keyspace.strategy}` }
}

function localTable(world: World, node: NodeState): Table {
  const traits = traitsOf(node)
  const row = {
    key: 'local',
    bootstrapped: 'COMPLETED',
    broadcast_address: addressOf(node),
    cluster_name: node.saved?.clusterName ?? null,
    cql_version: traits.cqlsh.spec,
    data_center: node.saved?.dc ?? null,
    host_id: node.saved?.hostId ?? null,
    listen_address: node.config?.listenAddress ?? null,
    native_protocol_version: traits.cqlsh.protocol.slice(1),
    partitioner: 'org.apache.cassandra.dht.Murmur3Partitioner',
    rack: node.saved?.rack ?? null,
    release_version: node.version,
    rpc_address: node.config?.rpcAddress ?? null,
    schema_version: schemaOf(world, node).id,
    tokens: node.saved?.tokens ?? [],
  }
  return { columns: Object.keys(row), rows: [row] }
}

const PEER_COLUMNS = [
  'peer',
  'data_center',
  'host_id',
  'preferred_ip',
  'rack',
  'release_version',
  'rpc_address',
  'schema_version',
  'tokens',
]

function peersTable(world: World, node: NodeState): Table {
  const peers = selectSeenNodes(world, node).filter(
    (seen) => seen.node.name !== node.name && seen.letter === 'N',
  )
  const rows = peers.map((seen) => ({
    peer: seen.address,
    data_center: seen.dc,
    host_id: seen.node.saved?.hostId ?? null,
    preferred_ip: null,
    rack: seen.rack,
    release_version: seen.node.version,
    rpc_address: seen.node.config?.rpcAddress ?? null,
    schema_version: schemaOf(world, seen.node).id,
    tokens: seen.node.saved?.tokens ?? [],
  }))
  return { columns: PEER_COLUMNS, rows }
}

function keyspacesTable(world: World, node: NodeState): Table {
  const rows = Object.values(schemaOf(world, node).keyspaces).map((keyspace) => ({
    keyspace_name: keyspace.name,
    durable_writes: keyspace.durableWrites,
    replication: replicationMap(keyspace),
  }))
  return { columns: ['keyspace_name', 'durable_writes', 'replication'], rows }
}

function oldKeyspacesTable(world: World, node: NodeState): Table {
  const rows = Object.values(schemaOf(world, node).keyspaces).map((keyspace) => ({
    keyspace_name: keyspace.name,
    durable_writes: keyspace.durableWrites,
    strategy_class: `org.apache.cassandra.locator.${keyspace.strategy}`,
    strategy_options: JSON.stringify(
      Object.fromEntries(Object.entries(keyspace.options).map(([key, factor]) => [key, String(factor)])),
    ),
  }))
  return { columns: ['keyspace_name', 'durable_writes', 'strategy_class', 'strategy_options'], rows }
}
