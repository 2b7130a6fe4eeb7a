import { rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { duplexPair, type Duplex } from 'node:stream'
import type { Decision } from '../../core/run/decision.ts'
import type { Intent } from '../../core/run/intents.ts'
import type { Progress } from '../../engine/context.ts'
import type { Terminal } from '../../engine/ports/terminal.ts'
import { createRunnerClient, type RunnerClient } from './runner-client.ts'
import type { Farewell, RunnerQuestion, SentRecord } from './messages.ts'
import { createTerminalRelay, type TerminalRelay } from './terminal-relay.ts'

/** What the engine's process lends to its clients. */
export type RunnerHandlers = {
  readonly run: string
  readonly submit: (intent: Intent) => Promise<Decision>
  /** All records from the first on. */
  readonly records: () => readonly SentRecord[]
  readonly isResting: () => boolean
  /** The driver wants the runner to end; false: it stays, since others need it. */
  readonly onStop: () => boolean
  /** The number of clients changed. */
  readonly onClients: (count: number) => void
  /** Somebody drives from now on. */
  readonly onDriver: (operator: string) => void
}

export type RunnerServer = {
  readonly sendRecord: (record: SentRecord) => void
  readonly sendOutput: (job: string, stream: 'stdout' | 'stderr', bytes: Uint8Array) => void
  readonly sendProgress: (progress: Progress) => void
  readonly sendRest: (isResting: boolean) => void
  /** Asks whoever drives; undefined when nobody does, nobody answered, or `over` came first. */
  readonly ask: (question: RunnerQuestion, over?: AbortSignal) => Promise<unknown>
  readonly hasDriver: () => boolean
  /** The terminal of whoever drives. */
  readonly terminal: Terminal
  readonly close: (farewell: Farewell) => Promise<void>
}

/** Serves clients in this process alone: `connect` gives the other end of a new connection. */
export function serveInProcess(handlers: RunnerHandlers): RunnerServer & { readonly connect: () => Duplex } {
  const hub = createHub(handlers)
  return {
    ...hub.server,
    connect: () => {
      const [ours, theirs] = duplexPair({ allowHalfOpen: false })
      hub.add(ours)
      return theirs
    },
    close: (farewell) => Promise.resolve(hub.server.close(farewell)),
  }
}

/**
 * Listens on a unix socket. Nothing a client does delays the run: a slow one misses live output (which the store
 * keeps), a stalled one is let go and comes back for the records that it lacks.
 */
export async function serveRunner(path: string, handlers: RunnerHandlers): Promise<RunnerServer> {
  const hub = createHub(handlers)
  await rm(path, { force: true })
  const server = createServer((socket) => hub.add(socket))
  await listen(server, path)
  return {
    ...hub.server,
    close: async (farewell) => {
      hub.server.close(farewell)
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await rm(path, { force: true })
    },
  }
}

async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => resolve())
  })
}

type Hub = {
  readonly add: (socket: Duplex) => void
  readonly server: Omit<RunnerServer, 'close'> & { readonly close: (farewell: Farewell) => void }
}

type Waiting = Map<number, { readonly ask: RunnerQuestion; readonly resolve: (value: unknown) => void }>

/** Who is connected, who drives, and what waits for an answer of the driver. */
type Wheel = {
  readonly clients: Set<RunnerClient>
  readonly waiting: Waiting
  driver: RunnerClient | undefined
  readonly relay: TerminalRelay
}

function createHub(handlers: RunnerHandlers): Hub {
  const clients = new Set<RunnerClient>()
  const waiting: Waiting = new Map()
  let nextQuestion = 1
  const ask = async (question: RunnerQuestion, over?: AbortSignal): Promise<unknown> => {
    if (wheel.driver === undefined) return undefined
    const id = nextQuestion
    nextQuestion += 1
    return new Promise((resolve) => {
      waiting.set(id, { ask: question, resolve })
      wheel.driver?.send({ type: 'question', id, ask: question })
      over?.addEventListener('abort', () => {
        if (waiting.delete(id)) wheel.driver?.send({ type: 'question-over', id })
        resolve(undefined)
      })
    })
  }
  const relay = createTerminalRelay(() => wheel.driver, ask)
  const wheel: Wheel = { clients, waiting, driver: undefined, relay }
  return {
    add: (socket) => addClient(socket, wheel, handlers),
    server: {
      sendRecord: (record) => clients.forEach((client) => client.sendRecord(record)),
      sendOutput: (job, stream, bytes) => clients.forEach((client) => client.sendOutput(job, stream, bytes)),
      sendProgress: (progress) => clients.forEach((client) => client.sendProgress(progress)),
      sendRest: (isResting) => clients.forEach((client) => client.tellRest(isResting)),
      ask,
      hasDriver: () => wheel.driver !== undefined,
      terminal: relay.terminal,
      close: (farewell) => {
        for (const { resolve } of waiting.values()) resolve(undefined)
        for (const client of clients) client.end(farewell)
      },
    },
  }
}

function addClient(socket: Duplex, wheel: Wheel, handlers: RunnerHandlers): void {
  const { clients, waiting } = wheel
  const client: RunnerClient = createRunnerClient(socket, {
    ...handlers,
    takeWheel: (force) => {
      if (wheel.driver === undefined || (force && wheel.driver !== client)) {
        setDriver(wheel, client)
        handlers.onDriver(client.operator())
      }
      return wheel.driver === client
    },
    driver: () => wheel.driver?.operator(),
    onReply: (id, value) => {
      if (client !== wheel.driver) return
      waiting.get(id)?.resolve(value)
      waiting.delete(id)
    },
    onTerminalInput: (id, bytes) => wheel.relay.onInput(client, id, bytes),
    onTerminalSize: (size) => wheel.relay.onSize(client, size),
    onTerminalLeave: (id) => wheel.relay.onLeave(client, id),
    onClose: () => {
      clients.delete(client)
      if (wheel.driver === client) {
        const next = [...clients].find((each) => each.wantsWheel())
        setDriver(wheel, next)
        if (next !== undefined) handlers.onDriver(next.operator())
      }
      handlers.onClients(clients.size)
    },
  })
  clients.add(client)
  handlers.onClients(clients.size)
}

/** Gives the wheel away and asks the new driver what the old one has not answered. */
function setDriver(wheel: Wheel, client: RunnerClient | undefined): void {
  for (const id of wheel.waiting.keys()) wheel.driver?.send({ type: 'question-over', id })
  wheel.driver = client
  for (const each of wheel.clients) each.tellDriver(each === client, client?.operator())
  if (client === undefined) {
    for (const { resolve } of wheel.waiting.values()) resolve(undefined)
    wheel.waiting.clear()
  }
  for (const [id, { ask }] of wheel.waiting) client?.send({ type: 'question', id, ask })
  wheel.relay.driverChanged()
}
