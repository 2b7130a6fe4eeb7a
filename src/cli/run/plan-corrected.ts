import type { CliContext } from '../cli-context.ts'
import { buildPrepareOptions } from '../prepare/build-prepare-options.ts'
import { preparePlan, type PreparedPlan, type PrepareResult } from '../prepare/prepare-plan.ts'

/** The plan that a run would go by with these texts in place of those parameters, from its own copies; adopts nothing. */
export function planCorrected(
  context: CliContext,
  { inputs, files }: Pick<PreparedPlan, 'inputs' | 'files'>,
  values: { readonly [name: string]: string },
): Promise<PrepareResult> {
  return preparePlan(
    { ...inputs, given: { ...inputs.given, ...values } },
    {
      // Needs were settled when the run began.
      ...buildPrepareOptions(context, { missing: 'error', ignoreNeeds: true }),
      snapshot: new Map(files.map(({ path, text }) => [path, text])),
    },
  )
}
