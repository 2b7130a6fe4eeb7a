import type { ActionWork, HostStepWork } from '../../core/plan/model.ts'
import type { HostStepState, JobState } from '../../core/run/state.ts'
import { requireHostStep, type EngineContext } from '../context.ts'
import type { JobEnd } from '../job/conclude-job.ts'
import { buildExchangeFailure } from '../job/prepare-base.ts'
import { failHost } from './end-host.ts'
import { decideUnknownJob } from './decide-unknown-job.ts'
import { resumeJob } from './resume-job.ts'
import { startAction } from './start-action.ts'
import { startAttempt } from './start-attempt.ts'
import type { ActionEnd, ActionPlace, HostPlace, HostStepEnd } from './step-model.ts'

/** New attempts that may follow each other unasked when a host proves that nothing was started. */
const MAX_RESTARTS = 3

/** Runs the actions in document order, from the first whose end is not recorded. */
export async function runActions(
  context: EngineContext,
  place: HostPlace,
  work: HostStepWork,
): Promise<HostStepEnd | 'go'> {
  if (work.actions.length === 0) return 'go'
  const hostStep = requireHostStep(context, place.step, place.host)
  if (hostStep.attempt?.kind !== 'action' || hostStep.decision?.choice === 'retry')
    await startAttempt(context, place, { kind: 'action', keepsDone: false })
  for (const action of work.actions) {
    const end = await runAction(context, { place, work, action })
    if (end !== 'next') return end === 'again' ? 'parked' : end
  }
  return 'go'
}

async function runAction(context: EngineContext, at: ActionPlace): Promise<ActionEnd> {
  const { place, action } = at
  for (let restarts = 0; restarts <= MAX_RESTARTS; restarts += 1) {
    const hostStep = requireHostStep(context, place.step, place.host)
    if (hostStep.done.has(action.index)) return 'next'
    const end = await continueAction(context, at, selectJob(hostStep, action))
    if (end !== 'again') return end
    await startAttempt(context, place, { kind: 'action', keepsDone: true })
  }
  await failHost(context, place, {
    kind: 'refused',
    action: action.index,
    why: `the host did not start it ${MAX_RESTARTS} times`,
  })
  return 'parked'
}

/** The latest job of this action in the attempt that is open. */
function selectJob({ attempt }: HostStepState, action: ActionWork): JobState | undefined {
  return attempt?.jobs.findLast((job) => job.action === action.index)
}

/** Takes one action on from the state of its latest job. */
export async function continueAction(
  context: EngineContext,
  at: ActionPlace,
  job: JobState | undefined,
): Promise<ActionEnd> {
  switch (job?.state) {
    case undefined: {
      const end = await startAction(context, at)
      return typeof end === 'string' ? end : settleEnd(context, at, end)
    }
    case 'unstarted':
    case 'tombstoned':
      return 'again'
    case 'ended':
      return settleEnd(context, at, { kind: 'ended', job })
    case 'unknown':
    case 'intent':
    case 'running':
      return settleEnd(context, at, await resumeJob(context, at, job))
  }
}

/** What follows from the end of a job. */
async function settleEnd(context: EngineContext, at: ActionPlace, end: JobEnd): Promise<ActionEnd> {
  const action = at.action.index
  switch (end.kind) {
    case 'detached':
      return 'detached'
    case 'unstarted':
      return 'again'
    case 'unknown':
      return decideUnknownJob(context, at)
    case 'elevation-failed':
      await failHost(context, at.place, { kind: 'elevation', reason: end.reason })
      return 'parked'
    case 'unreachable':
      await failHost(context, at.place, buildExchangeFailure(end))
      return 'parked'
    case 'ended': {
      const { result } = end.job
      if (result?.kind === 'exited' && result.code === 0) return 'next'
      if (result?.kind === 'refused' && result.why === 'digest') return 'again'
      await failHost(context, at.place, buildFailure(action, result))
      return 'parked'
    }
  }
}

function buildFailure(action: number, result: JobState['result']): Parameters<typeof failHost>[2] {
  switch (result?.kind) {
    case 'exited':
      return { kind: 'exit', action, code: result.code }
    case 'signalled':
      return { kind: 'signal', action, signal: result.signal }
    case 'refused':
      return { kind: 'refused', action, why: result.why }
    case 'timed-out':
    case 'cancelled':
      return { kind: result.kind, action }
    case undefined:
      return { kind: 'unknown', cause: 'lost', detail: '' }
  }
}
