import type { Outcome } from '../../core/run/events.ts'
import type { Choice } from '../../core/run/question.ts'
import { requireHostStep, renderWork, selectPlanStep, type EngineContext } from '../context.ts'
import { closeJobs, isOpenJob } from './close-jobs.ts'
import { buildCheckFailure, endHost, failHost } from './end-host.ts'
import type { HostPlace, HostStepEnd } from './step-model.ts'
import { undoHost } from './undo-host.ts'
import { evaluateAfter } from './verify-host.ts'

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

/** Looks again: at the host's record of the job, then at the checks. */
async function recheck(context: EngineContext, place: HostPlace): Promise<HostStepEnd | 'proceed'> {
  const hostStep = requireHostStep(context, place.step, place.host)
  const isUnsettled = hostStep.attempt?.jobs.some(isOpenJob) === true
  if (isUnsettled && hostStep.decision!.question.kind === 'unknown') {
    const isPast = selectPlanStep(context, place.step).repeat === 'guarded'
    if (!isPast) return 'proceed'
  }
  const work = renderWork(context, place)
  const { verdict, worst } = await evaluateAfter(context, place, work)
  if (verdict === 'pass') {
    await endHost(context, place, { outcome: 'succeeded' })
    return 'ended'
  }
  await failHost(context, place, buildCheckFailure(worst))
  return 'parked'
}
