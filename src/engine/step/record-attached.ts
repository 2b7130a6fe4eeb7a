import type { Digest, JobId } from '../../core/base/ids.ts'
import type { JobResult } from '../../core/run/events.ts'
import type { Failure } from '../../core/run/failure.ts'
import type { EngineContext } from '../context.ts'
import type { JobEnd } from '../job/conclude-job.ts'
import type { HostPlace } from './step-model.ts'

/** How something ended that was attached to a connection; `unsent` proves that nothing of it reached the host. */
export type AttachedResult =
  | { readonly kind: 'unsent' | 'unknown'; readonly reason: string }
  | {
      readonly kind: 'ended'
      readonly result: JobResult
      readonly bytes: { readonly outBytes: number; readonly errBytes: number; readonly outDigest?: Digest }
    }

/** What came of it; `failed`: nothing ran. */
export type AttachedEnd = JobEnd | { readonly kind: 'failed'; readonly failure: Failure }

export type AttachedJob = {
  readonly place: HostPlace
  readonly job: JobId
  readonly durationMs: number
  /** Why nobody knows the outcome, if nobody does. */
  readonly cause: 'lost' | 'no-reply'
}

/** Makes the end of an attached job durable. */
export async function recordAttached(
  context: EngineContext,
  { place, job, durationMs, cause }: AttachedJob,
  end: AttachedResult,
): Promise<AttachedEnd> {
  const { step, host } = place
  switch (end.kind) {
    case 'unsent':
      await context.record({ type: 'job-unstarted', job, step, host, proof: 'not-sent' })
      return {
        kind: 'failed',
        failure: { kind: 'unreachable', cause: 'not-sent', message: end.reason },
      }
    case 'unknown':
      await context.record({ type: 'job-unknown', job, step, host, cause, detail: end.reason })
      return { kind: 'unknown' }
    case 'ended':
      await context.record({
        type: 'job-ended',
        job,
        step,
        host,
        result: end.result,
        durationMs,
        ...end.bytes,
      })
      return { kind: 'ended', job: context.state.jobs.get(job)! }
  }
}
