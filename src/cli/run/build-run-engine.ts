import { createEngineStore } from '../../adapters/journal/engine-store.ts'
import type { JournalRecord } from '../../core/journal/record.ts'
import { createAnswerPolicy } from '../../core/run/answer-policy.ts'
import type { RunEvent } from '../../core/run/events.ts'
import { createEngine, type Engine } from '../../engine/engine.ts'
import type { EngineObserver } from '../../engine/context.ts'
import type { Prompter } from '../../engine/ports/prompter.ts'
import type { RunStore as EngineStore } from '../../engine/ports/run-store.ts'
import type { Terminal } from '../../engine/ports/terminal.ts'
import type { Transport } from '../../engine/ports/transport.ts'
import type { CliContext } from '../cli-context.ts'
import { createPlanner } from './create-planner.ts'
import type { DriveRequest } from './drive-model.ts'
import { FIXED_PORTS } from './fixed-ports.ts'
import { openSurroundings } from './open-surroundings.ts'
import { readAnswerOptions } from './read-answer-options.ts'
import { selectWindowRefusal } from './window-refusal.ts'

/** An engine on real adapters, with what has to be closed after it. */
export type RunEngine = {
  readonly engine: Engine
  readonly store: EngineStore
  readonly transport: Transport
}

/** Who sits before the engine, and who is told. */
export type RunEngineParts = {
  readonly prompter: Prompter
  readonly observer: EngineObserver
  /** Told of what became durable, before the state holds it. */
  readonly onRecords: (records: readonly JournalRecord[]) => void
  readonly terminal?: Terminal
  /** Somebody may answer: wait for intents. */
  readonly staysOpen: boolean
}

/** Builds the engine of a run that this process holds. */
export function buildRunEngine(
  context: CliContext,
  request: DriveRequest,
  { prompter, observer, onRecords, terminal, staysOpen }: RunEngineParts,
): RunEngine {
  const { world, input } = context
  const { prepared, state, operator } = request
  const { secrets, transport } = openSurroundings(context, prepared, {
    prompter,
    onUnmaskable: (text) => observer.onProgress({ text }),
  })
  const store = createEngineStore(request.store, onRecords)
  const stopsOnFailure = input.text('onFailure') === 'stop'
  const onEvent = (event: RunEvent): void => {
    observer.onEvent(event)
    if (stopsOnFailure && isTrouble(event)) engine.detach()
  }
  const engine = createEngine({
    run: request.store.run,
    plan: prepared.plan,
    state,
    store,
    transport,
    secrets,
    ...FIXED_PORTS,
    ...(terminal === undefined ? {} : { terminal }),
    operator,
    epoch: request.epoch,
    observer: { ...observer, onEvent },
    windowRefusal: (source, upToMs) => selectWindowRefusal(source, upToMs, world.now()),
    rechecks: request.rechecks,
    answers: createAnswerPolicy(readAnswerOptions(input, operator)),
    planner: createPlanner(context, prepared, request.store),
    staysOpen,
  })
  return { engine, store, transport }
}

/** Failures and unknown outcomes; confirmations are no trouble. */
function isTrouble(event: RunEvent): boolean {
  return (
    event.type === 'question-asked' &&
    ['failed', 'inconclusive', 'unreachable', 'unknown'].includes(event.question.kind)
  )
}
