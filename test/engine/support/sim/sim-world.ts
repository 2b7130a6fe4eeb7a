import type { Intent } from '../../../../src/core/run/intents.ts'
import type { Question } from '../../../../src/core/run/question.ts'
import type { RunEvent } from '../../../../src/core/run/events.ts'
import { reduceEvent } from '../../../../src/core/run/reduce.ts'
import { createRunState, type RunState } from '../../../../src/core/run/state.ts'
import type { RunId } from '../../../../src/core/base/ids.ts'
import {
  createEngine,
  type Engine,
  type EngineOptions,
  type EngineStop,
} from '../../../../src/engine/engine.ts'
import { hash } from '../hash.ts'
import type { BuiltPlan } from '../plan-builder.ts'
import { createRandom, type Random } from './random.ts'
import { createScheduler, createSimClock, type Scheduler, type SimProcess } from './scheduler.ts'
import { createSimHost, type SimHost } from './sim-host.ts'
import { createSimDisk, createSimStore, type SimDisk, type SimStore } from './sim-store.ts'
import { createSimTransport, type Network, type SimTransport } from './sim-transport.ts'

/** Everything but the tool: hosts, network, disk and time, all out of one seed. */
export type SimWorld = {
  readonly seed: number
  readonly built: BuiltPlan
  readonly random: Random
  readonly scheduler: Scheduler
  readonly hosts: ReadonlyMap<string, SimHost>
  readonly network: Network
  readonly disk: SimDisk
  /** Told of every request that reaches a host. */
  readonly arrivals: ((host: string, values: { readonly [name: string]: string } | undefined) => void)[]
}

export function createWorld(seed: number, built: BuiltPlan): SimWorld {
  const random = createRandom(seed)
  const scheduler = createScheduler(random)
  const names = [...new Set(['local', ...built.plan.steps.flatMap(({ hosts }) => hosts)])]
  const hosts = new Map(names.map((name) => [name, createSimHost(name, scheduler, random)]))
  const arrivals: SimWorld['arrivals'] = []
  const network: Network = {
    scheduler,
    random,
    hosts,
    down: new Set(),
    mute: new Set(),
    lateShare: 0.5,
    onArrival: (host, values) => arrivals.forEach((tell) => tell(host, values)),
  }
  const disk = createSimDisk()
  disk.events.push({ event: built.created, wallMs: 1_700_000_000_000 })
  disk.acknowledged = 1
  return { seed, built, random, scheduler, hosts, network, disk, arrivals }
}

/** One life of the tool on a world. */
export type SimTool = {
  readonly engine: Engine
  readonly state: RunState
  readonly transport: SimTransport
  readonly store: SimStore
  readonly stop: () => EngineStop | undefined
  readonly error: () => unknown
  /** Kills the process: nothing it waits for ever comes, and the disk keeps what was synced. */
  readonly kill: () => void
}

export const RUN = 'test-0001' as RunId

export function startTool(
  world: SimWorld,
  options: {
    readonly epoch: number
    readonly staysOpen: boolean
    readonly answers?: (question: Question, state: RunState) => Intent | undefined
    readonly rechecks?: boolean
    readonly onEvent?: (event: RunEvent, state: RunState) => void
    readonly limits?: EngineOptions['limits']
    readonly onProgress?: EngineOptions['observer']['onProgress']
    readonly isWatched?: () => boolean
  },
): SimTool {
  const owner: SimProcess = { isAlive: true }
  const { scheduler, random, built, disk } = world
  const state = replay(disk.events)
  const store = createSimStore(disk, { scheduler, random, owner })
  const transport = createSimTransport(world.network, owner)
  const engine = createEngine({
    run: RUN,
    plan: built.plan,
    state,
    store,
    transport,
    clock: createSimClock(scheduler, random, owner),
    secrets: {
      resolve: async () => ({ ok: false, reason: 'none', hint: '' }),
      reject: () => undefined,
      known: () => [],
    },
    hash,
    renderStep: built.renderStep,
    evaluateCel: () => ({ ok: true, value: true }),
    operator: 'ann',
    epoch: options.epoch,
    observer: {
      onEvent: (event) => options.onEvent?.(event, state),
      onOutput: () => undefined,
      onProgress: (progress) => options.onProgress?.(progress),
      ...(options.isWatched === undefined ? {} : { isWatched: options.isWatched }),
    },
    staysOpen: options.staysOpen,
    rechecks: options.rechecks ?? false,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.answers === undefined ? {} : { answers: options.answers }),
  })
  let stop: EngineStop | undefined
  let failure: unknown
  engine.run().then(
    (end) => (stop = end),
    (error: unknown) => (failure = error),
  )
  return {
    engine,
    state,
    transport,
    store,
    stop: () => stop,
    error: () => failure,
    kill: () => {
      owner.isAlive = false
      for (const host of world.hosts.keys()) transport.breakLine(host)
      store.crash()
    },
  }
}

/** The state that the disk tells. */
export function replay(events: SimDisk['events']): RunState {
  const state = createRunState()
  for (const { event, wallMs } of events) reduceEvent(state, event, wallMs)
  return state
}
