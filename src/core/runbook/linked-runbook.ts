import type { StepId } from '../base/ids.ts'
import type { Param, Phase, Runbook, Step } from './model.ts'

/** A runbook with all the runbooks that it refers to, put in place; what a plan is built from. */
export type LinkedRunbook = {
  readonly root: Runbook
  /** By path relative to the same place as the root's; the root itself is the first entry. */
  readonly runbooks: ReadonlyMap<string, Runbook>
  /** Merged: a parameter of the same name and type is shared with the caller; the caller's declaration wins. */
  readonly params: readonly Param[]
  /** All steps in the order of execution. */
  readonly steps: readonly LinkedStep[]
  /** By prefixed id; ids in a phase are prefixed too. */
  readonly phases: ReadonlyMap<StepId, Phase>
}

/** A step in its place in a {@link LinkedRunbook}. */
export type LinkedStep = {
  /** `id` and `phases` are prefixed (`CALLER.ID`), and `options` include what the caller passes on. */
  readonly step: Step
  /** The runbook that the step stands in; its interpreters serve the step. */
  readonly runbook: Runbook
  /** The step's id within `runbook`. */
  readonly localId: StepId
}
