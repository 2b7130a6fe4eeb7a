import type { JobState } from '../../core/run/state.ts'
import { requireHostStep, type EngineContext } from '../context.ts'
import { recordUnknown, tombstone } from '../job/conclude-job.ts'
import { prepareBase, selectJobBase } from '../job/prepare-base.ts'
import type { HostPlace } from './step-model.ts'

/** Makes sure that no job of the attempt can still start or go on; false where the host could not be asked. */
export async function closeJobs(context: EngineContext, { step, host }: HostPlace): Promise<boolean> {
  return closeAll(context, requireHostStep(context, step, host).attempt?.jobs ?? [])
}

/** The same for all attempts before the one that is open. */
export function closeEarlierJobs(context: EngineContext, { step, host }: HostPlace): Promise<boolean> {
  const { attempt } = requireHostStep(context, step, host)
  const jobs = [...context.state.jobs.values()].filter(
    (job) => job.step === step && job.host === host && job.attempt !== attempt?.id,
  )
  return closeAll(context, jobs)
}

async function closeAll(context: EngineContext, jobs: readonly JobState[]): Promise<boolean> {
  for (const job of jobs.filter(isOpenJob)) {
    if (!(await closeJob(context, job))) return false
    await context.record({ type: 'job-tombstoned', job: job.id, step: job.step, host: job.host })
  }
  return true
}

async function closeJob(context: EngineContext, job: JobState): Promise<boolean> {
  if (!job.detached || job.cause === 'storage') return true
  const target = { host: job.host, as: job.as, reconnectMs: context.limits.firstContactMs }
  const prepared = await prepareBase(context, target)
  if (!prepared.ok) return false
  const base = selectJobBase(prepared.base, job)
  const found = await tombstone(context, { job: job.id, base, ...target })
  if (found === 'gone')
    await recordUnknown(context, { ...job, job: job.id }, { cause: 'storage', detail: '' })
  return found !== 'unknown' && found !== 'gone'
}

/** Whether it is not known or not recorded how the job ended. */
export function isOpenJob({ state }: JobState): boolean {
  return state === 'intent' || state === 'running' || state === 'unknown'
}
