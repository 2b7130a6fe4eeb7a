import type { EventOf, RunEvent } from '../../../../src/core/run/events.ts'
import type { RunState } from '../../../../src/core/run/state.ts'
import type { StepSpec } from '../plan-builder.ts'
import { readOutput } from './sim-store.ts'
import { replay, type SimWorld } from './sim-world.ts'

/** Events of one virtual second beyond which the engine spins. */
const MAX_EVENTS_PER_SECOND = 1500

/** Watches a world for broken promises, knowing only events, hosts and the plan. */
export type Oracle = {
  readonly onEvent: (event: RunEvent) => void
  /** The state of a process must be what the disk tells, once nothing is on its way. */
  readonly compareReplay: (state: RunState) => void
  /** What survived a crash is what counts from here on. */
  readonly afterCrash: () => void
  readonly finish: (state: RunState) => void
}

type Place = { began: boolean; outcome: string | undefined; by: string | undefined; events: RunEvent[] }

const SETTLED = new Set(['succeeded', 'satisfied', 'accepted', 'skipped', 'deferred', 'excluded', 'undone'])

function fail(text: string): never {
  throw new Error(text)
}

export function createOracle(world: SimWorld): Oracle {
  let places = new Map<string, Place>()
  let skipped = new Set<string>()
  let picked = new Map<string, string>()
  const perSecond = new Map<number, number>()
  const placeOf = (step: string, host: string): Place => {
    const key = `${step}@${host}`
    const place = places.get(key) ?? { began: false, outcome: undefined, by: undefined, events: [] }
    places.set(key, place)
    return place
  }
  const isSettled = ({ outcome, by }: Place): boolean =>
    outcome !== undefined && (SETTLED.has(outcome) || (outcome === 'unknown' && by !== undefined))
  const hostsOf = (spec: StepSpec): readonly string[] => {
    const host = picked.get(spec.id)
    return spec.pickAny === true ? (host === undefined ? [] : [host]) : spec.hosts
  }

  const checkBegin = ({ step, host }: EventOf<'host-began'>): void => {
    const { specs, plan } = world.built
    const unit = plan.units.find((each) =>
      each.kind === 'step' ? each.step === step : each.steps.includes(step),
    )!
    for (const before of plan.units.slice(0, plan.units.indexOf(unit))) {
      for (const id of before.kind === 'step' ? [before.step] : before.steps) {
        if (skipped.has(id)) continue
        const open = hostsOf(specs.get(id)!).filter((each) => !isSettled(placeOf(id, each)))
        if (open.length > 0) fail(`${step} begins on ${host} before ${id} has ended on ${open.join(', ')}`)
      }
    }
    const spec = specs.get(step)!
    const hosts = hostsOf(spec)
    const others = hosts.filter((each) => each !== host).map((each) => placeOf(step, each))
    const failing = others.filter(
      ({ outcome, by }) => ['failed', 'unknown', 'cancelled'].includes(outcome ?? '') && by === undefined,
    )
    if (spec.maxFailures !== undefined && failing.length >= spec.maxFailures)
      fail(`${step} begins on ${host} after ${failing.length} failures`)
    const atWork = others.filter((each) => each.began && !isSettled(each)).length
    if (unit.kind === 'serial-phase') return
    if (spec.order === 'serial' && atWork >= (spec.batch ?? 1))
      fail(`${step} begins on ${host}, though serial, with ${atWork} at work`)
    if (spec.order === 'first-then-parallel' && host !== hosts[0] && !isSettled(placeOf(step, hosts[0]!)))
      fail(`${step} begins on ${host} before the first host`)
  }

  const checkEnd = (place: Place, { step, host, outcome }: EventOf<'host-ended'>): void => {
    if (outcome !== 'succeeded') return
    const spec = world.built.specs.get(step)!
    const keys = [...(spec.run ?? []), ...(spec.http === undefined ? [] : [spec.http])].map(
      (body) => /add[ /](\S+)/.exec(body)![1]!,
    )
    const simulated = world.hosts.get(host)!
    for (const key of [...keys, ...(spec.file === undefined ? [] : [spec.file.path])]) {
      const isThere = simulated.effects.some((effect) => effect.key === key)
      const isReset = (simulated.counters.get(key) ?? 1) === 0
      if (!isThere && !isReset) fail(`${step} on ${host} counts as succeeded, and ${key} never happened`)
    }
    const unknownAt = place.events.findLastIndex(({ type }) => type === 'job-unknown')
    if (unknownAt === -1) return
    const since = place.events.slice(unknownAt + 1)
    const isProved = since.some(
      (each) =>
        (each.type === 'checks-evaluated' && each.results.every(({ verdict }) => verdict === 'pass')) ||
        each.type === 'question-answered' ||
        each.type === 'attempt-started' ||
        each.type === 'job-ended',
    )
    if (!isProved) fail(`${step} on ${host} turned from unknown to succeeded by itself`)
  }

  const checkOutput = ({ job, host, result, outBytes }: EventOf<'job-ended'>): void => {
    const found = world.hosts.get(host)!.jobs.get(job)
    if (found === undefined || result.kind !== 'exited') return
    for (const stream of ['stdout', 'stderr'] as const) {
      const kept = readOutput(world.disk, job, stream)
      if (!kept.equals(stream === 'stdout' ? found.out : found.err))
        fail(`the ${stream} of ${job} is not what it printed`)
    }
    if (outBytes !== found.out.length)
      fail(`${job} printed ${found.out.length} bytes, the journal says ${outBytes}`)
  }

  const note = (event: RunEvent, isLive: boolean): void => {
    if (event.type === 'step-skipped') skipped.add(event.step)
    if (event.type === 'host-picked') picked.set(event.step, event.host)
    const about = placeAbout(event)
    if (about === undefined) return
    const place = placeOf(about.step, about.host)
    if (event.type === 'host-began') {
      if (isLive) checkBegin(event)
      place.began = true
    }
    if (isLive && event.type === 'host-ended') checkEnd(place, event)
    if (isLive && event.type === 'job-ended') checkOutput(event)
    place.events.push(event)
    if (event.type === 'host-ended') Object.assign(place, { outcome: event.outcome, by: event.by })
    if (
      event.type === 'host-stale' ||
      (event.type === 'question-asked' && event.question.kind === 'deferred')
    )
      place.outcome = undefined
    if (
      (event.type === 'question-answered' && !event.question.startsWith('clock/')) ||
      event.type === 'attempt-started'
    )
      place.outcome = undefined
  }

  return {
    onEvent: (event) => {
      const second = Math.floor(world.scheduler.nowMs() / 1000)
      const events = (perSecond.get(second) ?? 0) + 1
      perSecond.set(second, events)
      if (events > MAX_EVENTS_PER_SECOND) fail(`${events} events in one second`)
      note(event, true)
    },
    compareReplay: (state) => {
      if (state.version !== world.disk.events.length) return
      const [live, replayed] = [normalize(state), normalize(replay(world.disk.events))]
      if (live !== replayed) fail(`the state differs from its journal:\n${firstDifference(live, replayed)}`)
    },
    afterCrash: () => {
      places = new Map()
      skipped = new Set()
      picked = new Map()
      for (const { event } of world.disk.events) note(event, false)
    },
    finish: (state) => checkFinish(world, state, { skipped, placeOf, hostsOf, isSettled }),
  }
}

function placeAbout(event: RunEvent): { step: string; host: string } | undefined {
  if (event.type === 'question-asked') {
    const { step, host } = event.question
    return step === undefined || host === undefined ? undefined : { step, host }
  }
  if (event.type === 'question-answered') {
    const found = /^[a-z-]+\/([^@/#]+)@([^/#]+)/.exec(event.question)
    return found === null ? undefined : { step: found[1]!, host: found[2]! }
  }
  return 'step' in event && 'host' in event && event.host !== undefined
    ? { step: event.step, host: event.host }
    : undefined
}

type Found = {
  readonly skipped: ReadonlySet<string>
  readonly placeOf: (step: string, host: string) => Place
  readonly hostsOf: (spec: StepSpec) => readonly string[]
  readonly isSettled: (place: Place) => boolean
}

function checkFinish(world: SimWorld, state: RunState, found: Found): void {
  const problems: string[] = []
  for (const spec of world.built.specs.values()) {
    for (const host of hostsToCount(spec, found)) {
      const place = found.placeOf(spec.id, host)
      if (state.status === 'finished' && !found.skipped.has(spec.id) && !found.isSettled(place))
        problems.push(`${spec.id} on ${host} never ended`)
      if (place.outcome === 'skipped' && place.by === undefined)
        problems.push(`${spec.id} on ${host} was skipped silently`)
      problems.push(...checkEffects(world, spec, { host, events: place.events }))
    }
  }
  for (const host of world.hosts.values()) {
    for (const [job, times] of host.starts) if (times > 1) problems.push(`${job} was started ${times} times`)
  }
  if (problems.length > 0) throw new Error(problems.join('\n'))
}

function hostsToCount(spec: StepSpec, found: Found): readonly string[] {
  return spec.pickAny === true ? found.hostsOf(spec) : spec.hosts
}

/** What may not be repeated on a guess happened at most once, and once more for each time a person said so. */
function checkEffects(
  world: SimWorld,
  spec: StepSpec,
  at: { host: string; events: readonly RunEvent[] },
): string[] {
  if (spec.repeatSafe === true) return []
  const retries = at.events.filter(
    (event) => event.type === 'question-answered' && event.choice === 'retry',
  ).length
  const bodies = [...(spec.run ?? []), ...(spec.http === undefined ? [] : [spec.http])]
  return bodies.flatMap((body) => {
    const key = /add[ /](\S+)/.exec(body)![1]!
    const times = world.hosts.get(at.host)!.effects.filter((effect) => effect.key === key).length
    return times > 1 + retries
      ? [`${key} happened ${times} times on ${at.host}, with ${retries} retries`]
      : []
  })
}

/** A state as text, without the wall clock. */
export function normalize(state: RunState): string {
  const { startedWallMs: _, lastWallMs: __, lostWallMs: ___, ...rest } = state
  return JSON.stringify(
    rest,
    (_key, value: unknown) => {
      if (value instanceof Map) return [...value]
      if (value instanceof Set) return [...value]
      return value
    },
    1,
  )
}

function firstDifference(left: string, right: string): string {
  const [mine, other] = [left.split('\n'), right.split('\n')]
  const at = mine.findIndex((line, index) => line !== other[index])
  return `${mine.slice(Math.max(0, at - 12), at + 3).join('\n')}\n--- journal:\n${other.slice(at, at + 3).join('\n')}`
}
