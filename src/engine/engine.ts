import { BugError } from '../core/base/errors.ts'
import { decideIntent } from '../core/run/decide-intent.ts'
import type { Decision } from '../core/run/decision.ts'
import type { Intent } from '../core/run/intents.ts'
import type { Question } from '../core/run/question.ts'
import type { RunState } from '../core/run/state.ts'
import { isRunOver } from '../core/run/end-run.ts'
import { cancelDecided, cancelWanted } from './cancel-wanted.ts'
import { buildContext, type EngineContext, type EnginePorts } from './context.ts'
import { correctParams } from './correct-params.ts'
import { createWorkPool, type WorkPool } from './work-pool.ts'
import { steerWaits } from './link/steer-waits.ts'
import { leaveNotices } from './job/leave-notices.ts'
import { performWork } from './perform-work.ts'
import { recheckRun } from './recheck-run.ts'
import { createReadBackWatch } from './step/watch-read-back.ts'

/** Answers a question without a person, from the options of the command line; undefined leaves it open. */
export type AnswerPolicy = (question: Question, state: RunState) => Intent | undefined

/** Why the engine came to rest. */
export type EngineStop =
  | { readonly kind: 'finished' | 'aborted' }
  /** Nothing can go on without a person; the open questions say what for. */
  | { readonly kind: 'waiting' }
  /** Let go on purpose; jobs on hosts go on. */
  | { readonly kind: 'detached' }
  /** The journal cannot be written any more: nothing was started since. */
  | { readonly kind: 'journal-failed'; readonly error: Error }

export type Engine = {
  /** Drives the run until it ends or waits; with `staysOpen` it waits for intents instead of returning. */
  readonly run: () => Promise<EngineStop>
  readonly submit: (intent: Intent) => Promise<Decision>
  /** Lets go: open channels are closed, jobs on hosts go on, `run` resolves soon. */
  readonly detach: () => void
  readonly state: RunState
}

export type EngineOptions = EnginePorts & {
  /** Look first whether what succeeded still holds: after hours, for another operator, after a restart. */
  readonly rechecks?: boolean
  readonly answers?: AnswerPolicy
  /** Somebody is there to answer: wait for intents. */
  readonly staysOpen: boolean
}

/** Builds the engine of one run; nothing happens before `run`. */
export function createEngine(options: EngineOptions): Engine {
  const detaching = new AbortController()
  const context = buildContext(options, detaching.signal)
  const pool = createWorkPool()
  const decide = async (intent: Intent): Promise<Decision> => {
    const question = intent.type === 'answer' ? context.state.questions.get(intent.question) : undefined
    const decision = decideIntent(context.state, intent)
    if (decision.ok && intent.type === 'correct-params')
      return correctParams(context, pool, intent).finally(pool.wake)
    if (decision.ok) {
      await context.record(...decision.events)
      steerWaits(context, intent, decision.events)
      cancelWanted(context, pool, { intent, question })
      pool.unpark()
    }
    pool.wake()
    return decision
  }
  // One after the other: an answer is decided by a state that holds the one before.
  let turn: Promise<unknown> = Promise.resolve()
  const submit = (intent: Intent): Promise<Decision> => {
    const decided = turn.then(() => decide(intent))
    turn = decided.catch(() => undefined)
    return decided
  }
  const detach = (): void => {
    detaching.abort()
    pool.wake()
  }
  return {
    run: () => drive(context, options, { pool, submit, detach }),
    submit,
    detach,
    state: context.state,
  }
}

type Driver = { readonly pool: WorkPool; readonly submit: Engine['submit']; readonly detach: () => void }

async function drive(context: EngineContext, options: EngineOptions, driver: Driver): Promise<EngineStop> {
  const { pool } = driver
  const watch = createReadBackWatch(context, pool.wake)
  try {
    if (options.rechecks === true && !isRunOver(context.state)) await recheckRun(context)
    cancelDecided(context, pool)
    for (;;) {
      await answerQuestions(context, options, driver)
      // Only where somebody can answer: else the engine comes to rest.
      if (options.staysOpen) watch.update()
      if (!context.detach.aborted) performWork(context, pool)
      pool.throwFailure()
      const stop = selectStop(context, options, pool)
      if (stop?.kind === 'waiting' || stop?.kind === 'detached') await leaveNotices(context)
      // An answer may have come while the hosts were told.
      if (stop?.kind === 'waiting' && pool.hasNews()) continue
      if (stop !== undefined) return stop
      const isResting = pool.size() === 0 && !pool.hasNews()
      context.observer.onRest?.(isResting)
      const waking = isResting ? leaveNoticesLater(context) : undefined
      await pool.changed()
      waking?.abort()
    }
  } catch (error) {
    driver.detach()
    await pool.settle()
    if (error instanceof BugError || !(error instanceof Error)) throw error
    return { kind: 'journal-failed', error }
  } finally {
    await watch.close()
  }
}

/** So long a run waits for a person before its locks become notices: somebody may be about to answer. */
const REST_MS = 30_000

/** Nothing of a paused run will start soon; of one that waits for an answer it may. */
function leaveNoticesLater(context: EngineContext): AbortController {
  const waking = new AbortController()
  void leaveNoticesAtRest(context, waking.signal)
  return waking
}

async function leaveNoticesAtRest(context: EngineContext, waking: AbortSignal): Promise<void> {
  await context.clock.sleep(context.state.status === 'paused' ? 0 : REST_MS, waking)
  if (!waking.aborted) await leaveNotices(context)
}

async function answerQuestions(
  context: EngineContext,
  { answers }: EngineOptions,
  { submit }: Driver,
): Promise<void> {
  if (answers === undefined) return
  for (const question of context.state.questions.values()) {
    const intent = answers(question, context.state)
    if (intent !== undefined) await submit(intent)
  }
}

function selectStop(
  context: EngineContext,
  { staysOpen }: EngineOptions,
  pool: WorkPool,
): EngineStop | undefined {
  if (pool.size() > 0) return undefined
  const { status } = context.state
  if (status === 'finished' || status === 'aborted') return { kind: status }
  if (context.detach.aborted) return { kind: 'detached' }
  return staysOpen || pool.hasNews() ? undefined : { kind: 'waiting' }
}
