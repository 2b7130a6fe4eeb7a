import { hasErrors } from '../../core/base/diagnostic.ts'
import { comparePlans } from '../../core/run/compare-plans.ts'
import { buildPlanOutline } from '../../core/run/build-plan-outline.ts'
import type { Problem } from '../../tui/problem.ts'
import type { Corrections } from '../../tui/run-client.ts'
import type { CliContext } from '../cli-context.ts'
import { buildForm } from '../library/build-form.ts'
import { diffStep } from '../run/format-plan-changes.ts'
import { planCorrected } from '../run/plan-corrected.ts'
import { loadKeptPlan } from './load-kept-plan.ts'
import type { RunHistory } from './run-history.ts'

/** Shows what a correction of parameters would change, from the copies that the run keeps; writes nothing. */
export function createCorrections(context: CliContext, history: RunHistory): Corrections {
  return {
    openForm: () =>
      asProblem(async () => {
        const { linked, inventory, inputs } = await loadKeptPlan(context, history)
        return buildForm(linked, inventory, { file: inputs.runbook, given: inputs.given })
      }),
    look: (values) =>
      asProblem(async () => {
        const before = await loadKeptPlan(context, history)
        const { prepared, diagnostics } = await planCorrected(context, before, values)
        if (prepared === undefined || hasErrors(diagnostics)) {
          const errors = diagnostics.filter(({ severity }) => severity === 'error')
          return {
            problem: 'it cannot be planned like this',
            details: errors.map(({ message, hint }) => (hint === undefined ? message : `${message} ${hint}`)),
          }
        }
        const plans = { before: before.plan, after: prepared.plan }
        const titles = new Map(
          [...before.plan.steps, ...prepared.plan.steps].map(({ id, title }) => [id, title]),
        )
        return {
          changes: comparePlans(history.state, buildPlanOutline(prepared.plan)).map(({ step, kind }) => {
            const diff = diffStep(step, plans)
            return { title: titles.get(step) ?? step, kind, ...(diff === undefined ? {} : { diff }) }
          }),
        }
      }),
  }
}

/** Copies that cannot be planned any more are told, not thrown: the screen goes on. */
async function asProblem<T extends object>(ask: () => Promise<T | Problem>): Promise<T | Problem> {
  try {
    return await ask()
  } catch (error) {
    const details = error instanceof Error ? [error.message] : []
    return { problem: "the run's own copies cannot be planned", details }
  }
}
