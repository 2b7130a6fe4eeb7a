import type { FirstValues } from '../../adapters/journal/run-store.ts'
import { hasErrors } from '../../core/base/diagnostic.ts'
import type { Planner } from '../../engine/ports/planner.ts'
import type { CliContext } from '../cli-context.ts'
import type { PreparedPlan } from '../prepare/prepare-plan.ts'
import { planCorrected } from './plan-corrected.ts'
import { describeParam, storePlan } from './store-plan.ts'

/** Plans a run again with corrected parameters, from the plan that it goes by and the copies that it keeps. */
export function createPlanner(context: CliContext, prepared: PreparedPlan, store: FirstValues): Planner {
  let current = prepared
  return {
    async correct(values) {
      const { prepared: next, diagnostics } = await planCorrected(context, current, values)
      if (next === undefined || hasErrors(diagnostics)) {
        const { message = 'it cannot be planned like this', hint } =
          diagnostics.find(({ severity }) => severity === 'error') ?? {}
        return { ok: false, refusal: { message, ...(hint === undefined ? {} : { hint }) } }
      }
      const stored = await storePlan(next, store)
      const params = Object.keys(next.plan.params).flatMap((name) => {
        const [before, after] = [describeParam(current.plan, name), describeParam(next.plan, name)]
        return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ name, before, after }]
      })
      return {
        ok: true,
        plan: next.plan,
        corrected: { ...stored, runbookSha256: next.plan.runbook.sha256, params },
        adopted: () => {
          current = next
        },
      }
    },
  }
}
