import { createEngineStore } from '../../adapters/journal/engine-store.ts'
import { hashText } from '../../adapters/journal/hash-text.ts'
import type { JournalRecord } from '../../core/journal/record.ts'
import { evaluateCelProbe } from '../../core/plan/evaluate-cel-probe.ts'
import { renderHostStep } from '../../core/plan/render-host-step.ts'
import { createAnswerPolicy } from '../../core/run/answer-policy.ts'
import type { RunEvent } from '../../core/run/events.ts'
import { createEngine, type Engine } from '../../engine/engine.ts'
import type { RunStore as EngineStore } from '../../engine/ports/run-store.ts'
import type { Transport } from '../../engine/ports/transport.ts'
import type { CliContext } from '../cli-context.ts'
import type { Keyboard } from '../plain/keyboard.ts'
import type { PlainView } from '../plain/plain-view.ts'
import { createTerminalPrompter, HEADLESS_PROMPTER } from '../prompter.ts'
import type { DriveRequest } from './drive-model.ts'
import { openSurroundings } from './open-surroundings.ts'
import { openTerminal } from './open-terminal.ts'
import { readAnswerOptions } from './read-answer-options.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'
import { selectWindowRefusal } from './window-refusal.ts'

/** An engine on real adapters, with what has to be closed after it. */
export type RunEngine = {
  readonly engine: Engine
  readonly store: EngineStore
  readonly transport: Transport
  /** Sets who is told after each event. */
  readonly onEvent: (listener: () => void) => void
}

/** Builds the engine of a run that this process holds; without a keyboard nobody is asked. */
export function buildRunEngine(
  context: CliContext,
  request: DriveRequest,
  { keyboard, view }: { readonly keyboard: Keyboard | undefined; readonly view: PlainView },
): RunEngine {
  const { world, output, json, input } = context
  const { prepared, state, operator } = request
  const prompter = keyboard === undefined ? HEADLESS_PROMPTER : createTerminalPrompter(keyboard, output)
  const { secrets, transport } = openSurroundings(context, prepared, prompter)
  const showRecords = (records: readonly JournalRecord[]): void => {
    if (json) for (const record of records) output.json(describeRecord(record), 'line')
  }
  showRecords(request.shown)
  const store = createEngineStore(request.store, showRecords)
  const stopsOnFailure = input.text('onFailure') === 'stop'
  const listeners: (() => void)[] = []
  const onEvent = (event: RunEvent): void => {
    view.onEvent(event)
    if (stopsOnFailure && isTrouble(event)) engine.detach()
    for (const listener of listeners) listener()
  }
  const engine = createEngine({
    run: request.store.run,
    plan: prepared.plan,
    state,
    store,
    transport,
    clock: SYSTEM_CLOCK,
    secrets,
    hash: hashText,
    renderStep: renderHostStep,
    evaluateCel: evaluateCelProbe,
    ...(keyboard === undefined ? {} : { terminal: openTerminal(world) }),
    operator,
    epoch: request.epoch,
    observer: { ...view, onEvent },
    windowRefusal: (source, upToMs) => selectWindowRefusal(source, upToMs, world.now()),
    rechecks: request.rechecks,
    answers: createAnswerPolicy(readAnswerOptions(input, operator)),
    staysOpen: keyboard !== undefined,
  })
  return { engine, store, transport, onEvent: (listener) => listeners.push(listener) }
}

/** Failures and unknown outcomes; confirmations are no trouble. */
function isTrouble(event: RunEvent): boolean {
  return (
    event.type === 'question-asked' &&
    ['failed', 'inconclusive', 'unreachable', 'unknown'].includes(event.question.kind)
  )
}

function describeRecord({ seq, t, run, actor, event }: JournalRecord) {
  return { seq, t, run, actor, ...event }
}
