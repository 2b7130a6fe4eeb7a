import { selectAwaited } from '../../../../src/core/run/decide-wait.ts'
import type { RunState } from '../../../../src/core/run/state.ts'
import { chooseFaults, doHarm, type Faults } from './chaos.ts'
import { createOracle, type Oracle } from './oracle.ts'
import { createPerson, type Person } from './person.ts'
import { createRandom } from './random.ts'
import { buildRandomPlan } from './random-plan.ts'
import { createWorld, startTool, type SimTool, type SimWorld } from './sim-world.ts'

/** Steps of the scheduler after which a run that has not ended never will. */
const MAX_STEPS = 60_000

export type CrashReport = {
  readonly seed: number
  readonly status: RunState['status']
  readonly lives: number
  readonly events: number
  readonly steps: number
  readonly virtualMs: number
}

type Crash = {
  readonly world: SimWorld
  readonly oracle: Oracle
  readonly faults: Faults
  readonly person: Person
  readonly isHeadless: boolean
  readonly asked: Set<string>
  lives: number
}

/** One run with everything that can go wrong, until it ends. Throws, naming the seed, when a promise is broken. */
export async function runCrash(seed: number, trace?: (line: string) => void): Promise<CrashReport> {
  const random = createRandom(seed)
  const built = buildRandomPlan(random)
  const world = createWorld(random.int(2 ** 31), built)
  const crash: Crash = {
    world,
    oracle: createOracle(world),
    faults: chooseFaults(random),
    person: createPerson(world.random, { mayAbort: random.chance(0.3) }),
    isHeadless: random.chance(0.3),
    asked: new Set(),
    lives: 0,
  }
  watchWriteAhead(world)
  try {
    return { seed, ...(await live(crash, trace)) }
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    throw new Error(`seed ${seed}: ${text}\nrun it again: HANDRAIL_SIM_SEED=${seed} npm run test:sim`, {
      cause: error,
    })
  }
}

/** Nothing reaches a host before its intent is durable. */
function watchWriteAhead(world: SimWorld): void {
  world.arrivals.push((_, values) => {
    if (values?.['verb'] !== 'start') return
    const isDurable = world.disk.events
      .slice(0, world.disk.acknowledged)
      .some(({ event }) => event.type === 'job-intended' && event.job === values['id'])
    if (!isDurable)
      throw new Error(`the start of ${values['id']} reached its host before its intent was durable`)
  })
}

async function live(
  crash: Crash,
  trace: ((line: string) => void) | undefined,
): Promise<Omit<CrashReport, 'seed'>> {
  const { world, oracle, faults } = crash
  const { scheduler, random } = world
  let tool = begin(crash, trace)
  while (scheduler.steps() < MAX_STEPS) {
    if (tool.error() !== undefined) throw tool.error()
    const stop = tool.stop()
    if (stop !== undefined) {
      oracle.compareReplay(tool.state)
      if (stop.kind === 'finished' || stop.kind === 'aborted') break
      if (stop.kind === 'waiting' && tool.state.questions.size === 0 && tool.state.status !== 'paused')
        throw new Error('it waits, and no question is open')
      tool.kill()
      trace?.(`--- stopped: ${stop.kind}`)
      tool = await restart(crash, trace)
      continue
    }
    const isChaos = scheduler.steps() < faults.untilStep
    if (isChaos && doHarm(world, tool, faults)) {
      trace?.('--- killed')
      tool = await restart(crash, trace)
      continue
    }
    if (!crash.isHeadless) attend(crash, tool)
    if (random.chance(0.002)) oracle.compareReplay(tool.state)
    const isOver = !(await scheduler.step()) && tool.stop() === undefined && tool.error() === undefined
    if (isOver) throw new Error(`stuck: nothing is under way, ${describe(tool.state)}`)
  }
  if (scheduler.steps() >= MAX_STEPS)
    throw new Error(`no end after ${MAX_STEPS} steps, ${describe(tool.state)}`)
  oracle.finish(tool.state)
  return {
    status: tool.state.status,
    lives: crash.lives,
    events: world.disk.events.length,
    steps: scheduler.steps(),
    virtualMs: scheduler.nowMs(),
  }
}

/** A fresh engine over what the disk tells, some time later. */
async function restart(crash: Crash, trace: ((line: string) => void) | undefined): Promise<SimTool> {
  const { world, oracle } = crash
  const { random, scheduler } = world
  oracle.afterCrash()
  const until = scheduler.nowMs() + random.pick([1, 100, 10_000, 3_600_000])
  scheduler.after(until - scheduler.nowMs(), () => undefined)
  while (scheduler.nowMs() < until) await scheduler.step()
  return begin(crash, trace)
}

function begin(crash: Crash, trace: ((line: string) => void) | undefined): SimTool {
  const { world, oracle, person, isHeadless } = crash
  const { random } = world
  crash.lives += 1
  crash.asked.clear()
  let broken: unknown
  const tool = startTool(world, {
    epoch: crash.lives,
    staysOpen: !isHeadless,
    rechecks: random.chance(0.4),
    limits: { followMs: random.pick([500, 20_000]) },
    onEvent: (event) => {
      trace?.(`${Math.round(world.scheduler.nowMs())} ${JSON.stringify({ ...event, outline: undefined })}`)
      try {
        oracle.onEvent(event)
      } catch (error) {
        broken ??= error
      }
    },
    ...(isHeadless
      ? { answers: (question) => (random.chance(0.9) ? person.answer(question) : undefined) }
      : {}),
  })
  if (tool.state.status === 'paused')
    void tool.engine.submit({ type: 'resume', by: 'ann' }).catch(() => undefined)
  return { ...tool, error: () => broken ?? tool.error() }
}

/** The person at the screen: answers what is asked, after a while, is impatient at times, and goes on after a pause. */
function attend(crash: Crash, tool: SimTool): void {
  const { world, asked, person } = crash
  const later = (key: string, act: () => void): void => {
    if (asked.has(key)) return
    asked.add(key)
    world.scheduler.after(world.random.pick([1, 50, 3000]), () => {
      asked.delete(key)
      if (tool.stop() === undefined) act()
    })
  }
  const submit = (intent: Parameters<typeof tool.engine.submit>[0]): void =>
    void tool.engine.submit(intent).catch(() => undefined)
  for (const question of tool.state.questions.values()) {
    later(question.id, () => tool.state.questions.has(question.id) && submit(person.answer(question)))
  }
  for (const host of selectAwaited(tool.state))
    later(`wait ${host}`, () => {
      if (world.random.chance(0.1))
        submit({ type: world.random.chance(0.6) ? 'stop-waiting' : 'try-now', by: 'ann', host })
    })
  if (tool.state.status === 'paused') later('resume', () => submit({ type: 'resume', by: 'ann' }))
}

function describe(state: RunState): string {
  const open = [...state.steps.values()].flatMap((step) =>
    [...step.hosts.values()]
      .filter(({ phase }) => phase !== 'ended' && phase !== 'pending')
      .map(
        ({ step: id, host, phase, outcome, decision }) =>
          `${id}@${host} ${phase} ${outcome ?? ''} ${decision?.choice ?? ''}`,
      ),
  )
  return `${state.status}, aborting ${JSON.stringify(state.aborting)}, questions ${[...state.questions.keys()].join(' ')}, open ${open.join('; ')}`
}
