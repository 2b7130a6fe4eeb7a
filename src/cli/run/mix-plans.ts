import { hasErrors } from '../../core/base/diagnostic.ts'
import type { StepId } from '../../core/base/ids.ts'
import { buildPlanOutline } from '../../core/run/build-plan-outline.ts'
import { findMixedWrong, type EditChoice } from '../../core/run/decide-edit.ts'
import type { Refusal } from '../../core/run/intents.ts'
import type { PlanOutline } from '../../core/run/outline.ts'
import { mixRunbooks } from '../../core/runbook/mix-runbooks.ts'
import type { CliContext } from '../cli-context.ts'
import { preparePlan, type PreparedPlan } from '../prepare/prepare-plan.ts'
import { buildEditOptions } from './find-edits.ts'

/** Two plans, and what of the second a person wants. */
export type MixRequest = {
  /** What the run goes by. */
  readonly before: PlanOutline
  readonly own: PreparedPlan
  readonly next: PreparedPlan
  readonly choices: ReadonlyMap<StepId, EditChoice>
}

/** The plan in which every step is as it was decided, or why there is none. */
export type MixedPlan =
  | { readonly ok: true; readonly prepared: PreparedPlan }
  | { readonly ok: false; readonly refusal: Refusal }

/**
 * Plans a runbook of which some steps are adopted and others kept: the edited text with the kept steps put back, else
 * the old text with the adopted ones put in. The inventory is that on the disk. A mix counts only if its plan says of
 * every step what was decided.
 */
export async function mixPlans(context: CliContext, request: MixRequest): Promise<MixedPlan> {
  const after = buildPlanOutline(request.next.plan)
  let found: readonly StepId[] | undefined
  for (const base of ['next', 'own'] as const) {
    const prepared = await planMix(context, base, request)
    if (prepared === undefined) continue
    const plans = { before: request.before, after, mixed: buildPlanOutline(prepared.plan) }
    const wrong = findMixedWrong(request.choices, plans)
    if (wrong.length === 0) return { ok: true, prepared }
    found ??= wrong
  }
  return { ok: false, refusal: refuse(request, found) }
}

async function planMix(
  context: CliContext,
  base: 'next' | 'own',
  { own, next, choices }: MixRequest,
): Promise<PreparedPlan | undefined> {
  const [text, other] = base === 'next' ? [next, own] : [own, next]
  const wanted = base === 'next' ? 'keep' : 'adopt'
  const steps = new Set([...choices].flatMap(([step, choice]) => (choice === wanted ? [step] : [])))
  const files = new Map([...own.files, ...next.files].map((file) => [file.path, file.text]))
  for (const { path, text: old } of text.files) if (text.linked.runbooks.has(path)) files.set(path, old)
  for (const [path, mixed] of mixRunbooks(text.linked, other.linked, steps)) files.set(path, mixed)
  const { prepared, diagnostics } = await preparePlan(next.inputs, {
    ...buildEditOptions(context),
    snapshot: files,
  })
  return hasErrors(diagnostics) ? undefined : prepared
}

function refuse({ choices }: MixRequest, wrong: readonly StepId[] | undefined): Refusal {
  const hint = 'adopt all of it, or keep all of it'
  if (wrong === undefined)
    return { message: 'the steps that are kept do not go with those that are adopted', hint }
  const names = wrong.map((step) => {
    const choice = choices.get(step)
    return choice === undefined ? `${step} would change along` : `${step} cannot be ${CHOSEN[choice]}`
  })
  const why = 'what changes it stands outside of its own section (front matter, a phase, the inventory)'
  return { message: `${names.join(', ')} by itself: ${why}`, hint }
}

const CHOSEN: Readonly<Record<EditChoice, string>> = { adopt: 'adopted', keep: 'kept' }
