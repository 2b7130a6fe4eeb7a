import type { HostName, StepId } from '../../core/base/ids.ts'
import type { ProbeWork } from '../../core/plan/model.ts'
import type { CheckResult } from '../../core/run/check-result.ts'
import { formatFailure } from '../../core/run/failure-words.ts'
import type { Question } from '../../core/run/question.ts'
import { renderWork, selectPlanStep, type EngineContext } from '../context.ts'
import { removeFixtures, writeFixtures } from '../file/fixtures.ts'
import { selectLink } from '../link/host-link.ts'
import { evaluateProbeWork } from '../probe/evaluate-probe-work.ts'
import { selectProof } from './verify-host.ts'

/** Shortest pause between two looks, in milliseconds: a person at work needs it no sooner, and hosts are spared. */
const READ_BACK_MIN_MS = 2000

/** Hosts that are looked at together: a look at fifty takes a moment and never crowds out what runs. */
const HOSTS_AT_ONCE = 8

/** Looks at what a person does by hand, while the question about it is open. */
export type ReadBackWatch = {
  /** Begins and ends looking, as the state has it now; throws what a look ended with. */
  readonly update: () => void
  /** Ends all looking; resolves when nothing of it is under way. */
  readonly close: () => Promise<void>
}

/**
 * Makes the watch of an engine. A look only reads, and leaves no record: it is progress. It stops with the answer,
 * with a pause, and while nobody looks on; what counts is evaluated after the answer. `onEnd` tells that one ended.
 */
export function createReadBackWatch(context: EngineContext, onEnd: () => void): ReadBackWatch {
  const stops = new Map<string, AbortController>()
  let failure: { readonly error: unknown } | undefined
  const follow = async (question: Question, signal: AbortSignal): Promise<void> => {
    try {
      await watchQuestion(context, question, signal)
    } catch (error) {
      failure ??= { error }
    } finally {
      context.readBacks.delete(question.id)
      stops.delete(question.id)
      onEnd()
    }
  }
  return {
    update() {
      if (failure !== undefined) throw failure.error
      const wanted = selectWatched(context)
      for (const [id, stop] of stops) if (!wanted.some((question) => question.id === id)) stop.abort()
      for (const question of wanted) {
        // One that is just ending begins again when it has ended.
        if (context.readBacks.has(question.id)) continue
        const stop = new AbortController()
        stops.set(question.id, stop)
        context.readBacks.set(question.id, follow(question, stop.signal))
      }
    },
    async close() {
      for (const stop of stops.values()) stop.abort()
      await Promise.allSettled(context.readBacks.values())
    },
  }
}

function selectWatched(context: EngineContext): Question[] {
  const { state, detach } = context
  if (state.status !== 'open' || state.aborting !== undefined || detach.aborted) return []
  return [...state.questions.values()].filter(
    ({ kind, step }) => kind === 'manual' && step !== undefined && hasReadBack(context, step),
  )
}

function hasReadBack(context: EngineContext, step: StepId): boolean {
  const { checks, verifies, requires, actions } = selectPlanStep(context, step).touches
  return checks + verifies + (actions === 0 ? requires : 0) > 0
}

async function watchQuestion(context: EngineContext, question: Question, signal: AbortSignal): Promise<void> {
  const eyes = buildEyes(context, signal)
  while (!signal.aborted) {
    const isWatched = context.observer.isWatched?.() !== false
    const pauseMs = isWatched ? await lookAtHosts(context, { eyes, question, signal }) : READ_BACK_MIN_MS
    await context.clock.sleep(pauseMs, signal)
  }
}

/** The engine's context for looking: the answer cuts a look off, and a secret that is missing is asked for once. */
function buildEyes(context: EngineContext, signal: AbortSignal): EngineContext {
  const { secrets } = context
  const missing = new Map<string, Awaited<ReturnType<typeof secrets.resolve>>>()
  const resolve: typeof secrets.resolve = async (name) => {
    const value = missing.get(name) ?? (await secrets.resolve(name))
    if (!value.ok) missing.set(name, value)
    return value
  }
  return { ...context, detach: signal, secrets: { ...secrets, known: () => secrets.known(), resolve } }
}

type Look = { readonly eyes: EngineContext; readonly question: Question; readonly signal: AbortSignal }

/** Looks at every host that waits for this question; gives the pause until the next look. */
async function lookAtHosts(context: EngineContext, look: Look): Promise<number> {
  const step = look.question.step!
  const waiting = [...(context.state.steps.get(step)?.hosts.values() ?? [])]
    .filter(({ question }) => question === look.question.id)
    .map(({ host }) => host)
  let pauseMs = READ_BACK_MIN_MS
  for (let at = 0; at < waiting.length && !look.signal.aborted; at += HOSTS_AT_ONCE) {
    const wishes = await Promise.all(
      waiting.slice(at, at + HOSTS_AT_ONCE).map((host) => lookAtHost(context, { ...look, step, host })),
    )
    pauseMs = Math.max(pauseMs, ...wishes)
  }
  return pauseMs
}

type HostLook = Look & { readonly step: StepId; readonly host: HostName }

async function lookAtHost(context: EngineContext, { eyes, signal, step, host }: HostLook): Promise<number> {
  const work = renderWork(context, { step, host })
  if (work.problem !== undefined || work.skipped !== undefined) return READ_BACK_MIN_MS
  const probes = selectProof(work)
  // A link outlives this look, so it is not made of its context.
  for (const name of [host, ...probes.flatMap(({ probers }) => probers)]) selectLink(context, name)
  const target = { host, reconnectMs: 0, neededMs: context.limits.firstContactMs }
  try {
    const failure = await writeFixtures(eyes, target, work.fixtures)
    const seen = failure === undefined ? await evaluateAll(eyes, { step, host, probes }) : []
    if (!signal.aborted) {
      const text = failure === undefined ? describeSeen(seen) : `cannot look: ${formatFailure(failure)}`
      context.observer.onProgress({ step, host, text, seen })
    }
  } finally {
    await removeFixtures(context, target, work.fixtures)
  }
  return Math.max(...probes.map(({ everyMs }) => everyMs))
}

/** All probes, also after one that does not hold; what one captures, the next may compare. */
async function evaluateAll(
  eyes: EngineContext,
  {
    step,
    host,
    probes,
  }: { readonly step: StepId; readonly host: HostName; readonly probes: readonly ProbeWork[] },
): Promise<CheckResult[]> {
  const captures = new Map(eyes.state.captures)
  const context = { ...eyes, state: { ...eyes.state, captures } }
  const seen: CheckResult[] = []
  for (const probe of probes) {
    if (eyes.detach.aborted) break
    const { results, captured } = await evaluateProbeWork(context, { step, host }, withoutWaiting(probe))
    seen.push(...results)
    if (probe.capture !== undefined && captured !== undefined)
      captures.set(probe.capture, new Map(captures.get(probe.capture)).set(host, captured))
  }
  return seen
}

/** A host that is away is looked at again later; nothing waits for it. */
function withoutWaiting(probe: ProbeWork): ProbeWork {
  const options = { ...probe.fence.options, reconnectMs: 0 }
  return { ...probe, fence: { ...probe.fence, options } }
}

function describeSeen(seen: readonly CheckResult[]): string {
  const open = seen.find(({ verdict, warn }) => verdict !== 'pass' && warn !== true)
  if (open === undefined) return 'its checks hold now'
  const state = open.verdict === 'fail' ? 'does not hold yet' : 'cannot tell yet'
  return `${open.verb} ${open.index} ${state}${open.reason === undefined ? '' : `: ${open.reason}`}`
}
