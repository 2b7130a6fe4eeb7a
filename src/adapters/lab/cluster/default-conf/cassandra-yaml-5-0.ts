/** The lab's cassandra.yaml of 5.0: the keys, units and defaults of that release, with comments of our own. */
export const YAML_5_0 = `# Configuration of a Cassandra node (practice copy, 5.0 layout).
# Durations carry a unit (ms, s, m, h, d), sizes too (KiB, MiB, GiB).

# Name of the cluster. Nodes of another name are not talked to. It is written to
# the node's own tables at the first start and cannot be changed by editing it later.
cluster_name: 'Test Cluster'

# Number of tokens that this node takes on the ring; fixed with its first start.
num_tokens: 16

# Spreads the tokens of a new node well for this replication factor.
allocate_tokens_for_local_replication_factor: 3

# Tokens given by hand.
# initial_token:

# Hints keep writes for a node that is down for a while.
hinted_handoff_enabled: true
# No new hints are kept once a node is down for longer than this.
max_hint_window: 3h
hinted_handoff_throttle: 1024KiB
max_hints_delivery_threads: 2
# hints_directory: /var/lib/cassandra/hints
hints_flush_period: 10000ms
max_hints_file_size: 128MiB
auto_hints_cleanup_enabled: false
batchlog_replay_throttle: 1024KiB

# Who may log in: AllowAllAuthenticator asks nobody, PasswordAuthenticator
# looks names and passwords up in system_auth. Raise the replication of that
# keyspace before you depend on it.
authenticator:
  class_name: AllowAllAuthenticator
# Who may do what.
authorizer:
  class_name: AllowAllAuthorizer
# Where roles are kept.
role_manager:
  class_name: CassandraRoleManager
# Who may log in where.
network_authorizer:
  class_name: AllowAllNetworkAuthorizer
# From which addresses.
cidr_authorizer:
  class_name: AllowAllCIDRAuthorizer
roles_validity: 2000ms
# roles_update_interval: 2000ms
permissions_validity: 2000ms
# permissions_update_interval: 2000ms
credentials_validity: 2000ms
# credentials_update_interval: 2000ms

# How rows are spread over the nodes. Never change it on a node with data.
partitioner: org.apache.cassandra.dht.Murmur3Partitioner

# Where data lies; below the installation unless set.
# data_file_directories:
#     - /var/lib/cassandra/data
# commitlog_directory: /var/lib/cassandra/commitlog
# Change data capture.
cdc_enabled: false
# cdc_raw_directory: /var/lib/cassandra/cdc_raw

# What to do when a disk fails.
disk_failure_policy: stop
commit_failure_policy: stop
key_cache_size:
key_cache_save_period: 4h
row_cache_size: 0MiB
row_cache_save_period: 0s
counter_cache_size:
counter_cache_save_period: 7200s
# saved_caches_directory: /var/lib/cassandra/saved_caches
commitlog_sync: periodic
commitlog_sync_period: 10000ms
commitlog_segment_size: 32MiB
commitlog_disk_access_mode: auto

# Where a node finds its first neighbours.
seed_provider:
  # A class with this interface gives the list.
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters:
      # Addresses with commas between them: "ip1:7000,ip2:7000"
      - seeds: "127.0.0.1:7000"

# Threads.
concurrent_reads: 32
concurrent_writes: 32
concurrent_counter_writes: 32
concurrent_materialized_view_writes: 32
memtable_allocation_type: heap_buffers
# memtable_heap_space: 2048MiB
index_summary_capacity:
index_summary_resize_interval: 60m
trickle_fsync: false
trickle_fsync_interval: 10240KiB

# Port between the nodes, with TLS and without.
storage_port: 7000
# The TLS port of older releases; used only during an upgrade.
ssl_storage_port: 7001

# Address that this node binds to and tells the others. Set it to an address of this
# machine, or leave it empty for the one of its host name. 0.0.0.0 is always wrong.
listen_address: localhost
# listen_interface: eth0
# Address told to the other nodes where it differs from listen_address (address translation).
# broadcast_address: 1.2.3.4
# listen_on_broadcast_address: false
# internode_authenticator:
#   class_name: org.apache.cassandra.auth.AllowAllInternodeAuthenticator

# The door for clients (CQL).
start_native_transport: true
native_transport_port: 9042
# native_transport_max_threads: 128
# Address that the door is bound to.
rpc_address: localhost
# rpc_interface: eth1
# Address told to clients where rpc_address is 0.0.0.0.
# broadcast_rpc_address: 1.2.3.4
rpc_keepalive: true

# Backups and snapshots.
incremental_backups: false
snapshot_before_compaction: false
auto_snapshot: true
snapshot_links_per_second: 0
column_index_size: 4KiB
column_index_cache_size: 2KiB
# concurrent_compactors: 1
concurrent_validations: 0
concurrent_materialized_view_builders: 1
compaction_throughput: 64MiB/s
sstable_preemptive_open_interval: 50MiB
uuid_sstable_identifiers_enabled: false
stream_entire_sstables: true
# stream_throughput_outbound: 24MiB/s

# How long a coordinator waits.
read_request_timeout: 5000ms
range_request_timeout: 10000ms
write_request_timeout: 2000ms
counter_write_request_timeout: 5000ms
cas_contention_timeout: 1000ms
truncate_request_timeout: 60000ms
request_timeout: 10000ms
slow_query_log_timeout: 500ms
# internode_timeout: true
# phi_convict_threshold: 8

# How a node knows datacenter and rack:
#  - SimpleSnitch: one datacenter named datacenter1
#  - GossipingPropertyFileSnitch: cassandra-rackdc.properties of each node, spread by gossip
#  - PropertyFileSnitch: cassandra-topology.properties, the same on all nodes
endpoint_snitch: SimpleSnitch
dynamic_snitch_update_interval: 100ms
dynamic_snitch_reset_interval: 600000ms
dynamic_snitch_badness_threshold: 1.0

# TLS between the nodes: none, dc, rack or all.
server_encryption_options:
  internode_encryption: none
  # With optional, nodes with and without TLS talk to each other: for a rolling change.
  legacy_ssl_storage_port_enabled: false
  keystore: conf/.keystore
  # keystore_password: cassandra
  require_client_auth: false
  truststore: conf/.truststore
  # truststore_password: cassandra
  require_endpoint_verification: false

# TLS for clients.
client_encryption_options:
  enabled: false
  # optional: true
  keystore: conf/.keystore
  # keystore_password: cassandra
  require_client_auth: false
  # truststore: conf/.truststore
  # truststore_password: cassandra

# Compression between the nodes: all, dc or none.
internode_compression: dc
inter_dc_tcp_nodelay: false
trace_type_query_ttl: 1d
trace_type_repair_ttl: 7d
user_defined_functions_enabled: false
transparent_data_encryption_options:
  enabled: false
  chunk_length_kb: 64
tombstone_warn_threshold: 1000
tombstone_failure_threshold: 100000
batch_size_warn_threshold: 5KiB
batch_size_fail_threshold: 50KiB
unlogged_batch_across_partitions_warn_threshold: 10
compaction_large_partition_warning_threshold: 100MiB
audit_logging_options:
  enabled: false
  logger:
    - class_name: BinAuditLogger
diagnostic_events_enabled: false
repaired_data_tracking_for_range_reads_enabled: false
repaired_data_tracking_for_partition_reads_enabled: false
report_unconfirmed_repaired_data_mismatches: false
materialized_views_enabled: false
sasi_indexes_enabled: false
transient_replication_enabled: false
use_deterministic_table_id: false
storage_compatibility_mode: CASSANDRA_4
`

/** The same for 4.1: classes as plain names, and no compatibility mode. */
export const YAML_4_1 = YAML_5_0.replace('5.0 layout', '4.1 layout')
  .replace('authenticator:\n  class_name: AllowAllAuthenticator', 'authenticator: AllowAllAuthenticator')
  .replace('authorizer:\n  class_name: AllowAllAuthorizer', 'authorizer: AllowAllAuthorizer')
  .replace('role_manager:\n  class_name: CassandraRoleManager', 'role_manager: CassandraRoleManager')
  .replace(
    'network_authorizer:\n  class_name: AllowAllNetworkAuthorizer',
    'network_authorizer: AllowAllNetworkAuthorizer',
  )
  .replace('# From which addresses.\ncidr_authorizer:\n  class_name: AllowAllCIDRAuthorizer\n', '')
  .replace('storage_compatibility_mode: CASSANDRA_4\n', '')

/** The same for 4.0: the names with units of the releases before 4.1. */
export const YAML_4_0 = YAML_4_1.replace('4.1 layout', '4.0 layout')
  .replace(
    '# Durations carry a unit (ms, s, m, h, d), sizes too (KiB, MiB, GiB).',
    '# The unit stands in the name of a key.',
  )
  .replace('max_hint_window: 3h', 'max_hint_window_in_ms: 10800000 # 3 hours')
  .replace(/^(# )?([a-z_]+): (\d+)ms$/gm, '$1$2_in_ms: $3')
  .replace(/^(# )?([a-z_]+): (\d+)KiB$/gm, '$1$2_in_kb: $3')
  .replace(/^(# )?([a-z_]+): (\d+)MiB$/gm, '$1$2_in_mb: $3')
