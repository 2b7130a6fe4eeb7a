import { openContentStore } from '../../adapters/journal/content-store.ts'
import { selectRunPaths } from '../../adapters/journal/run-directory.ts'
import { loadSnapshot } from '../../adapters/journal/snapshot.ts'
import { BugError } from '../../core/base/errors.ts'
import type { CliContext } from '../cli-context.ts'
import type { PreparedPlan } from '../prepare/prepare-plan.ts'
import { selectSources } from '../run/open-kept-run.ts'
import { planKept } from '../run/find-edits.ts'
import { parseInputs } from '../run/store-plan.ts'
import type { RunHistory } from './run-history.ts'

/** The plan that a run goes by, made again from the copies in its directory; reads only. */
export async function loadKeptPlan(
  context: CliContext,
  { directory, records }: Pick<RunHistory, 'directory' | 'records'>,
): Promise<PreparedPlan> {
  const { inputs, snapshot } = selectSources(records)
  if (inputs === undefined || snapshot === undefined)
    throw new BugError('the run keeps no copy of its runbook')
  const paths = selectRunPaths(directory)
  const values = openContentStore(paths.values)
  const files = await loadSnapshot(paths.snapshot, snapshot)
  return planKept(context, {
    inputs: parseInputs(await values.get(inputs)),
    snapshot: new Map(files.map(({ path, text }) => [path, text])),
  })
}
