import type { Digest, HostName, StepId } from '../base/ids.ts'
import type { RepeatClass } from '../plan/model.ts'
import type { Danger } from '../runbook/model.ts'

/** What the clients need of a plan to show a run without the runbook; stored as a value of the run. */
export type PlanOutline = {
  readonly title: string
  readonly digest: Digest
  readonly units: readonly { readonly steps: readonly StepId[]; readonly hosts?: readonly HostName[] }[]
  readonly steps: readonly OutlineStep[]
}

export type OutlineStep = {
  readonly id: StepId
  readonly title: string
  readonly phases: readonly string[]
  readonly danger: Danger
  readonly order: 'parallel' | 'serial' | 'first-then-parallel'
  readonly groups: readonly number[]
  readonly batch?: number
  readonly maxFailures?: number
  readonly hosts: readonly HostName[]
  readonly skipped?: { readonly kind: 'condition' | 'no-host' | 'limit'; readonly detail: string }
  readonly pickAny: boolean
  readonly confirmWord?: string
  readonly confirmEach: boolean
  readonly repeat: RepeatClass
  readonly actions: number
  readonly undos: number
  readonly manual: readonly string[]
  readonly eachHost: boolean
  readonly hash: Digest
  readonly covers: readonly string[]
}
