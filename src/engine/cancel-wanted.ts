import type { Intent } from '../core/run/intents.ts'
import type { Question } from '../core/run/question.ts'
import type { JobState, RunState } from '../core/run/state.ts'
import type { EngineContext } from './context.ts'
import { createNonce, exchangeSafely } from './job/exchange.ts'
import { prepareBase, selectJobBase } from './job/prepare-base.ts'
import type { WorkPool } from './work-pool.ts'

/** Ends at once on the hosts what a person wants ended; whoever follows the job then reads its end as usual. */
export function cancelWanted(context: EngineContext, pool: WorkPool, wish: Wish): void {
  for (const job of context.state.jobs.values()) {
    if (job.state !== 'running' || !job.detached || !isWanted(context.state, wish, job)) continue
    pool.begin(`cancel ${job.id}`, () => cancelJob(context, job))
  }
}

/** Carries out what was decided in an earlier session and cut off by its end: jobs that are to be ended are ended. */
export function cancelDecided(context: EngineContext, pool: WorkPool): void {
  for (const job of context.state.jobs.values()) {
    const isWanted = job.isToBeCancelled === true || context.state.aborting !== undefined
    if (job.state === 'running' && job.detached && isWanted)
      pool.begin(`cancel ${job.id}`, () => cancelJob(context, job))
  }
}

/** `question`: the one that the intent answered, as it was before. */
type Wish = { readonly intent: Intent; readonly question: Question | undefined }

function isWanted(state: RunState, { intent, question }: Wish, { step, host }: JobState): boolean {
  if (state.aborting !== undefined) return true
  if (intent.type === 'cancel-job') return intent.step === step && intent.host === host
  return (
    intent.type === 'answer' &&
    intent.choice === 'cancel' &&
    question?.step === step &&
    question.host === host
  )
}

async function cancelJob(context: EngineContext, job: JobState): Promise<'done'> {
  const target = { host: job.host, as: job.as, reconnectMs: context.limits.firstContactMs }
  const prepared = await prepareBase(context, target)
  if (!prepared.ok) return 'done'
  const { place } = selectJobBase(prepared.base, job)
  await exchangeSafely(context, target, {
    verb: 'cancel',
    nonce: createNonce(context),
    place,
    job: job.id,
    run: context.run,
  })
  return 'done'
}
