import { selectDiskError } from '../adapters/journal/disk-error.ts'
import { resolveStateDirectory } from '../adapters/journal/state-directory.ts'
import { BugError, EnvironmentError, UsageError } from '../core/base/errors.ts'
import type { CommandEnd } from './cli-context.ts'
import type { CliWorld } from './cli-world.ts'
import type { Output } from './output/output.ts'
import { say } from './output/say.ts'

/** Exit code of a bug of our own: none of the documented ones fits better than "usage". */
const BUG_EXIT = 70

type Surroundings = {
  readonly world: CliWorld
  readonly output: Output
  readonly args: readonly string[]
  readonly version: string
  /** `--state-dir`, where the command line has one. */
  readonly stateDir: string | undefined
}

/** Words for whatever ended a command: a line on what, a line for each further step, and the end with the last one. */
export async function describeError(error: unknown, surroundings: Surroundings): Promise<CommandEnd> {
  const { output, world, stateDir } = surroundings
  if (error instanceof UsageError) return tell(error, 2, output)
  if (error instanceof EnvironmentError) return tell(error, error.exitCode, output)
  const { env, home, cwd } = world
  const disk = selectDiskError(error, resolveStateDirectory({ flag: stateDir, env, home, cwd }))
  if (disk instanceof EnvironmentError) return tell(disk, disk.exitCode, output)
  const { saveCrashReport } = await import('./save-crash-report.ts')
  const path = await saveCrashReport(error, surroundings)
  const kind = error instanceof BugError ? 'a broken invariant' : 'an unexpected error'
  output.warn(say`handrail: this is a bug of handrail itself (${kind}).`, 'bad')
  return {
    exitCode: BUG_EXIT,
    next: path === undefined ? 'handrail doctor' : `report it with ${path}, which holds no secrets`,
  }
}

function tell(error: UsageError | EnvironmentError, exitCode: number, output: Output): CommandEnd {
  output.warn(say`handrail: ${error.message}`, 'bad')
  const steps = error.nextSteps.length > 0 ? error.nextSteps : ['handrail --help']
  for (const step of steps.slice(0, -1)) output.warn(say`  ${step}`)
  return { exitCode, next: steps.at(-1) ?? 'handrail --help' }
}
