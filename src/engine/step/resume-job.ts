import type { JobState } from '../../core/run/state.ts'
import type { EngineContext } from '../context.ts'
import { recordUnknown, type JobEnd } from '../job/conclude-job.ts'
import type { JobOrder } from '../job/job-order.ts'
import { prepareBase, selectJobBase } from '../job/prepare-base.ts'
import { runJob } from '../job/run-job.ts'
import { buildSpec } from './build-spec.ts'
import type { ActionPlace } from './step-model.ts'
import { putCommand } from './put-command.ts'

/**
 * Takes up a job whose end is not recorded: it is probed on the host, followed where it runs, and started with
 * the same id only where the host proves that it never was.
 */
export async function resumeJob(context: EngineContext, at: ActionPlace, job: JobState): Promise<JobEnd> {
  if (!job.detached)
    return recordUnknown(
      context,
      { job: job.id, step: job.step, host: job.host },
      {
        cause: 'lost',
        detail: 'it ran attached to a connection that is gone',
      },
    )
  const { action } = at
  const prepared = await prepareBase(context, {
    host: job.host,
    as: job.as,
    reconnectMs: action.reconnectMs,
    isPatient: true,
  })
  if (!prepared.ok) {
    const detail =
      prepared.failure.kind === 'unreachable' ? prepared.failure.message : 'its directory cannot be read'
    return context.detach.aborted
      ? { kind: 'detached' }
      : recordUnknown(
          context,
          { job: job.id, step: job.step, host: job.host },
          { cause: 'unreachable', detail },
        )
  }
  const base = selectJobBase(prepared.base, job)
  const { timeoutMs, idleTimeoutMs, reconnectMs } = action
  const common = {
    job: job.id,
    step: job.step,
    host: job.host,
    attempt: job.attempt,
    as: job.as,
    base,
    isResumed: true,
    timeoutMs,
    idleTimeoutMs,
    reconnectMs,
  }
  return runJob(context, { ...common, spec: await selectSpec(context, at, job) })
}

/** The same bytes as intended, or none: then the job is only followed, never started. */
async function selectSpec(context: EngineContext, at: ActionPlace, job: JobState): Promise<JobOrder['spec']> {
  if (job.state !== 'intent' || job.kind !== 'run') return undefined
  if ((await putCommand(context, at)) !== job.command) return undefined
  const spec = await buildSpec(context, at.action)
  return spec.ok ? spec.value : undefined
}
