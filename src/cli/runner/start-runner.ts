import { selectRunDirectory } from '../../adapters/journal/run-directory.ts'
import { launchRunner, type ReportedError } from '../../adapters/runner/launch-runner.ts'
import { RUNNER_FLAGS } from '../../adapters/runner/runner-flags.ts'
import { BugError, EnvironmentError, UsageError } from '../../core/base/errors.ts'
import type { RunId } from '../../core/base/ids.ts'
import type { CliContext } from '../cli-context.ts'
import { selectStateDirectory } from '../history/open-history.ts'
import { OWN_COMMAND } from '../lab/lab-places.ts'
import { selectRunnerOptions, type RunnerStart } from './runner-start.ts'

/** Ten minutes: a coffee and a call; the next `open` starts another runner in a fraction of a second. */
const IDLE_MS = 10 * 60_000

/** Starts the runner of a run that nobody holds, and resolves when it serves clients; else throws why it cannot. */
export async function startRunner(
  context: CliContext,
  run: RunId,
  start: Pick<RunnerStart, 'operator' | 'rechecks'>,
): Promise<void> {
  const { world, input } = context
  const stateDirectory = selectStateDirectory(context)
  const [node, program] = OWN_COMMAND
  const report = await launchRunner({
    command: [node, ...RUNNER_FLAGS, program, 'runner', run, '--state-dir', stateDirectory],
    runDirectory: selectRunDirectory(stateDirectory, run),
    cwd: world.cwd,
    env: world.env,
    start: {
      ...start,
      idleMs: selectIdleMs(world.env),
      options: { ...selectRunnerOptions(input), stateDir: stateDirectory },
    } satisfies RunnerStart,
  })
  if (report.kind === 'failed') throw rebuildError(report.error)
}

/** HANDRAIL_RUNNER_IDLE: seconds until a runner that nobody needs ends. */
function selectIdleMs(env: CliContext['world']['env']): number {
  const seconds = Number(env['HANDRAIL_RUNNER_IDLE'])
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : IDLE_MS
}

function rebuildError({ name, message, nextSteps, exitCode }: ReportedError): Error {
  if (name === 'usage') return new UsageError(message, nextSteps)
  if (name === 'environment') return new EnvironmentError(message, nextSteps, exitCode)
  return new BugError(message)
}
