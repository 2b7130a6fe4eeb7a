import type { JournalRecord } from '../../core/journal/record.ts'
import type { RunEvent } from '../../core/run/events.ts'
import { EXIT, selectExitCode } from '../../core/run/summary.ts'
import type { Engine, EngineStop } from '../../engine/engine.ts'
import type { RunStore as EngineStore } from '../../engine/ports/run-store.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { say } from '../output/say.ts'
import { openAsker } from '../plain/ask-questions.ts'
import type { Keyboard } from '../plain/keyboard.ts'
import { openKeyboard } from '../plain/keyboard.ts'
import { openPlainView } from '../plain/plain-view.ts'
import { tellOpenQuestions } from '../plain/tell-open-questions.ts'
import { createTerminalOffer, createTerminalPrompter, HEADLESS_PROMPTER } from '../prompter.ts'
import type { DriveRequest } from './drive-model.ts'
import { buildRunEngine, type RunEngineParts } from './build-run-engine.ts'
import { describeEnd } from './describe-end.ts'
import { describeRecord } from './describe-record.ts'
import { readAnswerOptions } from './read-answer-options.ts'
import { openTerminal } from './open-terminal.ts'
import { recordEvents, recordSession, type SessionLog } from './session-events.ts'
import { selectNext } from './select-next.ts'

/** Drives a run in this process until it ends, waits for a person, or is let go; gives the end of the command. */
export async function driveRun(context: CliContext, request: DriveRequest): Promise<CommandEnd> {
  const { world } = context
  const { store, state, operator } = request
  const isInteractive = world.stdin.isTTY === true && world.stderr.isTTY === true
  const interrupt = buildInterrupt(context, request)
  const keyboard = isInteractive
    ? openKeyboard({ input: world.stdin, output: world.stderr, onInterrupt: interrupt.now })
    : undefined
  const view = openPlainView({
    output: context.output,
    state,
    now: world.now,
    hides: (event) => isInteractive && event.type === 'question-asked',
  })
  const listeners: (() => void)[] = []
  const onEvent = (event: RunEvent): void => {
    view.onEvent(event)
    for (const listener of listeners) listener()
  }
  const onRecords = (records: readonly JournalRecord[]): void => {
    if (context.json)
      for (const record of records) context.output.json(describeRecord(store.run, record), 'line')
  }
  onRecords(request.shown)
  const built = buildRunEngine(context, request, {
    ...openPerson(context, keyboard),
    observer: { ...view, onEvent },
    onRecords,
    staysOpen: keyboard !== undefined,
  })
  interrupt.engine = built.engine
  const [known, answers] = [new Set(state.questions.keys()), readAnswerOptions(context.input, operator)]
  const stopListening = world.onInterrupt(interrupt.now)
  try {
    const log = { store: built.store, state, onEvent }
    await recordSession(log, operator)
    const asking = new AbortController()
    if (keyboard !== undefined)
      listeners.push(startAsking(context, { ...built, keyboard, operator, signal: asking.signal }))
    const stop = await built.engine.run().finally(() => asking.abort())
    view.end()
    if (keyboard === undefined) tellOpenQuestions(context.output, state, { known, answers })
    return await endRun(context, request, { stop, log, wasInterrupted: interrupt.happened() })
  } finally {
    stopListening()
    await built.transport.close()
    await store.close()
  }
}

/** Whom the engine asks, and whose terminal it may have. */
function openPerson(
  { world, output }: CliContext,
  keyboard: Keyboard | undefined,
): Pick<RunEngineParts, 'prompter' | 'terminal'> {
  if (keyboard === undefined) return { prompter: HEADLESS_PROMPTER }
  return {
    prompter: createTerminalPrompter(keyboard, output),
    terminal: { ...openTerminal(world, keyboard), offer: createTerminalOffer(keyboard, output) },
  }
}

function startAsking(
  { output, input }: CliContext,
  parts: {
    readonly engine: Engine
    readonly keyboard: Keyboard
    readonly store: EngineStore
    readonly operator: string
    readonly signal: AbortSignal
  },
): () => void {
  const { engine, keyboard, store, operator, signal } = parts
  return openAsker({
    engine,
    keyboard,
    output,
    by: operator,
    getValue: store.getValue,
    ref: input.text('ref'),
    signal,
  }).wake
}

/** The first Ctrl-C lets go of the run, the second ends this process at once. */
function buildInterrupt({ output }: CliContext, { store }: DriveRequest) {
  let count = 0
  const interrupt = {
    engine: undefined as Engine | undefined,
    happened: () => count > 0,
    now: (): void => {
      count += 1
      if (count > 1) process.exit(EXIT.interrupted)
      output.warn(say`Letting go. Commands that run on hosts go on; nothing new starts.`, 'warning')
      output.warn(say`Come back with: handrail resume ${store.run}`)
      interrupt.engine?.detach()
    },
  }
  return interrupt
}

type Ending = {
  readonly stop: EngineStop
  readonly log: SessionLog
  readonly wasInterrupted: boolean
}

async function endRun(
  { output }: CliContext,
  { store, state }: DriveRequest,
  { stop, log, wasInterrupted }: Ending,
): Promise<CommandEnd> {
  if (stop.kind === 'journal-failed') {
    output.warn(say`The journal cannot be written any more: ${stop.error.message}`, 'bad')
    output.warn(say`Nothing was started since; what runs on hosts goes on.`)
    return { exitCode: EXIT.journal, next: `make room or repair the disk, then handrail resume ${store.run}` }
  }
  // Read before the pause is recorded: it says how the run stands, not that nobody drives it.
  const exitCode = wasInterrupted ? EXIT.interrupted : selectExitCode(state)
  if (state.status === 'open') {
    const reason = wasInterrupted ? 'interrupted' : 'waiting'
    await recordEvents(log, [{ type: 'run-paused', reason }])
  }
  await store.saveHead()
  output.tell(
    say`run ${store.run}: ${describeEnd(exitCode, state.status)}`,
    exitCode === 0 ? 'good' : 'warning',
  )
  return { exitCode, next: wasInterrupted ? `handrail resume ${store.run}` : selectNext(store.run, state) }
}
