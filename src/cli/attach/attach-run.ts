import type { RunId } from '../../core/base/ids.ts'
import { EnvironmentError } from '../../core/base/errors.ts'
import type { Library } from '../../tui/library.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import type { SocketClient } from '../client/client-model.ts'
import { createCorrections } from '../client/create-corrections.ts'
import { loadLastSeen } from '../client/last-seen.ts'
import { loadStepText } from '../client/load-step-text.ts'
import { openSocketClient, type SocketClientOptions } from '../client/open-socket-client.ts'
import { openRunHistory, type RunHistory } from '../client/run-history.ts'
import { selectStateDirectory } from '../history/open-history.ts'
import { say } from '../output/say.ts'
import { selectTerminalSize } from '../run/open-terminal.ts'
import { selectOperator } from '../run/run-identity.ts'
import { followPlain } from './follow-plain.ts'
import { showScreen, wantsScreen } from './show-screen.ts'

/** How to come to a run that a runner serves. */
export type AttachOptions = {
  readonly run: RunId
  /**
   * `ask`: have the wheel if nobody has it or if it is this very person's; `take`: from whoever has it; `later`: only
   * when the person asks for it.
   */
  readonly wheel: 'ask' | 'take' | 'later' | 'none'
  /** Records behind this one are new to the person. */
  readonly shownAfterSeq: number
  /** Read already; it is brought up to date. */
  readonly history?: RunHistory
}

type ConnectOptions = Pick<AttachOptions, 'run' | 'wheel' | 'history'> &
  Pick<SocketClientOptions, 'connect' | 'isGlance'>

/** Connects to the runner of a run; undefined where none answers. */
export async function connectClient(
  context: CliContext,
  { run, wheel, connect, isGlance = false, history: known }: ConnectOptions,
): Promise<SocketClient | undefined> {
  const operator = selectOperator(context)
  const history = known ?? (await openRunHistory(selectStateDirectory(context), run))
  const client = await openSocketClient({
    ...(await buildClientOptions(context, history, wheel)),
    isGlance,
    ...(connect === undefined ? {} : { connect }),
  })
  if (client === undefined) return undefined
  if (wheel === 'none')
    return { ...client, isOnlyWatching: true, takeWheel: () => Promise.resolve(refuseWheel(run)) }
  const isMine = client.driver() === operator
  if (!client.isDriver() && (wheel === 'take' || (wheel === 'ask' && isMine))) await client.takeWheel()
  // A runner of this process ends with it.
  return connect === undefined ? withRevival(context, client) : client
}

/** What every client of a run is made of. */
export async function buildClientOptions(
  context: CliContext,
  history: RunHistory,
  wheel: AttachOptions['wheel'],
): Promise<SocketClientOptions> {
  const operator = selectOperator(context)
  return {
    history,
    operator,
    drives: wheel === 'ask' || wheel === 'take',
    lastSeen: await loadLastSeen(history.directory, operator),
    stepText: loadStepText(context, history),
    corrections: createCorrections(context, history),
    ...selectTerminal(context),
  }
}

/** Of the terminal that an interactive command could have. */
function selectTerminal({ world, json }: CliContext): Pick<SocketClientOptions, 'terminal'> {
  const { stdin, stdout } = world
  return json || stdin.isTTY !== true || stdout.isTTY !== true ? {} : { terminal: selectTerminalSize(world) }
}

/** `watch` never drives, whatever is pressed. */
function refuseWheel(run: RunId) {
  return { ok: false, reason: `watch never drives; leave and type handrail open ${run}` } as const
}

/** Follows a run through its runner, in the way that suits where this command runs; gives the end of the command. */
export async function attachRun(context: CliContext, options: AttachOptions): Promise<CommandEnd> {
  const client = await connectClient(context, options)
  if (client === undefined)
    throw new EnvironmentError(`the runner of run ${options.run} does not answer`, [
      `handrail open ${options.run}`,
    ])
  return followClient(context, client, options)
}

/** Taking the wheel of a run whose runner is gone starts another one. */
export function withRevival(context: CliContext, client: SocketClient): SocketClient {
  const takeWheel: SocketClient['takeWheel'] = async () => {
    if (client.connection().kind !== 'lost') return client.takeWheel()
    const { reviveRun } = await import('./revive-run.ts')
    const failed = await reviveRun(context, client).catch((error: Error) => ({ reason: error.message }))
    return failed === undefined ? client.takeWheel() : { ok: false, ...failed }
  }
  return { ...client, takeWheel }
}

/** Opens a run again on the screen that shows it, with what was decided about its edited files. */
export function createReopen(context: CliContext): Library['open'] {
  return async (run, answer) => {
    const [{ reopenRun }, { answerErrors }] = await Promise.all([
      import('./reopen-run.ts'),
      import('./answer-errors.ts'),
    ])
    return answerErrors(context, () => reopenRun(context, run, answer))
  }
}

/** Shows a client that is connected. The one place that chooses between the screen, plain lines and JSON. */
export async function followClient(
  context: CliContext,
  client: SocketClient,
  { wheel, shownAfterSeq }: Pick<AttachOptions, 'wheel' | 'shownAfterSeq'>,
): Promise<CommandEnd> {
  if (wantsScreen(context)) return showScreen(context, { client, reopen: createReopen(context) })
  const driver = client.driver()
  if (wheel !== 'none' && driver !== undefined)
    context.output.tell(
      say`${driver} drives this run; you are watching. To take over: handrail takeover ${client.run}`,
      'strong',
    )
  return followPlain(context, client, { shownAfterSeq, watches: wheel === 'none' || driver !== undefined })
}
