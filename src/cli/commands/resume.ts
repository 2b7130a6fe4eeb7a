import type { CliContext, CommandEnd } from '../cli-context.ts'
import { say } from '../output/say.ts'
import { driveRun } from '../run/drive-run.ts'
import { openKeptRun, type KeptRun } from '../run/open-kept-run.ts'
import { readAnswerOptions } from '../run/read-answer-options.ts'
import { selectOperator } from '../run/run-identity.ts'
import { settleEdits } from '../run/settle-edits.ts'

/** After so long what succeeded is looked at again before anything that changes a host may begin. */
const RECHECK_AFTER_MS = 4 * 3600 * 1000

/** `handrail resume [RUN]`: goes on with a run that is not over; the newest unless told. */
export async function runResume(context: CliContext): Promise<CommandEnd> {
  const { output, input } = context
  const operator = selectOperator(context)
  readAnswerOptions(input, operator)
  const opened = await openKeptRun(context, input.argument(0), operator)
  if (opened.kind === 'busy') {
    output.warn(say`Run ${opened.run} is driven by ${opened.driver}.`, 'bad')
    return { exitCode: 3, next: `handrail show ${opened.run}` }
  }
  const { kept } = opened
  const { store, state } = kept
  try {
    output.tell(say`run ${store.run}: ${state.created?.runbook.title ?? ''}`, 'strong')
    const rechecks = wantsRecheck(kept, operator, context.world.now())
    const settled = await settleEdits(context, kept, operator)
    if (settled.kind === 'end') return settled.end
    const { prepared } = settled
    const epoch = kept.records.at(-1)?.fence ?? 1
    return await driveRun(context, { prepared, store, state, operator, shown: [], rechecks, epoch })
  } finally {
    await store.close()
  }
}

function wantsRecheck({ state }: KeptRun, operator: string, now: Date): boolean {
  const idleMs = now.getTime() - (state.lastWallMs ?? now.getTime())
  return idleMs > RECHECK_AFTER_MS || operator !== state.operator
}
