import type { NodeState, RoleRow } from './cluster-state.ts'
import { addressOf, isLoopback, selectRowReplicas } from './gossip-view.ts'
import { DEFAULT_ROLE, readAllRoles, readRole, writeRole } from './role-storage.ts'
import { schemaOf } from './schema.ts'
import { seededPasswordHash, seededToken } from './seeded-ids.ts'
import { writeSavedTables } from './node-disk.ts'
import { canGossip, hasSeed, isSeed, settleCluster, storeRow } from './settle-cluster.ts'
import { failStart } from './stop-node.ts'
import { findNode, listNodes, logLine, scheduleTask, traitsOf, updateNode } from './world.ts'
import type { World } from './world.ts'

/** Gossip's first round: finds the neighbours, and decides whether this node may join them. */
export function beginGossip(world: World, name: string): void {
  const node = findNode(world, name)
  if (node?.config === undefined) return
  warnOfOtherClusters(world, node)
  const contacts = findContacts(world, node)
  const isAlone = contacts.length === 0 && !isSeed(node)
  const isMemberAlready = node.saved?.joined === true
  if (isAlone && (!isMemberAlready || traitsOf(node).isModern)) return waitForSeeds(world, node)
  if (isMemberAlready) return finishJoin(world, name)
  const refusal = refuseJoin(world, node, contacts)
  if (refusal !== undefined) return failStart(world, name, refusal)
  if (isSeed(node) || !node.config.autoBootstrap) {
    scheduleTask(world, { kind: 'finish', node: name, afterMs: world.timings.gossipMs })
    return
  }
  updateNode(world, name, { phase: 'joining' })
  settleCluster(world)
  const say = (text: string): void => logLine(world, name, { source: 'StorageService.java:1160', text })
  say('JOINING: waiting for ring information')
  say('JOINING: schema complete, ready to bootstrap')
  say('JOINING: Starting to bootstrap...')
  scheduleTask(world, {
    kind: 'finish',
    node: name,
    afterMs: world.timings.ringDelayMs + world.timings.streamMs,
  })
}

/** Becomes a normal member of the ring and opens the door to clients. */
export function finishJoin(world: World, name: string): void {
  const before = findNode(world, name)
  if (before?.config === undefined || before.saved === undefined) return
  const { config, saved } = before
  const tokens = saved.joined
    ? saved.tokens
    : Array.from({ length: config.numTokens }, (_, index) => seededToken(`${saved.hostId}:${index}`))
  const identity = { ...saved, tokens, joined: true }
  const node = updateNode(world, name, {
    saved: identity,
    phase: 'normal',
    isServingCql: config.isNativeEnabled,
  })
  writeSavedTables(world, node, { identity, dataDir: config.dataDir })
  settleCluster(world)
  if (before.phase === 'joining') streamRoles(world, name)
  openPorts(world, node)
  logLine(world, name, {
    source: 'StorageService.java:1930',
    text: `Node /${addressOf(node)} state jump to NORMAL`,
  })
  if (config.isNativeEnabled) logCql(world, node)
  if (traitsOf(node).isModern)
    logLine(world, name, { source: 'CassandraDaemon.java:744', text: 'Startup complete' })
  scheduleTask(world, { kind: 'superuser', node: name, afterMs: world.timings.superuserDelayMs })
}

/** Creates the default superuser where no role can be found, as each node does after its start. */
export function setUpSuperuser(world: World, name: string): void {
  const node = findNode(world, name)
  if (node?.phase !== 'normal') return
  const reads = [
    readRole(world, node, { role: DEFAULT_ROLE, consistency: 'ONE' }),
    readRole(world, node, { role: DEFAULT_ROLE, consistency: 'QUORUM' }),
  ]
  const all = readAllRoles(world, node, 'QUORUM')
  if (reads.some((read) => read.kind === 'row' && read.row !== undefined)) return
  if (all.kind === 'rows' && all.rows.length > 0) return
  const isUnknown = reads.some((read) => read.kind === 'unavailable') || all.kind === 'unavailable'
  const written = isUnknown ? undefined : writeRole(world, node, defaultSuperuser())
  if (written?.kind === 'written') {
    logLine(world, name, {
      source: 'CassandraRoleManager.java:355',
      text: `Created default superuser role '${DEFAULT_ROLE}'`,
    })
    return
  }
  const text = 'CassandraRoleManager skipped default role setup: some nodes were not ready'
  logLine(world, name, { level: 'WARN', source: 'CassandraRoleManager.java:360', text })
  scheduleTask(world, { kind: 'superuser', node: name, afterMs: world.timings.superuserDelayMs })
}

function defaultSuperuser(): Omit<RoleRow, 'writtenAt'> {
  return {
    name: DEFAULT_ROLE,
    superuser: true,
    login: true,
    passwordHash: seededPasswordHash(DEFAULT_ROLE),
    grants: [],
    deleted: false,
  }
}

/** Running members that this node can talk to: through its seeds, or because it knew them before. */
function findContacts(world: World, node: NodeState): readonly NodeState[] {
  return listNodes(world).filter((other) => {
    const isMember = other.phase === 'joining' || other.phase === 'normal'
    if (!isMember || other.name === node.name || !canGossip(world, node, other)) return false
    return hasSeed(world, node, other) || node.known.includes(other.name) || other.known.includes(node.name)
  })
}

function waitForSeeds(world: World, node: NodeState): void {
  const waitedMs = world.clock.nowMs() - node.startedAtMs
  if (waitedMs < world.timings.ringDelayMs) {
    scheduleTask(world, { kind: 'gossip', node: node.name, afterMs: world.timings.gossipMs })
    return
  }
  const text = traitsOf(node).isModern ? 'Unable to gossip with any peers' : 'Unable to gossip with any seeds'
  failStart(world, node.name, text)
}

function refuseJoin(world: World, node: NodeState, contacts: readonly NodeState[]): string | undefined {
  const neighbours = listNodes(world).filter((other) =>
    contacts.some((contact) => contact.known.includes(other.name)),
  )
  const address = addressOf(node)
  if (neighbours.some((other) => addressOf(other) === address)) {
    return `A node with address ${traitsOf(node).isModern ? address : `/${address}`} already exists, cancelling join. Use cassandra.replace_address if you want to replace this node.`
  }
  const joining = neighbours.filter((other) => other.phase === 'joining')
  if (joining.length === 0 || isSeed(node)) return undefined
  const refusal =
    'Other bootstrapping/leaving/moving nodes detected, cannot bootstrap while cassandra.consistent.rangemovement is true'
  if (!traitsOf(node).isModern) return refusal
  return `${refusal}. Nodes detected, bootstrapping: ${joining.map(addressOf).join(',')}; leaving: ; moving: ;`
}

function warnOfOtherClusters(world: World, node: NodeState): void {
  for (const other of listNodes(world)) {
    if (other.phase !== 'normal' || other.config === undefined || !hasSeed(world, node, other)) continue
    if (other.config.clusterName === node.config?.clusterName) continue
    const text = `ClusterName mismatch from /${addressOf(node)} ${node.config?.clusterName ?? ''}!=${other.config.clusterName}`
    logLine(world, other.name, {
      level: 'WARN',
      thread: 'GossipStage:1',
      source: 'GossipDigestSynVerbHandler.java:58',
      text,
    })
  }
}

/** Bootstrap streams what the new node now has to hold. */
function streamRoles(world: World, name: string): void {
  const node = findNode(world, name)
  const keyspace = node === undefined ? undefined : schemaOf(world, node).keyspaces['system_auth']
  if (node === undefined || keyspace === undefined) return
  for (const peer of listNodes(world)) {
    if (peer.name === name || !node.known.includes(peer.name)) continue
    for (const row of Object.values(peer.roles)) {
      const replicas = selectRowReplicas(world, node, { keyspace, key: row.name })
      if (replicas.some((replica) => replica.name === name)) storeRow(world, name, row)
    }
  }
}

/** Lets a member's ports be found open on its host. */
export function openPorts(world: World, node: NodeState): void {
  const { config } = node
  const binding = world.bindings.get(node.name)
  if (config === undefined || binding === undefined) return
  if (!isLoopback(config.listenAddress)) {
    const isTlsPort = config.isInternodeEncrypted && traitsOf(node).hasSeparateTlsPort
    binding.listen(isTlsPort ? config.tlsStoragePort : config.storagePort)
  }
  if (config.isNativeEnabled && !isLoopback(config.rpcAddress)) binding.listen(config.nativePort)
  if (config.isThriftEnabled && !isLoopback(config.rpcAddress)) binding.listen(config.thriftPort)
}

function logCql(world: World, node: NodeState): void {
  const { config } = node
  if (config === undefined) return
  const encryption = config.clientTls.enabled ? 'encrypted' : 'unencrypted'
  const text = `Starting listening for CQL clients on /${config.rpcAddress}:${config.nativePort} (${encryption})...`
  logLine(world, node.name, { source: 'Server.java:160', text })
}
