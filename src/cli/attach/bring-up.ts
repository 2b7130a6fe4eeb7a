import type { RunId } from '../../core/base/ids.ts'
import type { EditReview } from '../../tui/edit-review.ts'
import type { CliContext } from '../cli-context.ts'
import { collectOutput } from '../output/collect-output.ts'
import { settleOnScreen, type ScreenDecision } from '../run/settle-on-screen.ts'
import { handOver } from './hand-over.ts'
import { openFreeRun } from './open-free-run.ts'

/** What became of bringing a run up behind a screen. */
export type BroughtUp = {
  /** A runner was started; else somebody else has the run, or `edit`. */
  readonly isStarted: boolean
  /** What has to be decided first. */
  readonly edit: EditReview | undefined
}

/** Starts the runner of a run that nobody drives, as `handrail open` does, and prints nothing. */
export async function bringUp(
  context: CliContext,
  { run, ...decision }: ScreenDecision & { readonly run: RunId },
): Promise<BroughtUp> {
  // A screen stands where it would go.
  const quiet = { ...context, output: collectOutput(context.output, []) }
  const { operator } = decision
  const opened = await openFreeRun(quiet, run, operator)
  if (opened.kind !== 'held') return { isStarted: false, edit: undefined }
  const { kept } = opened
  const settle = () => settleOnScreen(quiet, kept, decision)
  const handed = await handOver(quiet, kept, { operator, settle })
  return handed.kind === 'review'
    ? { isStarted: false, edit: handed.review }
    : { isStarted: true, edit: undefined }
}
