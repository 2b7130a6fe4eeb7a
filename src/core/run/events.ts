import type { Digest, HostName, JobId, AttemptId, StepId } from '../base/ids.ts'
import type { CheckResult } from './check-result.ts'
import type { Choice, Question } from './question.ts'
import type { Failure, UnknownCause } from './failure.ts'
import type { PlanOutline } from './outline.ts'

/** How a host-step ended. */
export type Outcome =
  | 'succeeded'
  | 'satisfied'
  | 'failed'
  | 'skipped'
  | 'deferred'
  | 'accepted'
  | 'undone'
  | 'cancelled'
  | 'excluded'
  | 'unknown'

export type RunOptions = {
  /** Go on unasked up to this danger. */
  readonly approve?: 'change' | 'disruptive'
  readonly onFailure: 'stop' | 'ask'
  readonly only?: string
  readonly from?: string
  readonly limit?: string
  readonly ref?: string
  readonly overrideNeeds?: string
}

export type PauseReason =
  | 'operator'
  | 'gate'
  | 'window'
  | 'threshold'
  | 'journal-error'
  | 'waiting'
  | 'interrupted'
  | 'link'

type Moment = 'preview' | 'before' | 'require' | 'after' | 'recheck'

/** Facts, past tense, a closed union. `Of<T>` names one. Every event is durable before it is acted on or shown. */
export type RunEvent =
  | {
      readonly type: 'run-created'
      readonly runbook: { readonly path: string; readonly sha256: Digest; readonly title: string }
      readonly inventory: {
        readonly path: string
        readonly name: string
        readonly sha256: Digest
        readonly environment: string
        readonly level: string
        /** Practice hosts: which beginning of theirs this is; after a reset it is another. */
        readonly lab?: string
      }
      /** Digest of the `PlanOutline` value; readers put the value itself into `outline` before reducing. */
      readonly outlineDigest: Digest
      readonly outline?: PlanOutline
      /** Digest of the list of the files that the plan was made from. */
      readonly snapshot?: Digest
      /** Digest of what else it was made from: paths, given parameters, limits. */
      readonly inputs?: Digest
      readonly params: { readonly [name: string]: unknown }
      readonly operator: string
      readonly options: RunOptions
      readonly toolVersion: string
      /** Warnings that were accepted with the plan, waivers among them. */
      readonly waivers: readonly string[]
    }
  | {
      readonly type: 'run-confirmed'
      readonly by: string
      readonly how: 'asked' | 'option'
      readonly environment?: string
      readonly ref?: string
    }
  | {
      readonly type: 'session-opened'
      readonly operator: string
      readonly host: string
      readonly pid: number
    }
  | { readonly type: 'run-paused'; readonly reason: PauseReason; readonly detail?: string }
  | { readonly type: 'run-resumed'; readonly operator: string }
  | { readonly type: 'run-finished'; readonly deviations: number; readonly failed: boolean }
  /** The wish to end the run; `run-aborted` follows once nothing of it can start on a host any more. */
  | { readonly type: 'abort-requested'; readonly by: string; readonly reason: string }
  | { readonly type: 'run-aborted'; readonly by: string; readonly reason: string }
  | {
      readonly type: 'plan-adopted'
      readonly outlineDigest: Digest
      readonly outline?: PlanOutline
      readonly snapshot?: Digest
      readonly inputs?: Digest
      readonly by: string
      readonly changes: readonly string[]
      /** Edited as well, and left as they were. */
      readonly kept?: readonly string[]
      readonly stale: readonly StepId[]
      readonly runbookSha256: Digest
    }
  | {
      readonly type: 'param-changed'
      readonly name: string
      readonly before: unknown
      readonly after: unknown
      readonly reason: string
      readonly by: string
    }
  | { readonly type: 'step-began'; readonly step: StepId }
  | { readonly type: 'host-picked'; readonly step: StepId; readonly host: HostName }
  | {
      readonly type: 'step-confirmed'
      readonly step: StepId
      readonly host?: HostName
      readonly by: string
      readonly how: 'asked' | 'typed' | 'option'
    }
  | {
      readonly type: 'step-skipped'
      readonly step: StepId
      readonly by: 'condition' | 'no-host' | 'person' | 'limit'
      readonly detail: string
    }
  | {
      readonly type: 'checks-evaluated'
      readonly step: StepId
      readonly host: HostName
      readonly moment: Moment
      readonly results: readonly CheckResult[]
    }
  | {
      readonly type: 'edit-shown'
      readonly step: StepId
      readonly host: HostName
      readonly action: number
      readonly path: string
      /** Digest of the file's text; absent: no such file. */ readonly before?: Digest
      readonly after: Digest
      readonly diff: Digest
    }
  | { readonly type: 'host-began'; readonly step: StepId; readonly host: HostName }
  | {
      readonly type: 'attempt-started'
      readonly step: StepId
      readonly host: HostName
      readonly attempt: AttemptId
      readonly number: number
      readonly stepHash: Digest
      readonly kind: 'action' | 'undo'
      /** Goes on after the actions that already ended well; else all run again. */
      readonly keepsDone?: boolean
    }
  | {
      readonly type: 'job-intended'
      readonly step: StepId
      readonly host: HostName
      readonly attempt: AttemptId
      readonly job: JobId
      readonly action: number
      readonly kind: 'run' | 'edit' | 'file' | 'http' | 'interactive'
      readonly command: Digest
      readonly detached: boolean
      readonly hostKey?: string
      readonly as?: string
      /** Boot token of the host when this was recorded; absent where nothing is detached. */
      readonly boot?: string
      /** Marker of the base directory when this was recorded: with another one there the job's record is gone. */
      readonly marker?: string
      /** Of an undo: the job whose file it puts back. */
      readonly restores?: JobId
      readonly epoch: number
    }
  | {
      readonly type: 'job-running'
      readonly job: JobId
      readonly step: StepId
      readonly host: HostName
      readonly remote?: RemoteHandle
    }
  | {
      readonly type: 'job-ended'
      readonly job: JobId
      readonly step: StepId
      readonly host: HostName
      readonly result: JobResult
      readonly outBytes: number
      readonly errBytes: number
      readonly outDigest?: Digest
      readonly errDigest?: Digest
      readonly durationMs: number
    }
  | {
      readonly type: 'job-unknown'
      readonly job: JobId
      readonly step: StepId
      readonly host: HostName
      readonly cause: UnknownCause
      readonly detail: string
    }
  | {
      readonly type: 'job-unstarted'
      readonly job: JobId
      readonly step: StepId
      readonly host: HostName
      readonly proof: 'absent' | 'not-started' | 'refused' | 'not-sent'
    }
  | { readonly type: 'job-tombstoned'; readonly job: JobId; readonly step: StepId; readonly host: HostName }
  | {
      readonly type: 'job-clock-expired'
      readonly job: JobId
      readonly step: StepId
      readonly host: HostName
      readonly clock: 'idle' | 'total'
    }
  | { readonly type: 'link-lost'; readonly host: HostName; readonly reason: string }
  | { readonly type: 'link-restored'; readonly host: HostName; readonly afterMs: number }
  /** A person ended the wait for a lost host. Another `link-lost` says that it is waited for again. */
  | { readonly type: 'link-given-up'; readonly host: HostName; readonly by: string }
  | {
      readonly type: 'base-chosen'
      readonly host: HostName
      readonly as?: string
      readonly base: string
      readonly marker: string
      readonly boot: string
    }
  | {
      readonly type: 'value-captured'
      readonly step: StepId
      readonly host: HostName
      readonly name: string
      readonly value: string
    }
  | {
      readonly type: 'host-ended'
      readonly step: StepId
      readonly host: HostName
      readonly outcome: Outcome
      readonly failure?: Failure
      readonly durationMs: number
      readonly by?: string
      readonly reason?: string
    }
  | { readonly type: 'question-asked'; readonly question: Question }
  | {
      readonly type: 'question-answered'
      readonly question: string
      readonly choice: Choice
      readonly by: string
      readonly reason?: string
      readonly how: 'asked' | 'option'
    }
  | {
      readonly type: 'manual-ticked'
      readonly step: StepId
      readonly host?: HostName
      readonly item: number
      readonly evidence: string
      readonly by: string
      /** Set when the read-back did not match. */ readonly acceptedBecause?: string
    }
  /** The host-step waits for a question about its whole step, e.g. a manual item that another host reached first. */
  | {
      readonly type: 'host-waited'
      readonly step: StepId
      readonly host: HostName
      readonly question: string
    }
  | { readonly type: 'host-excluded'; readonly host: HostName; readonly by: string; readonly reason: string }
  | { readonly type: 'host-stale'; readonly step: StepId; readonly host: HostName; readonly reason: string }
  | {
      readonly type: 'journal-recovered'
      readonly bytes: number
      readonly sha256: string
      /** Name of the copy in the run's directory. */ readonly file?: string
      /** Possibly damage to an acknowledged record, not a write cut short. */ readonly suspicious?: boolean
    }
  | { readonly type: 'clock-jumped'; readonly byMs: number }

export type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { readonly type: T }>

export type RemoteHandle = {
  readonly base: string
  readonly directory: string
  readonly pid: number
  readonly startTime: string
  readonly boot: string
}

export type JobResult =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'timed-out' }
  /** The file was no longer the one of the diff, or the start was refused; nothing changed. */
  | { readonly kind: 'refused'; readonly why: string }
