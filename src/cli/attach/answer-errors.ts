import { selectDiskError } from '../../adapters/journal/disk-error.ts'
import { EnvironmentError, UsageError } from '../../core/base/errors.ts'
import type { Problem } from '../../tui/problem.ts'
import type { CliContext } from '../cli-context.ts'
import { selectStateDirectory } from '../history/open-history.ts'

/** Errors are answers on a screen; of a bug, what is known is kept as for any command. */
export async function answerErrors<T extends object>(
  context: CliContext,
  ask: () => Promise<T | Problem>,
): Promise<T | Problem> {
  try {
    return await ask()
  } catch (thrown) {
    const error = selectDiskError(thrown, selectStateDirectory(context)) ?? thrown
    if (error instanceof UsageError || error instanceof EnvironmentError)
      return { problem: error.message, details: error.nextSteps }
    const { world, version, input } = context
    const stateDir = input.text('stateDir')
    const { saveCrashReport } = await import('../save-crash-report.ts')
    const path = await saveCrashReport(error, { world, args: ['home'], version, stateDir })
    return { problem: 'this is a bug of handrail itself', details: path === undefined ? [] : [path] }
  }
}
