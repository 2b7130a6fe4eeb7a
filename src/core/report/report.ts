import type { RunId } from '../base/ids.ts'
import type { CheckResult } from '../run/check-result.ts'
import type { EventOf, Outcome } from '../run/events.ts'
import type { Deviation } from '../run/state.ts'
import type { StateWord } from '../run/summary.ts'
import type { FineState } from './host-step-state.ts'
import type { ReportAnswer, ReportPause, ReportTime, ReportTry } from './report-history.ts'

/** Everything that is told of one run, from its journal alone. Times are ISO 8601 as the journal has them. */
export type Report = {
  readonly run: RunId
  readonly state: RunStateWord
  readonly title: string
  readonly runbook: { readonly path: string; readonly sha256: string }
  readonly inventory: {
    readonly path: string
    readonly name: string
    readonly sha256: string
    readonly environment: string
    readonly level: string
  }
  readonly ref: string | undefined
  readonly toolVersion: string
  readonly started: string | undefined
  /** Absent while the run is not over. */
  readonly finished: string | undefined
  /** Who aborted it, and why. */
  readonly aborted: { readonly by: string; readonly reason: string } | undefined
  readonly time: ReportTime
  readonly params: { readonly [name: string]: unknown }
  /** Parameters that were corrected on the way, in order; `params` holds the last values. */
  readonly corrections: readonly Omit<EventOf<'param-changed'>, 'type'>[]
  readonly operators: readonly ReportOperator[]
  /** What a person accepted, skipped, excluded or undid; waivers stand apart. */
  readonly deviations: readonly Deviation[]
  readonly waivers: readonly string[]
  readonly failures: readonly ReportFailure[]
  /** Tries that did not end well and were followed by another, or settled by a person. */
  readonly tries: readonly ReportTry[]
  readonly answers: readonly ReportAnswer[]
  readonly pauses: readonly ReportPause[]
  readonly waiting: readonly ReportQuestion[]
  readonly steps: readonly ReportStep[]
  readonly integrity: ReportIntegrity
}

export type RunStateWord =
  | 'draft'
  | 'open'
  | 'paused'
  | 'handed-over'
  | 'sealed'
  | 'finished'
  | 'finished with deviations'
  | 'aborted'

export type ReportOperator = {
  readonly name: string
  readonly host: string
  readonly since: string
  /** How long this person drove the run, over all sessions. */
  readonly drivenMs: number
}

export type ReportFailure = {
  readonly step: string
  readonly host: string
  readonly outcome: Outcome
  /** One sentence without a full stop. */
  readonly reason: string
}

export type ReportQuestion = {
  readonly id: string
  readonly step: string | undefined
  readonly host: string | undefined
  readonly item: number | undefined
  readonly question: string
  readonly choices: readonly string[]
}

export type ReportStep = {
  readonly id: string
  readonly title: string
  readonly phases: readonly string[]
  readonly danger: string
  readonly state: StateWord | 'skipped'
  readonly skipped: string | undefined
  readonly covers: readonly string[]
  readonly hosts: readonly ReportHostStep[]
  readonly ticks: readonly {
    readonly item: number
    readonly text: string
    readonly host: string | undefined
    readonly by: string
    readonly evidence: string
    readonly acceptedBecause: string | undefined
  }[]
}

export type ReportHostStep = {
  readonly host: string
  readonly state: FineState
  readonly word: StateWord
  readonly outcome: Outcome | undefined
  readonly attempts: number
  readonly exitCode: number | undefined
  /** All tries and sessions together, without waiting for a person. */
  readonly durationMs: number | undefined
  readonly started: string | undefined
  readonly ended: string | undefined
  readonly by: string | undefined
  readonly reason: string | undefined
  readonly checks: readonly CheckResult[]
}

export type ReportIntegrity = {
  /** Number of records, and the hash of the last one: whoever keeps it can tell later that nothing was cut off. */
  readonly records: number
  readonly head: string
  /** `ok`, or what is wrong. */
  readonly condition: string
}
