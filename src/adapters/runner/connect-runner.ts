import type { Duplex } from 'node:stream'
import type { Decision } from '../../core/run/decision.ts'
import type { Intent } from '../../core/run/intents.ts'
import type { TerminalSize } from '../../engine/ports/terminal.ts'
import {
  PROTOCOL_VERSION,
  type ClientMessage,
  type OutputWatch,
  type Farewell,
  type RunnerMessage,
  type RunnerQuestion,
  type SentProgress,
  type SentRecord,
} from './messages.ts'
import { readMessages, writeMessage } from './message-stream.ts'

/** What a client hears from its runner. */
export type RunnerListener = {
  readonly onRecords: (records: readonly SentRecord[]) => void
  readonly onOutput: (job: string, stream: 'stdout' | 'stderr', bytes: Uint8Array) => void
  readonly onOutputSkipped: (bytes: number) => void
  readonly onProgress: (progress: SentProgress) => void
  /** Asked only of the client that drives; resolve with undefined to leave it unanswered. `over`: nobody waits any more. */
  readonly onQuestion: (ask: RunnerQuestion, over: AbortSignal) => Promise<unknown>
  readonly onDriver: (drives: boolean, driver: string | undefined) => void
  readonly onRest: (isResting: boolean) => void
  /** A command has the terminal; what it prints; it gives the terminal back. */
  readonly onTerminalOpen: (id: number, host: string) => void
  readonly onTerminalOutput: (id: number, bytes: Uint8Array) => void
  readonly onTerminalClose: (id: number) => void
  /** The connection is gone; without a farewell the runner died or was cut off. */
  readonly onClose: (reason: string, farewell: Farewell | undefined) => void
}

export type RunnerConnection = {
  readonly pid: number
  readonly submit: (intent: Intent) => Promise<Decision>
  readonly drive: (force: boolean) => void
  readonly watchOutput: (on: OutputWatch) => void
  readonly typeTerminal: (id: number, bytes: Uint8Array) => void
  readonly resizeTerminal: (size: TerminalSize) => void
  readonly leaveTerminal: (id: number) => void
  readonly stopRunner: () => void
  readonly close: () => void
}

export type ConnectedRunner =
  | {
      readonly ok: true
      readonly connection: RunnerConnection
      readonly drives: boolean
      readonly driver: string | undefined
      readonly isResting: boolean
    }
  | { readonly ok: false; readonly reason: string }

/** How a client introduces itself. */
export type RunnerHello = {
  readonly afterSeq: number
  readonly operator: string
  readonly drives: boolean
  /** Absent: there is none to lend. */
  readonly terminal?: TerminalSize
}

/**
 * Longest that a runner may take to greet; a stopped process holds its socket open without a word. A runner that was just
 * started on a busy machine gets its time late; to call that no answer after 5 s would be untrue.
 */
const GREETING_TIMEOUT_MS = 15_000

/** Greets the runner at the other end of a new connection; `ok: false` when none answers there. */
export async function connectRunner(
  socket: Duplex,
  hello: RunnerHello,
  listener: RunnerListener,
): Promise<ConnectedRunner> {
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => socket.destroy(new Error('the runner does not answer')),
      GREETING_TIMEOUT_MS,
    )
    const client = createClient(socket, listener, (result) => {
      clearTimeout(timer)
      resolve(result)
    })
    // Waits in the socket until it is connected.
    client.send({ type: 'hello', version: PROTOCOL_VERSION, ...hello })
  })
}

function createClient(
  socket: Duplex,
  listener: RunnerListener,
  greeted: (result: ConnectedRunner) => void,
): { readonly send: (message: ClientMessage) => void } {
  const decisions = new Map<number, (decision: Decision) => void>()
  const asked = new Map<number, AbortController>()
  let nextId = 1
  let closing = 'the runner is gone'
  let farewell: Farewell | undefined
  const send = (message: ClientMessage): void => void writeMessage(socket, message)
  const submit = (intent: Intent): Promise<Decision> =>
    new Promise((resolve) => {
      if (socket.destroyed) return resolve(goneDecision(closing))
      decisions.set(nextId, resolve)
      send({ type: 'intent', id: nextId, intent })
      nextId += 1
    })
  socket.on('error', (error) => {
    if (farewell === undefined) closing = error.message
  })
  socket.on('close', () => {
    for (const resolve of decisions.values()) resolve(goneDecision(closing))
    for (const over of asked.values()) over.abort()
    greeted({ ok: false, reason: closing })
    listener.onClose(closing, farewell)
  })
  readMessages(socket, (raw) => {
    const message = raw as RunnerMessage
    if (message.type === 'welcome')
      greeted({
        ok: true,
        connection: buildConnection(message.pid, { socket, send, submit }),
        drives: message.drives,
        driver: message.driver,
        isResting: message.isResting,
      })
    else if (message.type === 'refused' || message.type === 'goodbye') {
      closing = message.reason
      farewell = message
    } else if (message.type === 'decision') {
      decisions.get(message.id)?.(message.decision)
      decisions.delete(message.id)
    } else if (message.type === 'question') void answer(message, { listener, send, asked })
    else if (message.type === 'question-over') asked.get(message.id)?.abort()
    else dispatch(message, listener)
  })
  return { send }
}

function buildConnection(
  pid: number,
  parts: {
    readonly socket: Duplex
    readonly send: (message: ClientMessage) => void
    readonly submit: RunnerConnection['submit']
  },
): RunnerConnection {
  const { socket, send, submit } = parts
  return {
    pid,
    submit,
    drive: (force) => send({ type: 'drive', force }),
    watchOutput: (on) => send({ type: 'watch-output', on }),
    typeTerminal: (id, bytes) =>
      send({ type: 'terminal-input', id, base64: Buffer.from(bytes).toString('base64') }),
    resizeTerminal: (size) => send({ type: 'terminal-size', size }),
    leaveTerminal: (id) => send({ type: 'terminal-leave', id }),
    stopRunner: () => send({ type: 'stop-runner' }),
    close: () => socket.end(),
  }
}

function goneDecision(reason: string): Decision {
  return {
    ok: false,
    refusal: { message: `the runner cannot be reached: ${reason}`, hint: 'open the run again' },
  }
}

type Asking = {
  readonly listener: RunnerListener
  readonly send: (message: ClientMessage) => void
  readonly asked: Map<number, AbortController>
}

async function answer(
  { id, ask }: Extract<RunnerMessage, { type: 'question' }>,
  { listener, send, asked }: Asking,
): Promise<void> {
  const over = new AbortController()
  asked.set(id, over)
  const value = await listener.onQuestion(ask, over.signal)
  asked.delete(id)
  if (!over.signal.aborted) send({ type: 'reply', id, value: value ?? null })
}

type Told = Exclude<
  RunnerMessage,
  { type: 'welcome' | 'refused' | 'goodbye' | 'decision' | 'question' | 'question-over' }
>

function dispatch(message: Told, listener: RunnerListener): void {
  switch (message.type) {
    case 'records':
      return listener.onRecords(message.records)
    case 'output':
      return listener.onOutput(message.job, message.stream, Buffer.from(message.base64, 'base64'))
    case 'output-skipped':
      return listener.onOutputSkipped(message.bytes)
    case 'progress':
      return listener.onProgress(message)
    case 'driver':
      return listener.onDriver(message.drives, message.driver)
    case 'terminal-open':
      return listener.onTerminalOpen(message.id, message.host)
    case 'terminal-output':
      return listener.onTerminalOutput(message.id, Buffer.from(message.base64, 'base64'))
    case 'terminal-close':
      return listener.onTerminalClose(message.id)
    case 'rest':
      return listener.onRest(message.isResting)
  }
}
