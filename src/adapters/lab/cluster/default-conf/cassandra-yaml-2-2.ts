/** The lab's cassandra.yaml of 2.2: the keys, defaults and layout of that release, with comments of our own. */
export const YAML_2_2 = `# Configuration of a Cassandra node (practice copy, 2.2 layout).
# A key that is commented out has the default that is shown.

# Name of the cluster. Nodes of another name are not talked to. It is written to
# the node's own tables at the first start and cannot be changed by editing it later.
cluster_name: 'Test Cluster'

# Number of tokens that this node takes on the ring.
# It is fixed with the first start of the node.
num_tokens: 256

# Tokens given by hand, only for nodes without virtual nodes.
# initial_token:

# Hints keep writes for a node that is down for a while.
hinted_handoff_enabled: true
# No new hints are kept once a node is down for longer than this (milliseconds).
max_hint_window_in_ms: 10800000 # 3 hours
# Speed of delivery per thread.
hinted_handoff_throttle_in_kb: 1024
# Threads that deliver hints.
max_hints_delivery_threads: 2
# Speed of the replay of batches.
batchlog_replay_throttle_in_kb: 1024

# Who may log in:
#  - AllowAllAuthenticator asks nobody
#  - PasswordAuthenticator looks names and passwords up in system_auth;
#    raise the replication of that keyspace before you depend on it
authenticator: AllowAllAuthenticator

# Who may do what:
#  - AllowAllAuthorizer permits everything
#  - CassandraAuthorizer looks permissions up in system_auth
authorizer: AllowAllAuthorizer

# Where roles are kept.
role_manager: CassandraRoleManager
# How long a role's memberships are cached.
roles_validity_in_ms: 2000
# roles_update_interval_in_ms: 1000
# How long permissions are cached.
permissions_validity_in_ms: 2000
# permissions_update_interval_in_ms: 1000

# How rows are spread over the nodes. Never change it on a node with data.
partitioner: org.apache.cassandra.dht.Murmur3Partitioner

# Where data lies; below the installation unless set.
# data_file_directories:
#     - /var/lib/cassandra/data
# commitlog_directory: /var/lib/cassandra/commitlog

# What to do when a disk fails: die, stop_paranoid, stop, best_effort, ignore.
disk_failure_policy: stop
commit_failure_policy: stop

# Caches.
key_cache_size_in_mb:
key_cache_save_period: 14400
# key_cache_keys_to_save: 100
row_cache_size_in_mb: 0
row_cache_save_period: 0
# row_cache_keys_to_save: 100
counter_cache_size_in_mb:
counter_cache_save_period: 7200
# saved_caches_directory: /var/lib/cassandra/saved_caches

# When the commit log is written to disk: periodic or batch.
commitlog_sync: periodic
commitlog_sync_period_in_ms: 10000
commitlog_segment_size_in_mb: 32
# commitlog_total_space_in_mb: 8192

# Where a node finds its first neighbours.
seed_provider:
    # A class with this interface gives the list.
    - class_name: org.apache.cassandra.locator.SimpleSeedProvider
      parameters:
          # Addresses with commas between them: "ip1,ip2,ip3"
          - seeds: "127.0.0.1"

# Threads.
concurrent_reads: 32
concurrent_writes: 32
concurrent_counter_writes: 32
# memtable_heap_space_in_mb: 2048
# memtable_offheap_space_in_mb: 2048
memtable_allocation_type: heap_buffers
index_summary_capacity_in_mb:
index_summary_resize_interval_in_minutes: 60
trickle_fsync: false
trickle_fsync_interval_in_kb: 10240

# Port between the nodes.
storage_port: 7000
# Port between the nodes with TLS; used only where server_encryption_options ask for it.
ssl_storage_port: 7001

# Address that this node binds to and tells the others. Set it to an address of this
# machine, or leave it empty for the one of its host name. 0.0.0.0 is always wrong.
listen_address: localhost
# listen_interface: eth0

# Address told to the other nodes where it differs from listen_address (address translation).
# broadcast_address: 1.2.3.4
# listen_on_broadcast_address: false
# internode_authenticator: org.apache.cassandra.auth.AllowAllInternodeAuthenticator

# The door for clients (CQL).
start_native_transport: true
native_transport_port: 9042
# native_transport_max_threads: 128

# The old door for clients (Thrift).
start_rpc: false
# Address that both doors are bound to.
rpc_address: localhost
# rpc_interface: eth1
rpc_port: 9160
# Address told to clients where rpc_address is 0.0.0.0.
# broadcast_rpc_address: 1.2.3.4
rpc_keepalive: true
rpc_server_type: sync
# rpc_min_threads: 16
# rpc_max_threads: 2048
thrift_framed_transport_size_in_mb: 15

# Backups and snapshots.
incremental_backups: false
snapshot_before_compaction: false
auto_snapshot: true
tombstone_warn_threshold: 1000
tombstone_failure_threshold: 100000
column_index_size_in_kb: 64
batch_size_warn_threshold_in_kb: 5
batch_size_fail_threshold_in_kb: 50
compaction_throughput_mb_per_sec: 16
compaction_large_partition_warning_threshold_mb: 100
sstable_preemptive_open_interval_in_mb: 50
# stream_throughput_outbound_megabits_per_sec: 200

# How long a coordinator waits (milliseconds).
read_request_timeout_in_ms: 5000
range_request_timeout_in_ms: 10000
write_request_timeout_in_ms: 2000
counter_write_request_timeout_in_ms: 5000
cas_contention_timeout_in_ms: 1000
truncate_request_timeout_in_ms: 60000
request_timeout_in_ms: 10000
cross_node_timeout: false
# phi_convict_threshold: 8

# How a node knows datacenter and rack:
#  - SimpleSnitch: one datacenter named datacenter1
#  - GossipingPropertyFileSnitch: cassandra-rackdc.properties of each node, spread by gossip;
#    cassandra-topology.properties is read too where it exists
#  - PropertyFileSnitch: cassandra-topology.properties, the same on all nodes
endpoint_snitch: SimpleSnitch
dynamic_snitch_update_interval_in_ms: 100
dynamic_snitch_reset_interval_in_ms: 600000
dynamic_snitch_badness_threshold: 0.1
request_scheduler: org.apache.cassandra.scheduler.NoScheduler

# TLS between the nodes: none, dc, rack or all.
server_encryption_options:
    internode_encryption: none
    keystore: conf/.keystore
    keystore_password: cassandra
    truststore: conf/.truststore
    truststore_password: cassandra
    # protocol: TLS
    # require_client_auth: false

# TLS for clients.
client_encryption_options:
    enabled: false
    # With optional, the same port takes clients with and without TLS.
    optional: false
    keystore: conf/.keystore
    keystore_password: cassandra
    # require_client_auth: false
    # truststore: conf/.truststore
    # truststore_password: cassandra

# Compression between the nodes: all, dc or none.
internode_compression: all
inter_dc_tcp_nodelay: false
tracetype_query_ttl: 86400
tracetype_repair_ttl: 604800
gc_warn_threshold_in_ms: 1000
enable_user_defined_functions: false
windows_timer_interval: 1
`

/** The same for 3.11: names that came after 2.2, and Thrift off. */
export const YAML_3_11 = YAML_2_2.replace('2.2 layout', '3.11 layout')
  .replace('request_scheduler: org.apache.cassandra.scheduler.NoScheduler\n', '')
  .replace(
    '# Speed of the replay of batches.',
    '# Where hints lie.\n# hints_directory: /var/lib/cassandra/hints\nhints_flush_period_in_ms: 10000\nmax_hints_file_size_in_mb: 128\n# Speed of the replay of batches.',
  )
  .replace(
    '# When the commit log is written',
    '# Change data capture.\ncdc_enabled: false\n# cdc_raw_directory: /var/lib/cassandra/cdc_raw\n\n# When the commit log is written',
  )
  .replace(
    'windows_timer_interval: 1\n',
    'windows_timer_interval: 1\nenable_scripted_user_defined_functions: false\nenable_materialized_views: true\nenable_sasi_indexes: true\nback_pressure_enabled: false\nslow_query_log_timeout_in_ms: 500\ncredentials_validity_in_ms: 2000\n',
  )
