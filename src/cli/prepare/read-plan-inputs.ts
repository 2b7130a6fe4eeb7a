import { UsageError } from '../../core/base/errors.ts'
import type { CliContext } from '../cli-context.ts'
import { requireArgument } from '../command-input.ts'
import type { PlanInputs } from './prepare-plan.ts'
import { readGivenParams } from './read-given-params.ts'

/** What a command line says about the plan: runbook, inventory, parameters and limits. */
export async function readPlanInputs(context: CliContext): Promise<PlanInputs> {
  const { input } = context
  const runbook = requireArgument(input, 0, 'the runbook')
  const inventory = input.text('inventory')
  if (inventory === undefined)
    throw new UsageError('which hosts? Name an inventory', [`add -i INVENTORY, e.g. -i production.yaml`])
  const [only, from, limit] = ['only', 'from', 'limit'].map((name) => input.text(name))
  return {
    cwd: context.world.cwd,
    runbook,
    inventory,
    given: await readGivenParams(context),
    ...(only === undefined ? {} : { only }),
    ...(from === undefined ? {} : { from }),
    ...(limit === undefined ? {} : { limit }),
  }
}
