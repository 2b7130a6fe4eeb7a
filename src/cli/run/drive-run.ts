import { hostname } from 'node:os'
import type { RunEvent } from '../../core/run/events.ts'
import { reduceEvent } from '../../core/run/reduce.ts'
import type { RunState } from '../../core/run/state.ts'
import { EXIT, selectExitCode } from '../../core/run/summary.ts'
import type { Engine, EngineStop } from '../../engine/engine.ts'
import type { RunStore as EngineStore } from '../../engine/ports/run-store.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { say } from '../output/say.ts'
import { openAsker } from '../plain/ask-questions.ts'
import type { Keyboard } from '../plain/keyboard.ts'
import { openKeyboard } from '../plain/keyboard.ts'
import { openPlainView, type PlainView } from '../plain/plain-view.ts'
import type { DriveRequest } from './drive-model.ts'
import { buildRunEngine } from './build-run-engine.ts'
import { selectNext } from './select-next.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'

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
    nowMs: SYSTEM_CLOCK.monoMs,
    hides: (event) => isInteractive && event.type === 'question-asked',
  })
  const built = buildRunEngine(context, request, { keyboard, view })
  interrupt.engine = built.engine
  const stopListening = world.onInterrupt(interrupt.now)
  try {
    await openSession(built.store, request, view)
    const asking = new AbortController()
    if (keyboard !== undefined)
      built.onEvent(startAsking(context, { ...built, keyboard, operator, signal: asking.signal }))
    const stop = await built.engine.run().finally(() => asking.abort())
    view.end()
    const ending = { stop, engineStore: built.store, view, wasInterrupted: interrupt.happened() }
    return await endRun(context, request, ending)
  } finally {
    stopListening()
    await built.transport.close()
    await store.close()
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

async function openSession(
  engineStore: EngineStore,
  { state, operator }: DriveRequest,
  view: PlainView,
): Promise<void> {
  const events: RunEvent[] = [{ type: 'session-opened', operator, host: hostname(), pid: process.pid }]
  if (state.status === 'paused') events.push({ type: 'run-resumed', operator })
  await recordEvents(engineStore, { state, view }, events)
}

async function recordEvents(
  engineStore: EngineStore,
  { state, view }: { readonly state: RunState; readonly view: PlainView },
  events: readonly RunEvent[],
): Promise<void> {
  for (const event of await engineStore.append(events)) {
    reduceEvent(state, event, SYSTEM_CLOCK.wallMs())
    view.onEvent(event)
  }
}

type Ending = {
  readonly stop: EngineStop
  readonly engineStore: EngineStore
  readonly view: PlainView
  readonly wasInterrupted: boolean
}

async function endRun(
  { output }: CliContext,
  { store, state }: DriveRequest,
  { stop, engineStore, view, wasInterrupted }: Ending,
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
    await recordEvents(engineStore, { state, view }, [{ type: 'run-paused', reason }])
  }
  await store.saveHead()
  output.tell(say`run ${store.run}: ${describeEnd(exitCode)}`, exitCode === 0 ? 'good' : 'warning')
  return { exitCode, next: wasInterrupted ? `handrail resume ${store.run}` : selectNext(store.run, state) }
}

const END_WORDS: Readonly<Record<number, string>> = {
  [EXIT.finished]: 'finished',
  [EXIT.failed]: 'a step failed',
  [EXIT.waiting]: 'waits for a person',
  [EXIT.unreachable]: 'a host could not be reached or logged in to',
  [EXIT.deviations]: 'finished with deviations',
  [EXIT.interrupted]: 'interrupted; what runs on hosts goes on',
}

function describeEnd(exitCode: number): string {
  return END_WORDS[exitCode] ?? `stopped (${exitCode})`
}
