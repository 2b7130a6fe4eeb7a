import { describeCluster } from './describe-cluster.ts'
import type { ClusterDescription } from './describe-cluster.ts'
import type { ClusterState, HostFaults } from './cluster-state.ts'
import { openPorts } from './join-ring.ts'
import { failSeparatedRepairs } from './repair-end.ts'
import { runTask, selectNextTask } from './run-tasks.ts'
import { settleCluster } from './settle-cluster.ts'
import { launchNode, startDaemon } from './start-node.ts'
import { closePorts, stopNode } from './stop-node.ts'
import { faultsOf, findNode } from './world.ts'
import type { ClusterClock, ClusterHostSpec, ClusterTimings, HostBinding, World } from './world.ts'

export type ClusterOptions = {
  readonly hosts: readonly ClusterHostSpec[]
  readonly clock: ClusterClock & {
    /** Where given, the model wakes itself when something is due; else `advance` does it. */
    readonly sleep?: (durationMs: number, signal?: AbortSignal) => Promise<void>
  }
  /** Same seed, same ids and tokens. */
  readonly seed?: string
  readonly timings?: Partial<ClusterTimings>
  /** A saved state to go on from. */
  readonly state?: ClusterState
}

/** The one Cassandra cluster of a lab: its nodes' lives, data and schema, and the hooks to break it. */
export type ClusterModel = {
  readonly world: World
  /** Lets everything happen that is due by now; every query and program calls it first. */
  advance(): void
  /** Gives the model a host's files, processes and ports. */
  bind(host: string, binding: HostBinding): void
  isBound(host: string): boolean
  /** Plain data for the goals of a scenario. */
  describe(): ClusterDescription
  snapshot(): ClusterState
  restore(state: ClusterState): void
  /** The node's process dies (`kill`, the default) or ends in order. */
  stopNode(host: string, how?: 'kill' | 'shutdown'): void
  /** Starts a node again as it was started last; false if it never was, or runs. */
  startNode(host: string): boolean
  /** Cuts the network between two hosts; `oneWay`: only packets from `a` to `b` are lost. */
  partition(a: string, b: string, options?: { readonly oneWay?: boolean }): void
  healPartition(a: string, b: string): void
  /** `nodetool status` on the host goes on to show everything as up. */
  staleHealth(host: string, isStale: boolean): void
  /** Sets the host's clock wrong by so much, and its time service out of step. */
  clockSkew(host: string, skewMs: number): void
  /** No more waking up by itself. */
  dispose(): void
}

/** Times as a real node needs them, short where a person would only wait. */
export const REAL_TIMINGS: ClusterTimings = {
  launchMs: 4000,
  gossipMs: 8000,
  ringDelayMs: 30_000,
  streamMs: 5000,
  superuserDelayMs: 10_000,
  repairMs: 5000,
  drainMs: 3000,
}

/** Makes the cluster of a lab; its nodes are empty machines until a program installs and starts something. */
export function createCluster(options: ClusterOptions): ClusterModel {
  const stop = new AbortController()
  let taskTimeMs: number | undefined
  const world: World = {
    state: options.state ?? emptyState(),
    seed: options.seed ?? 'lab',
    hosts: options.hosts,
    clock: { nowMs: () => taskTimeMs ?? options.clock.nowMs() },
    timings: { ...REAL_TIMINGS, ...options.timings },
    bindings: new Map(),
    onTask: (task) => wakeAt(task.dueMs),
  }
  const wakeAt = (dueMs: number): void =>
    void wakeWhenDue(options.clock, { dueMs, signal: stop.signal, act: () => advance() })
  const runDueTasks = (): void => {
    for (let task = selectNextTask(world); task !== undefined; task = selectNextTask(world)) {
      if (task.dueMs > options.clock.nowMs()) return
      taskTimeMs = task.dueMs
      try {
        runTask(world, task)
      } finally {
        taskTimeMs = undefined
      }
    }
  }
  const advance = (): void => {
    if (taskTimeMs !== undefined) return
    runDueTasks()
    // the shell's side may have cut or healed the network without a word
    settleCluster(world)
  }
  world.state.tasks.forEach((task) => wakeAt(task.dueMs))
  return {
    world,
    advance,
    bind: (host, binding) => bindHost(world, host, binding),
    isBound: (host) => world.bindings.has(host),
    describe: () => {
      advance()
      return describeCluster(world)
    },
    snapshot: () => world.state,
    restore: (state) => {
      replaceState(world, state)
      state.tasks.forEach((task) => wakeAt(task.dueMs))
    },
    ...faultHooks(world, advance),
    dispose: () => stop.abort(),
  }
}

/** Sleeps until something is due; a clock may wake a little early. */
async function wakeWhenDue(
  clock: ClusterOptions['clock'],
  wish: { readonly dueMs: number; readonly signal: AbortSignal; readonly act: () => void },
): Promise<void> {
  if (clock.sleep === undefined) return
  do await clock.sleep(Math.max(1, wish.dueMs - clock.nowMs()), wish.signal)
  while (!wish.signal.aborted && clock.nowMs() < wish.dueMs)
  if (!wish.signal.aborted) wish.act()
}

function bindHost(world: World, host: string, binding: HostBinding): void {
  const isNew = !world.bindings.has(host)
  world.bindings.set(host, binding)
  if (isNew) resumeDaemon(world, host)
}

function replaceState(world: World, state: ClusterState): void {
  endDaemons(world)
  world.state = state
  for (const host of world.bindings.keys()) resumeDaemon(world, host)
}

/** A node that runs by the state gets the process and the ports that it has lost. */
function resumeDaemon(world: World, host: string): void {
  startDaemon(world, host)
  const node = findNode(world, host)
  if (node?.phase === 'normal') openPorts(world, node)
}

/** Ends all processes without the state taking note: it is about to be replaced. */
function endDaemons(world: World): void {
  const nodes = Object.values(world.state.nodes)
  nodes.forEach((node) => closePorts(world, node.name))
  world.state = emptyState()
  for (const { name, pid } of nodes) if (pid !== undefined) world.bindings.get(name)?.endProcess(pid)
}

type FaultHooks = Pick<
  ClusterModel,
  'stopNode' | 'startNode' | 'partition' | 'healPartition' | 'staleHealth' | 'clockSkew'
>

function faultHooks(world: World, advance: () => void): FaultHooks {
  const setFault = (host: string, change: Partial<HostFaults>): void => {
    const faults = { ...world.state.faults, [host]: { ...faultsOf(world, host), ...change } }
    world.state = { ...world.state, faults }
  }
  const setPartitions = (partitions: readonly string[]): void => {
    advance()
    world.state = { ...world.state, partitions }
    failSeparatedRepairs(world)
    settleCluster(world)
  }
  return {
    stopNode: (host, how = 'kill') => {
      advance()
      stopNode(world, host, how)
    },
    startNode: (host) => {
      advance()
      const node = findNode(world, host)
      if (node === undefined) return false
      return launchNode(world, { ...node, host }).ok
    },
    partition: (a, b, options) => {
      const cut = options?.oneWay === true ? [`${a}>${b}`] : [`${a}>${b}`, `${b}>${a}`]
      setPartitions([...new Set([...world.state.partitions, ...cut])])
    },
    healPartition: (a, b) =>
      setPartitions(world.state.partitions.filter((each) => each !== `${a}>${b}` && each !== `${b}>${a}`)),
    staleHealth: (host, isStale) => setFault(host, { staleHealth: isStale }),
    clockSkew: (host, skewMs) => setFault(host, { clockSkewMs: skewMs, unsynchronized: skewMs !== 0 }),
  }
}

function emptyState(): ClusterState {
  return {
    format: 1,
    nodes: {},
    schemas: [],
    repairs: [],
    tasks: [],
    partitions: [],
    counter: 0,
    altered: {},
    faults: {},
  }
}
