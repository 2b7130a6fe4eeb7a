import type { AttemptId, Digest, HostName, JobId, StepId } from '../base/ids.ts'
import type { CheckResult } from './check-result.ts'
import type { EventOf, JobResult, Outcome, PauseReason, RemoteHandle } from './events.ts'
import type { Failure, UnknownCause } from './failure.ts'
import type { OutlineStep, PlanOutline } from './outline.ts'
import type { Choice, Question } from './question.ts'

/**
 * A run as its journal tells it: a projection, made only by `reduceEvent`. Views read it and never change it.
 * It is changed in place (100,000 events replay in a fraction of a second); `version` counts the events.
 */
export type RunState = {
  version: number
  status: RunStatus
  created: Omit<EventOf<'run-created'>, 'type'> | undefined
  outline: PlanOutline
  confirmed: boolean
  pause: { readonly reason: PauseReason; readonly detail?: string } | undefined
  operator: string
  steps: Map<StepId, StepState>
  /** Host-steps that were begun, failed or turned stale and are not settled: what has to be looked at. */
  open: Set<HostStepState>
  /** Open questions by id, in the order they were asked. */
  questions: Map<string, Question>
  /** How often each question was asked, by its id without `#N`. */
  asked: Map<string, number>
  jobs: Map<JobId, JobState>
  excluded: Map<HostName, string>
  lostLinks: Map<HostName, string>
  /** Last contact with the hosts of `lostLinks`, by the wall clock; for display. */
  lostWallMs: Map<HostName, number>
  /** Those of `lostLinks` that nobody waits for any more, by the name of who said so. */
  unawaited: Map<HostName, string>
  bases: Map<string, EventOf<'base-chosen'>>
  /** Accounts (keys of `bases`) whose host may still hold a lock of the run, not a notice. */
  locked: Set<string>
  /** Captured values: name → host → value. */
  captures: Map<string, Map<HostName, string>>
  deviations: Deviation[]
  startedWallMs: number | undefined
  lastWallMs: number | undefined
  /** Somebody wants the run to end; it ends once nothing of it can start any more. */
  aborting:
    | {
        readonly by: string
        readonly reason: string
        /** Whether to undo; absent until somebody has said. */ undo?: boolean
      }
    | undefined
  /** Set once the run is over. */
  failed: boolean
}

export type RunStatus = 'draft' | 'open' | 'paused' | 'handed-over' | 'sealed' | 'finished' | 'aborted'

export type StepState = {
  readonly id: StepId
  readonly outline: OutlineStep
  began: boolean
  confirmed: boolean
  confirmedHosts: Set<HostName>
  /** `pick=any`: the host that was chosen. */
  picked: HostName | undefined
  skipped: { readonly by: 'condition' | 'no-host' | 'person' | 'limit'; readonly detail: string } | undefined
  hosts: Map<HostName, HostStepState>
  /** How many of its hosts are where; kept with every event. */
  counts: Record<HostStepState['counted'], number>
  /** Ticks by `item` or `item@host`. */
  ticks: Map<string, { readonly by: string; readonly evidence: string; readonly acceptedBecause?: string }>
}

/** `decided`: an answer was given and is not carried out yet. */
export type HostStepPhase =
  | 'pending'
  | 'evaluating'
  | 'intent'
  | 'running'
  | 'verifying'
  | 'awaiting'
  | 'decided'
  | 'ended'

export type HostStepState = {
  readonly step: StepId
  readonly host: HostName
  phase: HostStepPhase
  /** As what it stands in `StepState.counts`. */
  counted: 'pending' | 'open' | 'failing' | 'settled'
  outcome: Outcome | undefined
  failure: Failure | undefined
  attempts: number
  /** Something was to be sent there: from then on it may have run. */
  touched: boolean
  attempt: AttemptState | undefined
  /** Actions that ended well (or had nothing to do) since the last fresh attempt. */
  done: ReadonlySet<number>
  /** The question that waits, by id. */
  question: string | undefined
  decision:
    | { readonly choice: Choice; readonly reason?: string; readonly by: string; readonly question: Question }
    | undefined
  /** Latest result of each probe, by `verb/index[/prober]`. */
  checks: ReadonlyMap<string, CheckResult>
  shownEdits: ReadonlyMap<number, ShownEdit>
  exitCode: number | undefined
  durationMs: number | undefined
  /** Why a host-step that succeeded no longer counts as done. */
  stale: string | undefined
  by: string | undefined
  reason: string | undefined
}

/** The diff of an edit as a person saw it. */
export type ShownEdit = {
  readonly before?: Digest
  readonly after: Digest
  readonly diff: Digest
  readonly path: string
}

export type AttemptState = {
  readonly id: AttemptId
  readonly number: number
  readonly kind: 'action' | 'undo'
  readonly stepHash: Digest
  readonly jobs: JobState[]
}

export type JobState = {
  readonly id: JobId
  readonly step: StepId
  readonly host: HostName
  readonly attempt: AttemptId
  /** Of its attempt: which try of the host-step it is, from 1. */
  readonly number: number
  readonly action: number
  readonly kind: EventOf<'job-intended'>['kind']
  readonly command: Digest
  readonly detached: boolean
  readonly as: string | undefined
  readonly boot: string | undefined
  readonly marker: string | undefined
  /** What an edit or a file action writes; absent for all else. */
  readonly file: { readonly path: string; readonly before?: Digest; readonly after: Digest } | undefined
  /** The job whose file this one puts back. */
  readonly restores: JobId | undefined
  state: 'intent' | 'running' | 'ended' | 'unknown' | 'unstarted' | 'tombstoned'
  remote: RemoteHandle | undefined
  result: JobResult | undefined
  outBytes: number
  errBytes: number
  cause: UnknownCause | undefined
  detail: string | undefined
  clockExpired: 'idle' | 'total' | undefined
  /** A person wants it ended; a session that takes it up ends it on its host first. */
  isToBeCancelled?: boolean
}

/** What a person accepted, skipped, excluded or undid; each stands first in the report. */
export type Deviation = {
  readonly kind: Choice | 'override' | 'waiver'
  readonly step?: StepId
  readonly host?: HostName
  readonly by: string
  readonly reason: string
}

const EMPTY_OUTLINE: PlanOutline = { title: '', digest: '' as Digest, units: [], steps: [] }

/** The state before the first event. */
export function createRunState(): RunState {
  return {
    version: 0,
    status: 'draft',
    created: undefined,
    outline: EMPTY_OUTLINE,
    confirmed: false,
    pause: undefined,
    operator: '',
    steps: new Map(),
    open: new Set(),
    questions: new Map(),
    asked: new Map(),
    jobs: new Map(),
    excluded: new Map(),
    lostLinks: new Map(),
    lostWallMs: new Map(),
    unawaited: new Map(),
    bases: new Map(),
    locked: new Set(),
    captures: new Map(),
    deviations: [],
    startedWallMs: undefined,
    lastWallMs: undefined,
    aborting: undefined,
    failed: false,
  }
}

/** A step as the outline tells it, before anything happened. */
export function createStepState(outline: OutlineStep): StepState {
  return {
    id: outline.id,
    outline,
    began: false,
    confirmed: false,
    confirmedHosts: new Set(),
    picked: undefined,
    skipped: undefined,
    counts: { pending: outline.hosts.length, open: 0, failing: 0, settled: 0 },
    hosts: new Map(outline.hosts.map((host) => [host, createHostStepState(outline.id, host)])),
    ticks: new Map(),
  }
}

// Shared until something is in them: half a million host-steps begin empty.
const NO_ACTIONS: ReadonlySet<number> = new Set()
const NO_CHECKS: ReadonlyMap<string, CheckResult> = new Map()
const NO_EDITS: ReadonlyMap<number, ShownEdit> = new Map()

function createHostStepState(step: StepId, host: HostName): HostStepState {
  return {
    step,
    host,
    phase: 'pending',
    counted: 'pending',
    outcome: undefined,
    failure: undefined,
    attempts: 0,
    touched: false,
    attempt: undefined,
    done: NO_ACTIONS,
    question: undefined,
    decision: undefined,
    checks: NO_CHECKS,
    shownEdits: NO_EDITS,
    exitCode: undefined,
    durationMs: undefined,
    stale: undefined,
    by: undefined,
    reason: undefined,
  }
}
