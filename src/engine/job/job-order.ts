import type { AttemptId, Digest, HostName, JobId, StepId } from '../../core/base/ids.ts'
import type { JobSpec } from '../remote-job/job-request.ts'
import type { Base } from './prepare-base.ts'

/** One job of an attempt, ready to run; its intent is durable. */
export type JobOrder = {
  readonly job: JobId
  readonly step: StepId
  readonly host: HostName
  readonly attempt: AttemptId
  readonly as: string | undefined
  readonly base: Base
  /** The intent is from an earlier session, or something of it may have been sent before. */
  readonly isResumed: boolean
  /** Absent when a job that runs already is only followed. */
  readonly spec: JobSpec | undefined
  readonly expectFile?: { readonly path: string; readonly digest: Digest | 'absent' }
  readonly timeoutMs: number
  readonly idleTimeoutMs: number
  readonly reconnectMs: number
}
