import { listRuns } from '../../adapters/journal/list-runs.ts'
import type { RunId } from '../../core/base/ids.ts'
import type { RunEvent } from '../../core/run/events.ts'
import { selectExitCode } from '../../core/run/summary.ts'
import { connectClient, followClient } from '../attach/attach-run.ts'
import { openBehindScreen } from '../attach/open-behind-screen.ts'
import { wantsScreen } from '../attach/show-screen.ts'
import { openFreeRun } from '../attach/open-free-run.ts'
import { goOn } from '../attach/go-on.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import type { SocketClient } from '../client/client-model.ts'
import { openLookingClient } from '../client/open-looking-client.ts'
import { openRunHistory, type RunHistory } from '../client/run-history.ts'
import { requireArgument } from '../command-input.ts'
import { selectAmong, selectStateDirectory } from '../history/open-history.ts'
import { say } from '../output/say.ts'
import { describeEnd } from '../run/describe-end.ts'
import { readAnswerOptions } from '../run/read-answer-options.ts'
import { selectOperator } from '../run/run-identity.ts'
import { selectNext } from '../run/select-next.ts'

/** Journals above this are read for so long that one would wait for the second reading, by the runner. */
const LONG_EVENTS = 5000

/** `handrail open [RUN]`: attaches, resumes or watches, whatever is right, and says which. */
export async function runOpen(context: CliContext): Promise<CommandEnd> {
  const { output } = context
  const operator = selectOperator(context)
  readAnswerOptions(context.input, operator)
  const { run, history } = await selectHistory(context)
  if (isOver(history)) return tellEnd(context, history)
  if (history.records.length > LONG_EVENTS && wantsScreen(context) && !context.input.flag('inline')) {
    const behind = await openBehindScreen(context, history, operator)
    return behind.kind === 'end' ? behind.end : watchJournal(context, history, 'later')
  }
  const opened = await openFreeRun(context, run, operator)
  if (opened.kind === 'held') {
    output.tell(say`nobody drives run ${run}: taking it up`, 'strong')
    return goOn(context, opened.kept, { operator, history })
  }
  const client = await connectClient(context, { run, wheel: 'ask', history })
  if (client === undefined) return watchJournal(context, history, 'later')
  if (client.isDriver()) output.tell(say`run ${run} goes on: attached to it`, 'strong')
  return follow(context, client, 'ask')
}

/** `handrail takeover RUN`: takes the wheel from whoever drives. */
export async function runTakeover(context: CliContext): Promise<CommandEnd> {
  requireArgument(context.input, 0, 'the run')
  const { run, history } = await selectHistory(context)
  if (isOver(history)) return tellEnd(context, history)
  const client = await connectClient(context, { run, wheel: 'take', history })
  if (client === undefined) return runOpen(context)
  context.output.tell(
    client.isDriver() ? say`run ${run}: you drive now` : say`run ${run}: could not be taken over`,
    'strong',
  )
  return follow(context, client, 'take')
}

/** `handrail watch RUN`: shows a run and never drives it. */
export async function runWatch(context: CliContext): Promise<CommandEnd> {
  requireArgument(context.input, 0, 'the run')
  const { run, history } = await selectHistory(context)
  if (isOver(history)) return tellEnd(context, history)
  const client = await connectClient(context, { run, wheel: 'none', history })
  if (client === undefined) return watchJournal(context, history, 'none')
  context.output.tell(say`watching run ${run}${describeDriver(client.driver())}`, 'strong')
  return follow(context, client, 'none')
}

function follow(
  context: CliContext,
  client: SocketClient,
  wheel: 'ask' | 'take' | 'none',
): Promise<CommandEnd> {
  return followClient(context, client, { wheel, shownAfterSeq: client.records.at(-1)?.seq ?? 0 })
}

/** The run that was named, or the newest that is not over, or the newest. */
async function selectHistory(
  context: CliContext,
): Promise<{ readonly run: RunId; readonly history: RunHistory }> {
  const stateDirectory = selectStateDirectory(context)
  const runs = await listRuns(stateDirectory)
  const prefix = context.input.argument(0)
  const unfinished = runs.find(({ last }) => {
    const type = (last?.event as RunEvent | undefined)?.type
    return type !== undefined && type !== 'run-finished' && type !== 'run-aborted'
  })
  const run = prefix === undefined && unfinished !== undefined ? unfinished.run : selectAmong(runs, prefix)
  return { run, history: await openRunHistory(stateDirectory, run) }
}

function isOver({ state }: RunHistory): boolean {
  return state.status === 'finished' || state.status === 'aborted'
}

function tellEnd({ output }: CliContext, { run, state }: RunHistory): CommandEnd {
  const exitCode = selectExitCode(state)
  output.tell(
    say`run ${run} is over: ${describeEnd(exitCode, state.status)}`,
    exitCode === 0 ? 'good' : 'warning',
  )
  return { exitCode, next: selectNext(run, state) }
}

/** Follows a run whose driver serves no clients, or that nobody drives. */
async function watchJournal(
  context: CliContext,
  history: RunHistory,
  wheel: 'later' | 'none',
): Promise<CommandEnd> {
  const client = await openLookingClient(context, history, (known) =>
    connectClient(context, { run: known.run, wheel, history: known }),
  )
  context.output.tell(say`watching run ${history.run}${describeDriver(client.driver())}`, 'strong')
  return follow(context, wheel === 'none' ? { ...client, isOnlyWatching: true } : client, 'none')
}

function describeDriver(driver: string | undefined): string {
  return driver === undefined ? ': nobody drives it' : `: ${driver} drives it`
}
