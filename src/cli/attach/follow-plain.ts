import type { SentRecord } from '../../adapters/runner/messages.ts'
import { createAnswerPolicy } from '../../core/run/answer-policy.ts'
import { isRunOver } from '../../core/run/end-run.ts'
import { EXIT, selectExitCode } from '../../core/run/summary.ts'
import type { JobId, RunId } from '../../core/base/ids.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import type { SocketClient } from '../client/client-model.ts'
import { say } from '../output/say.ts'
import { openAsker } from '../plain/ask-questions.ts'
import { openKeyboard, type Keyboard } from '../plain/keyboard.ts'
import { openPlainView, type PlainView } from '../plain/plain-view.ts'
import { tellOpenQuestions } from '../plain/tell-open-questions.ts'
import { createTerminalOffer, createTerminalPrompter } from '../prompter.ts'
import { openTerminal } from '../run/open-terminal.ts'
import { describeEnd } from '../run/describe-end.ts'
import { describeRecord } from '../run/describe-record.ts'
import { readAnswerOptions } from '../run/read-answer-options.ts'
import { selectNext } from '../run/select-next.ts'
import { answerPrompts, type PromptPerson } from './answer-prompts.ts'

/** What is shown first, and whether the person may act. */
export type FollowOptions = {
  /** Records behind this one are new to the person. */
  readonly shownAfterSeq: number
  /** Only looks on: neither answers nor ends anything, and stays while the run rests; without a terminal only while it has a driver or a runner. */
  readonly watches: boolean
}

/** Why following ended. */
type FollowEnd = 'over' | 'resting' | 'unattended' | 'left' | 'farewell' | 'cut-off'

/** A rest counts after so long without news: the last records may still be on their way. */
const SETTLE_MS = 100
/** So long is a runner that went without a word dialled again before it counts as gone. */
const GIVE_UP_MS = 2500

/** Shows a run in plain lines or JSON until it is over, waits for somebody, or the person leaves. */
export async function followPlain(
  context: CliContext,
  client: SocketClient,
  options: FollowOptions,
): Promise<CommandEnd> {
  const { world, output, input } = context
  const { state, operator, run } = client
  const hasTerminal = world.stdin.isTTY === true && world.stderr.isTTY === true
  const isInteractive = !options.watches && hasTerminal
  const ended = Promise.withResolvers<FollowEnd>()
  const leave = (): void => ended.resolve('left')
  const keyboard = isInteractive
    ? openKeyboard({ input: world.stdin, output: world.stderr, onInterrupt: leave })
    : undefined
  const view = openPlainView({
    output,
    state,
    now: world.now,
    hides: (event) => isInteractive && event.type === 'question-asked',
  })
  const answers = readAnswerOptions(input, operator)
  const policy = createAnswerPolicy(answers)
  const known = new Set(state.questions.keys())
  const show = createShow(context, { run, view, afterSeq: options.shownAfterSeq })
  const asking = new AbortController()
  const asker =
    keyboard === undefined ? undefined : openClientAsker(context, { client, keyboard, signal: asking.signal })
  const check = createCheck({ client, options, hasTerminal, policy, end: ended.resolve })
  client.observe(buildObserver(context, view, { show, check }))
  const stopListening = world.onInterrupt(leave)
  const stopPrompts = answerPrompts(client, openPerson(context, client, keyboard))
  show(client.records)
  check()
  const off = client.subscribe(() => asker?.wake())
  const end = await ended.promise
  asking.abort()
  off()
  stopPrompts()
  stopListening()
  view.end()
  if (end === 'unattended')
    for (const { text } of state.questions.values()) output.tell(say`needs you: ${text}`, 'warning')
  if (!isInteractive && !options.watches) tellOpenQuestions(output, state, { known, answers })
  return conclude(context, client, { end, watches: options.watches })
}

function openPerson(
  { world, output }: CliContext,
  client: SocketClient,
  keyboard: Keyboard | undefined,
): PromptPerson | undefined {
  if (keyboard === undefined) return undefined
  client.lendTerminal(openTerminal(world, keyboard))
  return {
    prompter: createTerminalPrompter(keyboard, output),
    offerTerminal: createTerminalOffer(keyboard, output),
  }
}

/** Shows each record once, in plain lines and as JSON. */
function createShow(
  { json, output }: CliContext,
  { run, view, afterSeq }: { readonly run: RunId; readonly view: PlainView; readonly afterSeq: number },
): (records: readonly SentRecord[]) => void {
  let lastShown = afterSeq
  return (records) => {
    for (const record of records) {
      if (record.seq <= lastShown) continue
      lastShown = record.seq
      if (json) output.json(describeRecord(run, record), 'line')
      if (record.event.type !== 'run-created') view.onEvent(record.event, new Date(record.t))
    }
  }
}

function openClientAsker(
  { output, input }: CliContext,
  parts: { readonly client: SocketClient; readonly keyboard: Keyboard; readonly signal: AbortSignal },
): { readonly wake: () => void } {
  const { client, keyboard, signal } = parts
  return openAsker({
    engine: client,
    keyboard,
    output,
    by: client.operator,
    getValue: client.readValue,
    ref: input.text('ref'),
    signal,
  })
}

function buildObserver(
  { output }: CliContext,
  view: PlainView,
  { show, check }: { readonly show: (records: readonly SentRecord[]) => void; readonly check: () => void },
): Parameters<SocketClient['observe']>[0] {
  return {
    onRecords: (records) => {
      show(records)
      check()
    },
    onOutput: (job, stream, bytes) => view.onOutput(job as JobId, stream, bytes),
    onOutputSkipped: (bytes) =>
      output.tell(
        say`… ${bytes} bytes of output are left out, since this terminal does not keep up; handrail log has them`,
        'warning',
      ),
    onProgress: (progress) => view.onProgress(progress),
    onRest: check,
    onDriver: (drives, driver) => {
      output.tell(drives ? say`you drive now` : say`${driver ?? 'nobody'} drives now`, 'strong')
      check()
    },
    onConnection: (connection) => {
      if (connection.kind === 'connected') output.tell(say`connected again`, 'quiet')
      check()
    },
  }
}

type Check = {
  readonly client: SocketClient
  readonly options: FollowOptions
  readonly hasTerminal: boolean
  readonly policy: ReturnType<typeof createAnswerPolicy>
  readonly end: (end: FollowEnd) => void
}

/** Looks, a little after the last news, whether following is over. */
function createCheck({ client, options, hasTerminal, policy, end }: Check): () => void {
  let timer: NodeJS.Timeout | undefined
  let gone: NodeJS.Timeout | undefined
  const answer = async (): Promise<boolean> => {
    let answered = false
    for (const question of client.state.questions.values()) {
      const intent = policy(question, client.state)
      if (intent !== undefined && (await client.submit(intent)).ok) answered = true
    }
    return answered
  }
  const look = async (): Promise<void> => {
    if (isRunOver(client.state)) return end('over')
    // Nothing would ever come, and nobody is there to press Ctrl-C.
    if (options.watches && !hasTerminal && isUnattended(client)) return end('unattended')
    if (!client.isResting() || options.watches) return
    if (client.isDriver() && (await answer())) return check()
    if (!hasTerminal) end('resting')
  }
  const check = (): void => {
    clearTimeout(timer)
    clearTimeout(gone)
    if (client.connection().kind === 'lost') {
      if (client.farewell() !== undefined) return end('farewell')
      gone = setTimeout(() => end('cut-off'), GIVE_UP_MS)
    }
    timer = setTimeout(() => void look(), SETTLE_MS)
  }
  return check
}

/** Whether neither a runner nor another process has the run. */
function isUnattended(client: SocketClient): boolean {
  return (
    client.connection().kind === 'connected' &&
    client.runnerPid() === undefined &&
    client.driver() === undefined
  )
}

async function conclude(
  { output }: CliContext,
  client: SocketClient,
  { end, watches }: { readonly end: FollowEnd; readonly watches: boolean },
): Promise<CommandEnd> {
  const { run, state } = client
  // Read before anybody pauses the run: it says how the run stands.
  const exitCode = client.farewell()?.exitCode ?? selectExitCode(state)
  // Nobody is left to answer: a runner that only waits would be in the way of the next command.
  if (end === 'resting' && client.isDriver()) await client.stopRunner()
  const drove = client.isDriver()
  client.detach()
  if (end === 'left') {
    output.warn(
      say`You have left run ${run}${client.driver() === undefined && !drove ? '' : ': it goes on without you'}.`,
      'warning',
    )
    return { exitCode: EXIT.interrupted, next: `handrail open ${run}` }
  }
  if (end === 'cut-off') {
    output.warn(say`The runner of run ${run} is gone: it was killed, or it crashed.`, 'bad')
    output.warn(say`Commands that run on hosts go on; nothing new starts until the run is opened again.`)
    return { exitCode: EXIT.interrupted, next: `handrail open ${run}` }
  }
  const farewell = client.farewell()
  if (end === 'farewell' && farewell !== undefined) output.tell(say`the runner ended: ${farewell.reason}`)
  output.tell(say`run ${run}: ${describeEnd(exitCode, state.status)}`, exitCode === 0 ? 'good' : 'warning')
  const next = watches && end !== 'over' ? `handrail open ${run}` : selectNext(run, state)
  return { exitCode, next }
}
