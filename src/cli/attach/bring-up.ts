import type { RunId } from '../../core/base/ids.ts'
import type { SafeText } from '../../core/base/safe-text.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { collectOutput } from '../output/collect-output.ts'
import { handOver } from './go-on.ts'
import { openFreeRun } from './open-free-run.ts'

/** What became of bringing a run up behind a screen. */
export type BroughtUp = {
  /** A runner was started; else somebody else has the run, or `end`. */
  readonly isStarted: boolean
  /** Why it cannot go on yet. */
  readonly end: CommandEnd | undefined
}

export type BringUpOptions = {
  readonly run: RunId
  readonly operator: string
  /** Takes what a command would have printed; a screen stands where it would go. */
  readonly told: SafeText[]
}

/** Starts the runner of a run that nobody drives, as `handrail open` does, and prints nothing. */
export async function bringUp(
  context: CliContext,
  { run, operator, told }: BringUpOptions,
): Promise<BroughtUp> {
  const quiet = { ...context, output: collectOutput(context.output, told) }
  const opened = await openFreeRun(quiet, run, operator)
  if (opened.kind !== 'held') return { isStarted: false, end: undefined }
  const handed = await handOver(quiet, opened.kept, operator)
  return handed.kind === 'end' ? { isStarted: false, end: handed.end } : { isStarted: true, end: undefined }
}
