import { hostname } from 'node:os'
import { removeRunnerInfo } from '../../adapters/runner/runner-file.ts'
import type { RunnerHandlers, RunnerServer } from '../../adapters/runner/serve-runner.ts'
import { toSentRecord, type Farewell, type SentRecord } from '../../adapters/runner/messages.ts'
import type { JournalRecord } from '../../core/journal/record.ts'
import { EXIT } from '../../core/run/summary.ts'
import type { EngineStop } from '../../engine/engine.ts'
import type { CliContext } from '../cli-context.ts'
import { buildRunEngine, type RunEngine } from '../run/build-run-engine.ts'
import type { DriveRequest } from '../run/drive-model.ts'
import { recordEvents, recordSession, type SessionLog } from '../run/session-events.ts'
import { createRunnerLife, type RunnerLife } from './runner-life.ts'
import { createSocketPrompter } from './socket-prompter.ts'
import { createSocketTerminal } from './socket-terminal.ts'

/** A run that this process holds, and how it is served. */
export type ServeRequest = DriveRequest & {
  readonly records: readonly JournalRecord[]
  readonly idleMs: number
  /** Lets clients connect. */
  readonly listen: (handlers: RunnerHandlers) => Promise<RunnerServer>
  /** One line of the runner's own log; no secrets. */
  readonly log: (line: string) => void
  /** Calls back when the system wants this process to end. */
  readonly onTerminate: (stop: () => void) => void
}

/** Drives a run for whoever connects, until the run is over or nobody needs the runner; gives the exit code. */
export async function serveRun(context: CliContext, request: ServeRequest): Promise<number> {
  const { store, operator, log } = request
  const life = createRunnerLife(request.idleMs)
  const parts = openParts(context, request, life)
  const { built, session } = parts
  try {
    await recordSession(session, operator)
    const server = await request.listen(buildHandlers(request, parts))
    parts.server = server
    log(`listens for clients of run ${store.run}`)
    await life.firstClient
    const farewell = await drive(request, parts)
    log(`ends: ${farewell.reason}`)
    await store.saveHead().catch(() => undefined)
    // Whoever reads the farewell may open the run again at once.
    await built.transport.close()
    await store.close()
    await server.close(farewell)
    return farewell.exitCode ?? EXIT.finished
  } finally {
    life.end()
    await removeRunnerInfo(store.directory, process.pid)
    await built.transport.close()
    await store.close()
  }
}

type Parts = {
  readonly built: RunEngine
  readonly session: SessionLog
  readonly life: RunnerLife
  readonly records: SentRecord[]
  server: RunnerServer | undefined
  clients: number
  isResting: boolean
  /** Set once the runner is to end, with the reason. */
  stop: string | undefined
}

function openParts(context: CliContext, request: ServeRequest, life: RunnerLife): Parts {
  const records = request.records.map(toSentRecord)
  const built = buildRunEngine(context, request, {
    prompter: createSocketPrompter(() => parts.server),
    observer: {
      onEvent: () => undefined,
      onOutput: (job, stream, bytes) => parts.server?.sendOutput(job, stream, bytes),
      onProgress: (progress) => parts.server?.sendProgress(progress),
      isWatched: () => parts.clients > 0,
      onRest: (isResting) => {
        if (isResting === parts.isResting) return
        parts.isResting = isResting
        life.restChanged(isResting)
        parts.server?.sendRest(isResting)
      },
    },
    onRecords: (added) => {
      for (const record of added) {
        const sent = toSentRecord(record)
        records.push(sent)
        parts.server?.sendRecord(sent)
      }
    },
    terminal: createSocketTerminal(() => parts.server),
    staysOpen: true,
  })
  const session: SessionLog = { store: built.store, state: request.state, onEvent: () => undefined }
  const parts: Parts = {
    built,
    session,
    life,
    records,
    server: undefined,
    clients: 0,
    isResting: false,
    stop: undefined,
  }
  return parts
}

function buildHandlers(request: ServeRequest, parts: Parts): RunnerHandlers {
  const { built, life, session } = parts
  const stop = (reason: string): void => {
    parts.stop ??= reason
    built.engine.detach()
  }
  void life.idle.then(() => stop('nothing runs, and nobody was connected for a while'))
  request.onTerminate(() => stop('it was told to end'))
  return {
    run: request.store.run,
    submit: built.engine.submit,
    records: () => parts.records,
    isResting: () => parts.isResting,
    onStop: () => {
      if (parts.clients > 1) return false
      stop('its client has left')
      return true
    },
    onClients: (count) => {
      parts.clients = count
      life.clientsChanged(count)
    },
    onDriver: (operator) => {
      request.log(`${operator} drives`)
      if (operator === session.state.operator) return
      // A failing journal stops the engine by itself at its next word.
      const event = { type: 'session-opened', operator, host: hostname(), pid: process.pid } as const
      void recordEvents(session, [event]).catch(() => undefined)
    },
  }
}

/** Runs the engine to its end and says why the runner ends. */
async function drive(request: ServeRequest, parts: Parts): Promise<Farewell> {
  const { built, session, life } = parts
  const stop: EngineStop = await built.engine.run()
  if (stop.kind === 'journal-failed')
    return {
      reason: `the journal cannot be written any more: ${stop.error.message}`,
      exitCode: EXIT.journal,
    }
  if (stop.kind === 'finished' || stop.kind === 'aborted') {
    parts.isResting = true
    parts.server?.sendRest(true)
    await life.noClient()
    return { reason: `the run is ${stop.kind}` }
  }
  if (request.state.status === 'open')
    await recordEvents(session, [{ type: 'run-paused', reason: parts.isResting ? 'waiting' : 'interrupted' }])
  return { reason: parts.stop ?? 'a step failed' }
}
