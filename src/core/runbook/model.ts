import type { Span } from '../base/diagnostic.ts'
import type { Digest, StepId } from '../base/ids.ts'
import type { Expression, Template } from '../expr/value.ts'
import type { Pick, Selector } from '../inventory/selector-model.ts'

/** A parsed runbook. Plain documents (no `handrail:` key) have `version: undefined`; nothing in them runs. */
export type Runbook = {
  /** As the person gave it, or relative to the runbook that refers to it. */
  readonly path: string
  readonly sha256: Digest
  /** The exact text, LF line endings, without a BOM. */
  readonly text: string
  readonly version: 1 | undefined
  readonly title: string
  readonly summary?: string
  readonly tags: readonly string[]
  readonly params: readonly Param[]
  /** Paths of runbooks that must have been finished on this inventory. */
  readonly needs: readonly string[]
  /** Language → command line (rendered as `sh`) that reads the body on standard input. */
  readonly interpreters: ReadonlyMap<string, Template>
  readonly window?: MaintenanceWindow
  /** Tree of headings below the title, in document order. */
  readonly sections: readonly Section[]
  /** Everything above the first heading below the title, for display. */
  readonly preamble: readonly ContentBlock[]
}

export const PARAM_TYPES = [
  'string',
  'int',
  'bool',
  'enum',
  'duration',
  'host',
  'ident',
  'path',
  'url',
  'version',
  'secret',
  'list',
  'map',
] as const
export type ParamType = (typeof PARAM_TYPES)[number]

export type Param = {
  readonly name: string
  readonly type: ParamType
  readonly span: Span
  readonly help?: string
  /** Asked for unless given; may hold expressions. A non-string YAML value stands as `defaultValue`. */
  readonly default?: Template
  readonly defaultValue?: unknown
  /** Derived, never asked. */
  readonly value?: Template
  readonly pattern?: string
  readonly min?: number
  readonly max?: number
  readonly choices?: readonly string[]
  /** A secret that is being created: asked twice, or generated into a 0600 file. */
  readonly new?: boolean
}

/** `"sat,sun 01:00-05:00 Europe/Dublin"`; minutes count from midnight in `timeZone`, `to` may be below `from` (past midnight). */
export type MaintenanceWindow = {
  readonly source: string
  /** 0 = Sunday. */
  readonly days: readonly number[]
  readonly fromMinute: number
  readonly toMinute: number
  readonly timeZone: string
}

export type Section = {
  readonly kind: 'prose' | 'phase' | 'step'
  readonly heading: string
  readonly depth: number
  readonly span: Span
  /** Id of a phase or step; absent on prose. */
  readonly id?: StepId
  readonly content: readonly ContentBlock[]
  readonly step?: Step
  readonly phase?: Phase
  readonly children: readonly Section[]
}

export type Phase = {
  readonly id: StepId
  readonly title: string
  readonly options: InheritedOptions
  /** `order=serial` written on the phase itself: all its steps on one host, then the next host. */
  readonly serialUnit: boolean
  /** Fixtures that serve all steps of the phase. */
  readonly fixtures: readonly Fence[]
  /** Another runbook, or a phase of it, that runs here, before the phase's own steps. */
  readonly runbook?: RunbookReference
  /**
   * Given with `runbook`: what that runbook's steps inherit from here. The options written on this phase itself
   * as defaults; of what surrounds it only `when` and `window`, so that a runbook means the same wherever it is called.
   */
  readonly passedOn?: InheritedOptions
  readonly when: readonly Expression[]
}

/** What is shown of a section, in order. `fence` and `task` refer to the step's `fences` and `manual` by index. */
export type ContentBlock =
  | { readonly kind: 'markdown'; readonly text: string; readonly span: Span }
  | {
      readonly kind: 'alert'
      readonly alert: 'note' | 'tip' | 'important' | 'warning' | 'caution'
      readonly text: string
      readonly span: Span
    }
  | { readonly kind: 'code'; readonly language: string; readonly text: string; readonly span: Span }
  | { readonly kind: 'fence'; readonly index: number; readonly span: Span }
  | { readonly kind: 'task'; readonly index: number; readonly span: Span }

export const DANGERS = ['read', 'change', 'disruptive', 'irreversible'] as const
export type Danger = (typeof DANGERS)[number]

export type Order = 'parallel' | 'serial'
export type By = 'dc' | 'rack'
export type OnTimeout = 'ask' | 'kill'

/** Options that flow downwards: document (`defaults:` and the title's comment) → phase → step. */
export type InheritedOptions = {
  readonly on?: Selector
  readonly pick?: Pick
  readonly order?: Order
  readonly by?: By
  readonly batch?: number
  readonly maxFailures?: number
  readonly as?: Template
  readonly when?: readonly Expression[]
  readonly timeoutMs?: number
  readonly idleTimeoutMs?: number
  readonly reconnectMs?: number
  readonly onTimeout?: OnTimeout
  readonly window?: MaintenanceWindow
}

/** One step with everything inherited already applied. */
export type Step = {
  readonly id: StepId
  readonly title: string
  readonly span: Span
  /** Ids of the phases around it, outermost first. */
  readonly phases: readonly StepId[]
  readonly options: InheritedOptions
  /** Written on the step; else derived: no action `read`, an action `change`. */
  readonly danger: Danger
  /** The word to type; required when `danger` is `irreversible`. */
  readonly confirm?: Template
  readonly confirmEach: boolean
  readonly takes?: { readonly fromMs: number; readonly toMs: number }
  readonly eachHost: boolean
  /** `undo=none reason="…"`. */
  readonly noUndoReason?: string
  readonly covers: readonly string[]
  readonly runbook?: RunbookReference
  /** Marked fences in document order (`expect` fences are folded into the fence before them). */
  readonly fences: readonly Fence[]
  readonly manual: readonly ManualItem[]
}

/** `runbook=FILE.md` or `FILE.md#PHASE`. */
export type RunbookReference = { readonly path: string; readonly phase?: string; readonly span: Span }

export type ManualItem = {
  readonly text: string
  readonly span: Span
  /** From 1, in document order. */ readonly number: number
}

export const VERBS = ['run', 'check', 'verify', 'require', 'undo', 'edit', 'file', 'expect'] as const
export type Verb = (typeof VERBS)[number]
/** Verbs of the fences of a model; `fixture` is a `file … temporary`. */
export type FenceVerb = Exclude<Verb, 'expect'> | 'fixture'

export type Fence = {
  readonly verb: FenceVerb
  /** First word of the info string: `sh`, `cql`, `http`, `cel`, `yaml` …; lower case. */
  readonly language: string
  readonly body: Template
  readonly span: Span
  /** Span of the body's first to last line. */
  readonly bodySpan: Span
  readonly options: FenceOptions
  readonly expectations: readonly Expectation[]
}

export type FenceOptions = {
  readonly as?: Template
  readonly cwd?: Template
  readonly interactive: boolean
  /** `repeat=safe`. */
  readonly repeatSafe: boolean
  readonly interpreter?: string
  readonly when: readonly Expression[]
  readonly timeoutMs?: number
  readonly idleTimeoutMs?: number
  readonly reconnectMs?: number
  readonly onTimeout?: OnTimeout
  /** Probe: polling period; default 5 s once `for` is given. */
  readonly everyMs?: number
  readonly forMs?: number
  readonly passes: number
  readonly from?: ProbeOrigin
  readonly warn: boolean
  /** Exit codes that mean `fail`; default [1]. */
  readonly fail: readonly number[]
  readonly capture?: string
  /** edit, file, fixture. */
  readonly path?: Template
  readonly mode?: string
  readonly owner?: Template
  readonly group?: Template
  /** http. */
  readonly status: number
  readonly ca?: Template
  /** Name of a secret. */
  readonly basic?: string
  readonly on?: 'local'
}

export type ProbeOrigin =
  | { readonly kind: 'local' | 'peer' | 'other-dc' }
  | { readonly kind: 'selector'; readonly selector: Selector }

export type Expectation = {
  readonly match: 'text' | 'exact' | 'regex' | 'json' | 'yaml'
  readonly stream: 'stdout' | 'stderr' | 'both'
  readonly wanted: Template
  readonly span: Span
}
