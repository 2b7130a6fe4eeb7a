import { renderHostStep } from '../../core/plan/render-host-step.ts'
import type { Plan } from '../../core/plan/model.ts'
import { buildLateScope } from '../../engine/context.ts'
import type { CliContext } from '../cli-context.ts'
import { selectSources } from '../run/open-kept-run.ts'
import { buildStepText } from '../../tui/build-step-text.ts'
import type { RenderStepText } from './client-model.ts'
import { loadKeptPlan } from './load-kept-plan.ts'
import type { RunHistory } from './run-history.ts'

/** Renders the steps of a run from the copies that it keeps; planned once for each adopted plan. */
export function loadStepText(context: CliContext, history: RunHistory): RenderStepText {
  const plans = new Map<string, Promise<Plan | undefined>>()
  const loadPlan = (): Promise<Plan | undefined> => {
    const { inputs, snapshot } = selectSources(history.records)
    if (inputs === undefined || snapshot === undefined) return Promise.resolve(undefined)
    const known = plans.get(inputs + snapshot)
    const plan = known ?? loadKeptPlan(context, history).then((prepared) => prepared.plan)
    plans.set(inputs + snapshot, plan)
    return plan
  }
  return async (id, wanted) => {
    const plan = await loadPlan().catch(() => undefined)
    const step = plan?.steps.find((each) => each.id === id)
    const host = wanted ?? step?.hosts[0]
    if (plan === undefined || step === undefined) return undefined
    if (host === undefined) return buildStepText(step, undefined)
    const { state, run } = history
    const late = buildLateScope({ state, run, operator: state.operator }, host)
    return buildStepText(step, renderHostStep(plan, { step: id, host, late }))
  }
}
