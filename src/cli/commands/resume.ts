import { followClient, connectClient } from '../attach/attach-run.ts'
import { goOn } from '../attach/go-on.ts'
import { openFreeRun } from '../attach/open-free-run.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { say } from '../output/say.ts'
import { readAnswerOptions } from '../run/read-answer-options.ts'
import { selectOperator } from '../run/run-identity.ts'

/** `handrail resume [RUN]`: goes on with a run that is not over; the newest unless told. */
export async function runResume(context: CliContext): Promise<CommandEnd> {
  const { output, input } = context
  const operator = selectOperator(context)
  readAnswerOptions(input, operator)
  const opened = await openFreeRun(context, input.argument(0), operator)
  if (opened.kind === 'held') return goOn(context, opened.kept, { operator })
  const { run, driver } = opened
  const client = input.flag('inline') ? undefined : await connectClient(context, { run, wheel: 'ask' })
  if (client === undefined) {
    output.warn(say`Run ${run} is driven by ${driver}.`, 'bad')
    return { exitCode: 3, next: `handrail watch ${run}` }
  }
  output.tell(say`run ${run} has a runner: attached to it`, 'strong')
  if (client.isDriver() && client.state.status === 'paused')
    await client.submit({ type: 'resume', by: operator })
  return followClient(context, client, { wheel: 'ask', shownAfterSeq: client.records.at(-1)?.seq ?? 0 })
}
