import { renderWork, requireHostStep, type EngineContext } from '../context.ts'
import { isOpenJob } from './close-jobs.ts'
import { failHost } from './end-host.ts'
import { continueAction } from './run-actions.ts'
import { startAttempt } from './start-attempt.ts'
import type { HostPlace, HostStepEnd } from './step-model.ts'

/**
 * Before anything else is done for a host-step that was begun earlier: what of it may run on the host is found and
 * followed to its end. `go`: nothing is open any more.
 */
export async function settleOpenJobs(context: EngineContext, place: HostPlace): Promise<HostStepEnd | 'go'> {
  const hostStep = requireHostStep(context, place.step, place.host)
  const open = hostStep.attempt?.jobs.find(isOpenJob)
  if (open === undefined || hostStep.decision?.choice === 'retry') return 'go'
  const work = renderWork(context, place)
  const action = work.actions.find(({ index }) => index === open.action)
  if (action === undefined) {
    await failHost(context, place, {
      kind: 'unknown',
      cause: 'lost',
      detail: 'its action is no longer in the runbook',
    })
    return 'parked'
  }
  const end = await continueAction(context, { place, work, action }, open)
  if (end === 'again') await startAttempt(context, place, { kind: 'action', keepsDone: true })
  return end === 'next' || end === 'again' ? 'go' : end
}
