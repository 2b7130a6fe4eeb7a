import { BugError } from '../base/errors.ts'
import type { StepId } from '../base/ids.ts'
import type { Scope, Value } from '../expr/value.ts'
import type { Host, Inventory } from '../inventory/model.ts'
import type { LinkedRunbook, LinkedStep } from '../runbook/linked-runbook.ts'
import type { Fence } from '../runbook/model.ts'
import type { Plan } from './model.ts'

/** What a plan was made of, kept beside it to render its host-steps on demand. */
export type PlanSource = {
  readonly linked: LinkedRunbook
  readonly inventory: Inventory
  /** Parameters by bare name and under `params`, and `inventory`; without a prototype. */
  readonly scope: Scope
  /** Names that are filled in later: the run's, and parameters without a value. */
  readonly late: ReadonlySet<string>
  readonly steps: ReadonlyMap<StepId, StepSource>
}

export type StepSource = {
  readonly linked: LinkedStep
  /** Hosts of `on`, before `pick`. */
  readonly targets: readonly Host[]
  /** `hosts` in expressions: the step's targets. */
  readonly hostsValue: Value
  /** Fixtures of the phases around it, outermost first, then its own. */
  readonly fixtures: readonly Fence[]
}

const sources = new WeakMap<Plan, PlanSource>()

/** Keeps what a plan was made of. */
export function keepPlanSource(plan: Plan, source: PlanSource): void {
  sources.set(plan, source)
}

/** What a plan was made of; a plan that `buildPlan` did not make is a bug. */
export function planSource(plan: Plan): PlanSource {
  const source = sources.get(plan)
  if (source === undefined) throw new BugError('this plan was not made by buildPlan')
  return source
}

/** The source of one step; a step that the plan has not is a bug. */
export function stepSource(source: PlanSource, step: StepId): StepSource {
  const found = source.steps.get(step)
  if (found === undefined) throw new BugError(`the plan has no step ${step}`)
  return found
}
