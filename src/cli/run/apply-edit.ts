import { buildPlanOutline } from '../../core/run/build-plan-outline.ts'
import { comparePlans } from '../../core/run/compare-plans.ts'
import type { EditDecision } from '../../core/run/decide-edit.ts'
import type { CliContext } from '../cli-context.ts'
import { adoptPlan } from './adopt-plan.ts'
import { compareSurroundings } from './compare-surroundings.ts'
import type { Edit } from './find-edits.ts'
import { mixPlans, type MixedPlan } from './mix-plans.ts'
import type { KeptRun } from './open-kept-run.ts'

export type EditApplication = {
  readonly edit: Edit
  readonly decision: Extract<EditDecision, { readonly kind: 'decided' }>
  readonly operator: string
}

/** Makes a run go by what was decided about an edit, durably; gives the plan to go on with, or why it cannot be had. */
export async function applyEdit(
  context: CliContext,
  kept: KeptRun,
  { edit, decision, operator }: EditApplication,
): Promise<MixedPlan> {
  const { own, next, drifted } = edit
  const { whole, choices } = decision
  if (whole === 'keep') return drifted ? { ok: false, refusal: DRIFTED } : { ok: true, prepared: own }
  const before = kept.state.outline
  const mixed: MixedPlan =
    whole === 'adopt' ? { ok: true, prepared: next } : await mixPlans(context, { before, own, next, choices })
  if (!mixed.ok) return mixed
  await adoptPlan(kept, mixed.prepared, {
    by: operator,
    changes: comparePlans(kept.state, buildPlanOutline(mixed.prepared.plan)),
    surroundings: compareSurroundings(own.inventory, mixed.prepared.inventory),
    kept: [...choices].flatMap(([step, choice]) => (choice === 'keep' ? [step] : [])),
  })
  return mixed
}

const DRIFTED = {
  message: 'this version of handrail cannot go by the old plan',
  hint: 'adopt all of it, or go on with the version that began the run',
}
