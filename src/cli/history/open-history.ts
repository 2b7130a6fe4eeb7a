import { listRuns, type RunEntry } from '../../adapters/journal/list-runs.ts'
import { loadRunState, type LoadedRun } from '../../adapters/journal/load-run-state.ts'
import { resolveStateDirectory } from '../../adapters/journal/state-directory.ts'
import { UsageError } from '../../core/base/errors.ts'
import type { RunId } from '../../core/base/ids.ts'
import { describeCondition } from '../../core/journal/describe-condition.ts'
import { resolveRunPrefix } from '../../core/journal/run-prefix.ts'
import { buildReport } from '../../core/report/build-report.ts'
import type { Report } from '../../core/report/report.ts'
import type { CliContext } from '../cli-context.ts'

/** Where the runs of this command line are kept; nothing is created. */
export function selectStateDirectory({ input, world }: CliContext): string {
  return resolveStateDirectory({
    flag: input.text('stateDir'),
    env: world.env,
    home: world.home,
    cwd: world.cwd,
  })
}

/** The run that a person meant by the beginning of its id; without one the newest. None is a {@link UsageError}. */
export async function selectRun(stateDirectory: string, prefix: string | undefined): Promise<RunId> {
  return selectAmong(await listRuns(stateDirectory), prefix)
}

/** The same among runs that were listed already, newest first. */
export function selectAmong(runs: readonly RunEntry[], prefix: string | undefined): RunId {
  if (prefix === undefined) {
    const [newest] = runs
    if (newest === undefined)
      throw new UsageError('there are no runs here', ['handrail run RUNBOOK -i INVENTORY'])
    return newest.run
  }
  const match = resolveRunPrefix(
    runs.map(({ run }) => run),
    prefix,
  )
  if (match.kind === 'unique') return match.run
  if (match.kind === 'none') throw new UsageError(`there is no run ${prefix}`, ['handrail runs'])
  throw new UsageError(`${prefix} could be ${match.runs.join(' or ')}`, [
    `type more of it, e.g. ${match.runs[0] ?? ''}`,
  ])
}

/** Loads the run that a command names as its first argument. */
export async function loadSelectedRun(context: CliContext): Promise<LoadedRun> {
  const stateDirectory = selectStateDirectory(context)
  return loadRunState(stateDirectory, await selectRun(stateDirectory, context.input.argument(0)))
}

/** Tells a loaded run, its journal's condition included. */
export function reportRun({ run, state, records, condition }: LoadedRun): Report {
  return buildReport({ run, state, records, condition: describeCondition(condition) })
}
