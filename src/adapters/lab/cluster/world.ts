import type { ClusterState, HostFaults, NodeState, Task, TaskKind } from './cluster-state.ts'
import { selectTraits } from './version-traits.ts'
import type { VersionTraits } from './version-traits.ts'

/** The files of a host as the Cassandra daemon sees them. */
export type ClusterFiles = {
  read(path: string): string | undefined
  /** False when it was refused (permissions, a full disk). */
  write(path: string, text: string, options?: { readonly append?: boolean }): boolean
  exists(path: string): boolean
  list(path: string): readonly string[]
  remove(path: string): void
}

/** What the model needs of a host; the shell's side gives it, so that the model stays free of the shell. */
export type HostBinding = {
  readonly files: ClusterFiles
  /** Puts the daemon into the process table; `onEnd` is called once when it is gone. */
  startProcess(options: { user: string; command: string; onEnd: (wasKilled: boolean) => void }): number
  endProcess(pid: number): void
  listen(port: number): void
  unlisten(port: number): void
  /** Whether the network lets packets through to another host, as far as the shell's side knows. */
  reaches(to: string): boolean
}

/** A machine of the lab that may become a Cassandra node. */
export type ClusterHostSpec = {
  readonly name: string
  readonly address: { readonly private: string; readonly public?: string }
  /** The datacenter in which the machine stands: decides which private addresses it reaches behind NAT. */
  readonly site: string
}

/** How long things take, in lab time. */
export type ClusterTimings = {
  /** From the start of the JVM to the end of its configuration checks. */
  readonly launchMs: number
  /** Until gossip has settled. */
  readonly gossipMs: number
  /** How long a new node waits for ring information; `cassandra.ring_delay_ms`, 30 s by default. */
  readonly ringDelayMs: number
  /** Streaming of a bootstrap. */
  readonly streamMs: number
  /** `cassandra.superuser_setup_delay_ms`, 10 s by default. */
  readonly superuserDelayMs: number
  /** A repair, per node that takes part. */
  readonly repairMs: number
  readonly drainMs: number
}

/** The model's time: that of the lab, which may run faster than the real one. */
export type ClusterClock = { nowMs(): number }

/** The state with all that is needed to change it. */
export type World = {
  state: ClusterState
  readonly seed: string
  readonly hosts: readonly ClusterHostSpec[]
  readonly clock: ClusterClock
  readonly timings: ClusterTimings
  readonly bindings: Map<string, HostBinding>
  /** Told about each new task, so that somebody can wake the model in time. */
  onTask: (task: Task) => void
}

const NO_FAULTS: HostFaults = { staleHealth: false, clockSkewMs: 0, unsynchronized: false }

/** The node on a host; undefined before its first start. */
export function findNode(world: World, name: string): NodeState | undefined {
  return world.state.nodes[name]
}

/** All nodes that were ever started, in the order of the hosts. */
export function listNodes(world: World): readonly NodeState[] {
  return world.hosts.flatMap((host) => world.state.nodes[host.name] ?? [])
}

export function isRunning(node: NodeState): boolean {
  return node.phase !== 'stopped' && node.phase !== 'launching'
}

export function traitsOf(node: NodeState): VersionTraits {
  return selectTraits(node.version)
}

export function hostSpec(world: World, name: string): ClusterHostSpec | undefined {
  return world.hosts.find((host) => host.name === name)
}

export function faultsOf(world: World, host: string): HostFaults {
  return world.state.faults[host] ?? NO_FAULTS
}

/** Changes some fields of a node. */
export function updateNode(world: World, name: string, change: Partial<NodeState>): NodeState {
  const before = world.state.nodes[name]
  const after = { ...before, ...change } as NodeState
  world.state = { ...world.state, nodes: { ...world.state.nodes, [name]: after } }
  return after
}

/** The next number of the cluster's one counter. */
export function nextCount(world: World): number {
  const counter = world.state.counter + 1
  world.state = { ...world.state, counter }
  return counter
}

/** Plans something for a node's present start. */
export function scheduleTask(
  world: World,
  task: { kind: TaskKind; node: string; afterMs: number; repair?: string },
): void {
  const planned: Task = {
    order: nextCount(world),
    dueMs: world.clock.nowMs() + task.afterMs,
    kind: task.kind,
    node: task.node,
    starts: world.state.nodes[task.node]?.starts ?? 0,
    ...(task.repair === undefined ? {} : { repair: task.repair }),
  }
  world.state = { ...world.state, tasks: [...world.state.tasks, planned] }
  world.onTask(planned)
}

/** Writes a line to the node's system.log in Cassandra's own shape. */
export function logLine(
  world: World,
  name: string,
  line: { level?: 'INFO' | 'WARN' | 'ERROR'; thread?: string; source: string; text: string },
): void {
  const node = world.state.nodes[name]
  const files = world.bindings.get(name)?.files
  if (node === undefined || files === undefined) return
  const time = formatLogTime(world.clock.nowMs() + faultsOf(world, name).clockSkewMs)
  const level = (line.level ?? 'INFO').padEnd(5)
  const text = `${level} [${line.thread ?? 'main'}] ${time} ${line.source} - ${line.text}\n`
  files.write(`${node.home}/logs/system.log`, text, { append: true })
}

/** `2017-05-06 01:00:01,120`, in UTC. */
export function formatLogTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('T', ' ').replace('.', ',').replace('Z', '')
}
