import type { JavaInfo, NodeState } from './cluster-state.ts'
import { parseNodeConfig } from './node-config.ts'
import type { NodeConfig } from './node-config.ts'
import { hasSavedTables, writeSavedTables } from './node-disk.ts'
import { seededUuid } from './seeded-ids.ts'
import { refuseBinding, refusePast } from './start-checks.ts'
import { failStart, markStopped } from './stop-node.ts'
import { findNode, hostSpec, logLine, scheduleTask, traitsOf, updateNode } from './world.ts'
import type { World } from './world.ts'

export type LaunchRequest = {
  readonly host: string
  readonly home: string
  readonly version: string
  readonly user: string
  readonly java: JavaInfo
}

export type LaunchResult =
  | { readonly ok: true; readonly pid: number }
  | { readonly ok: false; readonly message: string }

/** Starts the JVM; whether the node comes up is decided later, by its files and by its neighbours. */
export function launchNode(world: World, request: LaunchRequest): LaunchResult {
  const before = findNode(world, request.host)
  if (before !== undefined && before.phase !== 'stopped') {
    return {
      ok: false,
      message:
        'Error: Exception thrown by the agent : java.rmi.server.ExportException: Port already in use: 7199; nested exception is: \n\tjava.net.BindException: Address already in use',
    }
  }
  const starts = (before?.starts ?? 0) + 1
  updateNode(world, request.host, {
    ...(before ?? emptyNode(request.host)),
    home: request.home,
    version: request.version,
    user: request.user,
    java: request.java,
    phase: 'launching',
    starts,
    startedAtMs: world.clock.nowMs(),
    failure: undefined,
  })
  const pid = startDaemon(world, request.host)
  logLine(world, request.host, {
    source: 'CassandraDaemon.java:430',
    text: `Classpath: ${request.home}/conf:${request.home}/lib`,
  })
  scheduleTask(world, { kind: 'validate', node: request.host, afterMs: world.timings.launchMs })
  return { ok: true, pid }
}

/** Puts the daemon of a node that runs into the process table of its host; also after a saved lab was put back. */
export function startDaemon(world: World, name: string): number {
  const node = findNode(world, name)
  if (node === undefined || node.phase === 'stopped') return 0
  const { home, user, starts } = node
  const command = `java -Dcassandra.logdir=${home}/logs -cp ${home}/conf:${home}/lib/* org.apache.cassandra.service.CassandraDaemon`
  const onEnd = (): void => markStopped(world, name, starts)
  const pid = world.bindings.get(name)?.startProcess({ user, command, onEnd })
  updateNode(world, name, { pid })
  return pid ?? 0
}

/** The end of the launch: reads the files and refuses what cannot be. */
export function validateStart(world: World, name: string): void {
  const node = findNode(world, name)
  const files = world.bindings.get(name)?.files
  if (node === undefined || files === undefined) return
  const machineAddress = hostSpec(world, name)?.address.private ?? '127.0.0.1'
  const parsed = parseNodeConfig({
    home: node.home,
    traits: traitsOf(node),
    machineAddress,
    read: files.read,
  })
  if (!parsed.ok) return failStart(world, name, parsed.message)
  const config = parsed.config
  const remembering = hasSavedTables(world, node, config.dataDir) ? node : forget(world, node)
  const refusal = refuseBinding(world, node, config) ?? refusePast(remembering, config)
  if (refusal !== undefined) return failStart(world, name, refusal)
  const identity = remembering.saved ?? newIdentity(world, remembering, config)
  if (!writeSavedTables(world, remembering, { identity, dataDir: config.dataDir })) {
    return failStart(world, name, `Insufficient permissions on directory ${config.dataDir}`)
  }
  updateNode(world, name, {
    config,
    saved: { ...identity, version: node.version, address: config.broadcastAddress },
    phase: 'starting',
    known: remembering.known.includes(name) ? remembering.known : [...remembering.known, name],
  })
  logStart(world, findNode(world, name) ?? node, config)
  scheduleTask(world, { kind: 'gossip', node: name, afterMs: world.timings.gossipMs })
}

function logStart(world: World, node: NodeState, config: NodeConfig): void {
  const traits = traitsOf(node)
  const say = (source: string, text: string): void => logLine(world, node.name, { source, text })
  say('YamlConfigurationLoader.java:89', `Configuration location: file:${node.home}/conf/cassandra.yaml`)
  say('StorageService.java:600', `Cassandra version: ${node.version}`)
  if (traits.hasThrift) say('StorageService.java:601', 'Thrift API version: 20.1.0')
  if (config.snitch === 'GossipingPropertyFileSnitch') {
    const text = config.hasTopologyFile
      ? 'Loaded cassandra-topology.properties for compatibility'
      : 'Unable to load cassandra-topology.properties; compatibility mode disabled'
    say('GossipingPropertyFileSnitch.java:64', text)
  }
  if (config.isInternodeEncrypted) {
    const port = traits.hasSeparateTlsPort ? config.tlsStoragePort : config.storagePort
    say('MessagingService.java:511', `Starting Encrypted Messaging Service on SSL port ${port}`)
  } else {
    say(
      'MessagingService.java:540',
      `Starting Messaging Service on /${config.listenAddress}:${config.storagePort}`,
    )
  }
}

/** A node whose data directory was emptied is a new one. */
function forget(world: World, node: NodeState): NodeState {
  return updateNode(world, node.name, {
    saved: undefined,
    roles: {},
    hints: [],
    snapshots: [],
    known: [],
    schemaSequence: 0,
  })
}

function newIdentity(world: World, node: NodeState, config: NodeConfig): NonNullable<NodeState['saved']> {
  return {
    clusterName: config.clusterName,
    dc: config.dc,
    rack: config.rack,
    tokens: [],
    hostId: seededUuid(`${world.seed}:host:${node.name}:${node.starts}`),
    version: node.version,
    address: config.broadcastAddress,
    joined: false,
  }
}

function emptyNode(name: string): NodeState {
  return {
    name,
    home: '',
    version: '',
    phase: 'stopped',
    starts: 0,
    pid: undefined,
    user: '',
    java: { version: '', vendor: '' },
    startedAtMs: 0,
    config: undefined,
    saved: undefined,
    schemaSequence: 0,
    known: [],
    roles: {},
    hints: [],
    snapshots: [],
    isServingCql: false,
    failure: undefined,
    repairCommands: 0,
  }
}
