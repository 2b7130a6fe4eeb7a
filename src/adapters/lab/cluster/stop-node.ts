import { settleCluster } from './settle-cluster.ts'
import { failRepairsOn } from './repair-end.ts'
import { findNode, listNodes, logLine, scheduleTask, updateNode } from './world.ts'
import type { World } from './world.ts'

/** Ends a node's process: an orderly shutdown, or as `kill -9` and a lost machine do. */
export function stopNode(world: World, name: string, how: 'shutdown' | 'kill'): void {
  const node = findNode(world, name)
  if (node === undefined || node.phase === 'stopped') return
  if (how === 'shutdown') {
    const thread = 'StorageServiceShutdownHook'
    logLine(world, name, { thread, source: 'Server.java:218', text: 'Stop listening for CQL clients' })
    logLine(world, name, { thread, source: 'Gossiper.java:1448', text: 'Announcing shutdown' })
  }
  const pid = node.pid
  markStopped(world, name, node.starts)
  if (pid !== undefined) world.bindings.get(name)?.endProcess(pid)
}

/** Takes note that the process of a start is gone; a later start is not touched. */
export function markStopped(world: World, name: string, starts: number): void {
  const node = findNode(world, name)
  if (node === undefined || node.starts !== starts || node.phase === 'stopped') return
  closePorts(world, name)
  updateNode(world, name, { phase: 'stopped', pid: undefined, isServingCql: false })
  if (node.saved?.joined !== true) forgetEverywhere(world, name)
  failRepairsOn(world, name)
  settleCluster(world)
}

/** A start that its own checks ended: the reason goes to the log, and the process away. */
export function failStart(world: World, name: string, message: string): void {
  const text = `Exception encountered during startup: ${message}`
  logLine(world, name, { level: 'ERROR', source: 'CassandraDaemon.java:709', text })
  updateNode(world, name, { failure: message })
  stopNode(world, name, 'kill')
}

/** Begins `nodetool drain`: clients and gossip are let go, the process stays. */
export function drainNode(world: World, name: string): void {
  logLine(world, name, { source: 'StorageService.java:1457', text: 'DRAINING: starting drain process' })
  closePorts(world, name)
  updateNode(world, name, { phase: 'draining', isServingCql: false })
  settleCluster(world)
  scheduleTask(world, { kind: 'drained', node: name, afterMs: world.timings.drainMs })
}

/** The end of a drain. */
export function finishDrain(world: World, name: string): void {
  logLine(world, name, { source: 'StorageService.java:1457', text: 'DRAINED' })
  updateNode(world, name, { phase: 'drained' })
}

/** Takes the node's ports from its host. */
export function closePorts(world: World, name: string): void {
  const config = findNode(world, name)?.config
  const binding = world.bindings.get(name)
  if (config === undefined || binding === undefined) return
  for (const port of [config.storagePort, config.tlsStoragePort, config.nativePort, config.thriftPort]) {
    binding.unlisten(port)
  }
}

function forgetEverywhere(world: World, name: string): void {
  for (const node of listNodes(world)) {
    if (node.known.includes(name))
      updateNode(world, node.name, { known: node.known.filter((each) => each !== name) })
  }
}
