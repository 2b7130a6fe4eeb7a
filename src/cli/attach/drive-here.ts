import type { JournalRecord } from '../../core/journal/record.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import type { DriveRequest } from '../run/drive-model.ts'
import { wantsScreen } from './show-screen.ts'

/**
 * Drives a run in this process, on the screen or in lines. Engine and transports are loaded here: whoever only follows
 * a runner does without their memory.
 */
export async function driveHere(
  context: CliContext,
  request: DriveRequest & { readonly records: readonly JournalRecord[] },
): Promise<CommandEnd> {
  if (wantsScreen(context)) {
    const { driveOnScreen } = await import('./drive-on-screen.ts')
    return driveOnScreen(context, { ...request, shown: [] })
  }
  const { driveRun } = await import('../run/drive-run.ts')
  return driveRun(context, request)
}
