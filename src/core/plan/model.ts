import type { Digest, HostName, StepId } from '../base/ids.ts'
import type { Rendered, Scope, Value } from '../expr/value.ts'
import type { Inventory } from '../inventory/model.ts'
import type {
  By,
  ContentBlock,
  Danger,
  Expectation,
  Fence,
  ManualItem,
  MaintenanceWindow,
  OnTimeout,
} from '../runbook/model.ts'

/**
 * What runs where, in order: a pure function of the runbook (and all it refers to), the inventory, the
 * parameters and the limits given. Nothing of it depends on time or on a host. Bodies are rendered per host
 * on demand (`renderHostStep`), since 500 steps × 1,000 hosts would be half a million texts.
 */
export type Plan = {
  readonly runbook: { readonly path: string; readonly sha256: Digest; readonly title: string }
  readonly inventory: Inventory
  /** Resolved parameters; a secret stands as a `SecretRef`. */
  readonly params: { readonly [name: string]: Value }
  /** In document order, sub-runbooks in place. Steps without a host or with a false condition are in it too. */
  readonly steps: readonly PlanStep[]
  /** Order of execution: a step, or a phase whose steps all run on one host before the next host begins. */
  readonly units: readonly PlanUnit[]
  /** Over everything that decides what runs. Equal digests: the same bytes on the same hosts in the same order. */
  readonly digest: Digest
}

export type PlanUnit =
  | { readonly kind: 'step'; readonly step: StepId }
  | {
      readonly kind: 'serial-phase'
      readonly phase: StepId
      readonly steps: readonly StepId[]
      readonly hosts: readonly HostName[]
    }

export type PlanStep = {
  readonly id: StepId
  readonly index: number
  readonly title: string
  /** Titles of the phases around it, outermost first. */
  readonly phaseTitles: readonly string[]
  readonly phases: readonly StepId[]
  readonly danger: Danger
  /** `first-then-parallel`: the first host alone, then the rest. */
  readonly order: 'parallel' | 'serial' | 'first-then-parallel'
  readonly by?: By
  /** At most so many hosts at a time. */
  readonly batch?: number
  /** Failures (unreachable and unknown count) that stop starting further hosts; absent: none does. */
  readonly maxFailures?: number
  /** Hosts in the order of work; groups of `by` one after the other. */
  readonly hosts: readonly HostName[]
  /** Index into `hosts` at which each group of `by` begins; `[0]` without `by`. */
  readonly groups: readonly number[]
  /** Known before anything is touched: why the step does not run at all. */
  readonly skipped?: { readonly kind: 'condition' | 'no-host' | 'limit'; readonly detail: string }
  /** `pick=any`: the first healthy one of `hosts` is chosen when the step begins, then pinned. */
  readonly pickAny: boolean
  /** The word to type for `irreversible`; resolved. */
  readonly confirmWord?: string
  readonly confirmEach: boolean
  readonly takes?: { readonly fromMs: number; readonly toMs: number }
  readonly window?: MaintenanceWindow
  readonly covers: readonly string[]
  readonly manual: readonly ManualItem[]
  readonly eachHost: boolean
  readonly noUndoReason?: string
  /** How the step may be repeated when it is not known whether it ran. */
  readonly repeat: RepeatClass
  readonly touches: {
    readonly actions: number
    readonly checks: number
    readonly verifies: number
    readonly requires: number
    readonly undos: number
    /** Files that its edits replace, each with a way back of its own. */ readonly files: number
    readonly fixtures: number
  }
  /** Over everything that decides what this step does, on all its hosts. */
  readonly hash: Digest
  readonly content: readonly ContentBlock[]
}

/**
 * `probe-only`: nothing changes. `idempotent`: only `edit` and `file`. `safe`: every bare run says `repeat=safe`.
 * `guarded`: checked before and after. `interactive`, `once`: never repeated without a person's decision.
 */
export type RepeatClass = 'probe-only' | 'idempotent' | 'safe' | 'guarded' | 'interactive' | 'once'

/** Everything one step does on one host, fully resolved but for secrets and, before the run, late expressions. */
export type HostStepWork = {
  readonly step: StepId
  readonly host: HostName
  readonly fixtures: readonly FixtureWork[]
  readonly checks: readonly ProbeWork[]
  readonly requires: readonly ProbeWork[]
  readonly actions: readonly ActionWork[]
  readonly verifies: readonly ProbeWork[]
  readonly undos: readonly ActionWork[]
  /** Set when a `when` with late names is false on this host. */
  readonly skipped?: string
  /** An expression failed on this host; nothing may run. */
  readonly problem?: string
}

export type CommandWork = {
  readonly language: string
  /** The exact body; ends with the fence's last line break. */
  readonly body: Rendered
  /** `sh` words of the command that reads the body on standard input; absent: `/bin/sh`. */
  readonly interpreter?: Rendered
  readonly as?: string
  readonly cwd?: string
}

export type ActionWork = {
  /** Position among the actions (or undos) of the step, from 1: the ACTION of a job id (`1`, `2`, …; undos `u1`). */
  readonly index: number
  readonly fence: Fence
  readonly kind: 'run' | 'edit' | 'file' | 'http'
  readonly command: CommandWork
  readonly file?: FileWork
  readonly http?: HttpWork
  readonly interactive: boolean
  readonly repeatSafe: boolean
  readonly timeoutMs: number
  readonly idleTimeoutMs: number
  readonly reconnectMs: number
  readonly onTimeout: OnTimeout
}

export type FileWork = {
  readonly path: string
  readonly mode?: string
  readonly owner?: string
  readonly group?: string
  /** `yaml`, `ini` …: a structured edit; absent: the whole content. */ readonly editLanguage?: string
}
export type FixtureWork = {
  readonly path: Rendered
  readonly content: Rendered
  readonly mode: string
  readonly owner?: string
  readonly group?: string
  readonly as?: string
}

export type ProbeWork = {
  /** Position among the probes of the step, from 1, in document order. */
  readonly index: number
  readonly verb: 'check' | 'verify' | 'require'
  readonly fence: Fence
  readonly kind: 'command' | 'http' | 'cel'
  readonly command: CommandWork
  readonly http?: HttpWork
  /** Where it runs: hosts asked; empty with `from=`: no such host, inconclusive. */
  readonly probers: readonly HostName[]
  readonly expectations: readonly {
    readonly match: Expectation['match']
    readonly stream: Expectation['stream']
    readonly wanted: Rendered
  }[]
  readonly fail: readonly number[]
  readonly everyMs: number
  /** Polling deadline; 0: once. */
  readonly forMs: number
  readonly passes: number
  readonly warn: boolean
  readonly capture?: string
  readonly timeoutMs: number
}

export type HttpWork = {
  readonly request: Rendered
  readonly status: number
  readonly ca?: string
  readonly basic?: string
  readonly local: boolean
}

/**
 * Renders one step for one host. `late` holds `captures captured run` and is absent in a plan; with `prober`,
 * the probes with `from=` are rendered for that prober (name `prober` in expressions).
 */
export type RenderHostStep = (plan: Plan, request: HostStepRequest) => HostStepWork

export type HostStepRequest = {
  readonly step: StepId
  readonly host: HostName
  readonly late?: Scope
  readonly prober?: HostName
}

/** Evaluates the body of a `cel` probe for one host; a value other than true or false is a failure of the expression. */
export type EvaluateCelProbe = (
  plan: Plan,
  request: HostStepRequest & { readonly source: string },
) => { readonly ok: true; readonly value: boolean } | { readonly ok: false; readonly message: string }
