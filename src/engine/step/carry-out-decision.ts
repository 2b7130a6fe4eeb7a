import type { Outcome } from '../../core/run/events.ts'
import type { Failure } from '../../core/run/failure.ts'
import type { Choice } from '../../core/run/question.ts'
import { requireHostStep, renderWork, selectPlanStep, type EngineContext } from '../context.ts'
import { closeJobs, isOpenJob } from './close-jobs.ts'
import { endHost, failHost, hasProof } from './end-host.ts'
import type { HostPlace, HostStepEnd } from './step-model.ts'
import { undoHost } from './undo-host.ts'
import { verifyHost } from './verify-host.ts'

/**
 * Carries out what a person decided about a host-step. A decision that a job shall not run is first written on the
 * host; where that cannot be done, the outcome stays unknown.
 */
export async function carryOutDecision(
  context: EngineContext,
  place: HostPlace,
): Promise<HostStepEnd | 'proceed'> {
  const { decision } = requireHostStep(context, place.step, place.host)
  if (context.state.aborting !== undefined)
    return close(context, place, {
      outcome: 'cancelled',
      by: context.state.aborting.by,
      reason: context.state.aborting.reason,
    })
  const by = decision!.by
  const reason = decision!.reason ?? ''
  switch (decision!.choice) {
    case 'retry':
      return retry(context, place)
    case 'recheck':
      return recheck(context, place)
    case 'undo':
      return undoHost(context, place)
    default:
      return close(context, place, { outcome: OUTCOMES[decision!.choice] ?? 'cancelled', by, reason })
  }
}

const OUTCOMES: Partial<Record<Choice, Outcome>> = {
  accept: 'accepted',
  skip: 'skipped',
  defer: 'deferred',
  exclude: 'excluded',
}

async function close(
  context: EngineContext,
  place: HostPlace,
  end: { readonly outcome: Outcome; readonly by: string; readonly reason: string },
): Promise<HostStepEnd> {
  const isClosed = await closeJobs(context, place)
  if (isClosed) await endHost(context, place, end)
  else
    await endHost(context, place, {
      ...end,
      outcome: 'unknown',
      failure: { kind: 'unknown', cause: 'unreachable', detail: `it was to be ${end.outcome}` },
    })
  return 'ended'
}

async function retry(context: EngineContext, place: HostPlace): Promise<HostStepEnd | 'proceed'> {
  if (await closeJobs(context, place)) return 'proceed'
  await failHost(context, place, {
    kind: 'unknown',
    cause: 'unreachable',
    detail: 'the first try can only be closed on the host itself',
  })
  return 'parked'
}

/**
 * Looks again: at the host's record of the job, then at the checks. A step that nothing can prove stays as it is:
 * looking at nothing proves nothing.
 */
async function recheck(context: EngineContext, place: HostPlace): Promise<HostStepEnd | 'proceed'> {
  const hostStep = requireHostStep(context, place.step, place.host)
  const jobs = hostStep.attempt?.jobs ?? []
  const isUnknown = hostStep.decision!.question.kind === 'unknown'
  if (isUnknown && jobs.some(isOpenJob)) return 'proceed'
  if (hasProof(selectPlanStep(context, place.step)))
    return verifyHost(context, place, renderWork(context, place))
  if (isUnknown && jobs.every(({ state }) => state === 'ended')) return 'proceed'
  const nothing: Failure = { kind: 'inconclusive', index: 1, verb: 'check', reason: 'the step has none' }
  await failHost(context, place, hostStep.failure ?? nothing)
  return 'parked'
}
