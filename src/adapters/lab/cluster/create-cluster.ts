import { describeCluster } from './describe-cluster.ts'
import type { ClusterDescription } from './describe-cluster.ts'
import type { ClusterState, HostFaults } from './cluster-state.ts'
import { failSeparatedRepairs } from './repair-end.ts'
import { runTask, selectNextTask } from './run-tasks.ts'
import { settleCluster } from './settle-cluster.ts'
import { launchNode } from './start-node.ts'
import { stopNode } from './stop-node.ts'
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
  const wakeAt = (dueMs: number): void => {
    const { sleep, nowMs } = options.clock
    if (sleep === undefined || stop.signal.aborted) return
    void sleep(Math.max(0, dueMs - nowMs()), stop.signal).then(() =>
      stop.signal.aborted ? undefined : advance(),
    )
  }
  const advance = (): void => {
    if (taskTimeMs !== undefined) return
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
  return {
    world,
    advance,
    bind: (host, binding) => void world.bindings.set(host, binding),
    isBound: (host) => world.bindings.has(host),
    describe: () => {
      advance()
      return describeCluster(world)
    },
    snapshot: () => world.state,
    restore: (state) => {
      world.state = state
      state.tasks.forEach((task) => wakeAt(task.dueMs))
    },
    ...faultHooks(world, advance),
    dispose: () => stop.abort(),
  }
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
