import { YAML_2_2, YAML_3_11 } from './default-conf/cassandra-yaml-2-2.ts'
import { YAML_4_0, YAML_5_0 } from './default-conf/cassandra-yaml-5-0.ts'
import type { ReleaseLine } from './version-traits.ts'

/** The top-level keys that a release line accepts; the daemon refuses to start on any other. */
export function knownYamlKeys(line: ReleaseLine): ReadonlySet<string> {
  const known = KEYS.get(line)
  if (known !== undefined) return known
  const isModern = line === '4.0' || line === '4.1' || line === '5.0'
  const keys = new Set(isModern ? modernKeys() : [...keysOf(YAML_2_2), ...COMMON, ...LEGACY])
  if (line === '3.11') keysOf(YAML_3_11).forEach((key) => keys.add(key))
  KEYS.set(line, keys)
  return keys
}

const KEYS = new Map<ReleaseLine, ReadonlySet<string>>()

/** Keys at the margin, also where they are commented out. */
function keysOf(text: string): string[] {
  return [...text.matchAll(/^(?:# ?)?([a-z][a-z0-9_]+):/gm)].map((match) => match[1] ?? '')
}

/** Accepted by every version although a shipped file may not show them. */
const COMMON = [
  'auto_bootstrap',
  'initial_token',
  'listen_interface',
  'rpc_interface',
  'broadcast_address',
  'broadcast_rpc_address',
  'listen_on_broadcast_address',
  'native_transport_max_threads',
  'native_transport_port_ssl',
  'disk_optimization_strategy',
  'memtable_allocation_type',
  'concurrent_compactors',
  'index_summary_capacity_in_mb',
  'trickle_fsync',
  'hinted_handoff_enabled',
  'hinted_handoff_disabled_datacenters',
  'batchlog_replay_throttle_in_kb',
  'internode_compression',
  'inter_dc_tcp_nodelay',
  'gc_warn_threshold_in_ms',
  'allocate_tokens_for_keyspace',
  'memtable_flush_writers',
  'phi_convict_threshold',
  'internode_authenticator',
  'compaction_throughput_mb_per_sec',
  'request_scheduler',
  'cross_node_timeout',
]

const LEGACY = [
  'start_rpc',
  'rpc_port',
  'rpc_server_type',
  'rpc_min_threads',
  'rpc_max_threads',
  'thrift_framed_transport_size_in_mb',
  'thrift_max_message_length_in_mb',
]

const MODERN = [
  'network_authorizer',
  'role_manager',
  'audit_logging_options',
  'full_query_logging_options',
  'allocate_tokens_for_local_replication_factor',
]

/** Old names with units are still taken by newer releases; those of Thrift are not. */
function modernKeys(): string[] {
  const old = keysOf(YAML_2_2).filter(
    (key) => /_in_(ms|kb|mb)$|^enable_|_per_sec$/.test(key) && !key.startsWith('thrift'),
  )
  return [...keysOf(YAML_5_0), ...keysOf(YAML_4_0), ...old, ...COMMON, ...MODERN]
}
