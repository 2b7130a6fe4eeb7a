import type { Severity } from '../../core/base/diagnostic.ts'
import type { CliContext } from '../cli-context.ts'
import { selectStateDirectory } from '../history/open-history.ts'
import type { PrepareOptions } from './prepare-plan.ts'

/** Where and when a plan is prepared for this command; a lab counts what it says was done before. */
export function buildPrepareOptions(
  context: CliContext,
  { missing, ignoreNeeds }: { readonly missing: Severity; readonly ignoreNeeds: boolean },
): PrepareOptions {
  const { world, lab } = context
  return {
    stateDirectory: selectStateDirectory(context),
    today: world.now().toISOString().slice(0, 10),
    completed: lab?.scenario.data.completed ?? [],
    missing,
    ignoreNeeds,
  }
}
