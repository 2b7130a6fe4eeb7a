import { selectPlanStep, requireHostStep, type EngineContext } from '../context.ts'
import { tombstone } from '../job/conclude-job.ts'
import { prepareBase, selectJobBase } from '../job/prepare-base.ts'
import { evaluateProbes } from '../probe/evaluate-probes.ts'
import { endHost, failHost } from './end-host.ts'
import type { ActionEnd, ActionPlace } from './step-model.ts'
import type { JobState } from '../../core/run/state.ts'

/**
 * Nobody knows how the job ended. What may be repeated is repeated (once the old id can never start), a guarded
 * step asks its checks, and everything else asks a person: nothing that changes a host is repeated on a guess.
 */
export async function decideUnknownJob(context: EngineContext, at: ActionPlace): Promise<ActionEnd> {
  const { place, action, work } = at
  const job = requireHostStep(context, place.step, place.host).attempt!.jobs.findLast(
    (each) => each.action === action.index,
  )!
  const mayAsk = job.cause !== 'unreachable' && job.cause !== 'orphan'
  const isRepeatable = action.kind === 'edit' || action.kind === 'file' || action.repeatSafe
  if (mayAsk && isRepeatable && (await isClosed(context, at, job))) return 'again'
  const isWanted = requireHostStep(context, place.step, place.host).decision?.choice === 'recheck'
  if ((mayAsk || isWanted) && selectPlanStep(context, place.step).repeat === 'guarded') {
    const { verdict } = await evaluateProbes(context, {
      step: place.step,
      host: place.host,
      probes: work.checks,
      moment: 'recheck',
      polls: true,
    })
    if (verdict === 'pass') {
      await endHost(context, place, { outcome: 'succeeded' })
      return 'ended'
    }
  }
  await failHost(context, place, { kind: 'unknown', cause: job.cause ?? 'lost', detail: job.detail ?? '' })
  return 'parked'
}

async function isClosed(context: EngineContext, { action }: ActionPlace, job: JobState): Promise<boolean> {
  if (!job.detached) return true
  const prepared = await prepareBase(context, { host: job.host, as: job.as, reconnectMs: action.reconnectMs })
  if (!prepared.ok) return false
  const found = await tombstone(context, {
    job: job.id,
    host: job.host,
    as: job.as,
    base: selectJobBase(prepared.base, job),
    reconnectMs: action.reconnectMs,
  })
  return found !== 'unknown'
}
