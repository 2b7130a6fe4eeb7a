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
  type SentProgress,
  type SentRecord,
} from './messages.ts'
import { readMessages, writeMessage } from './message-stream.ts'

/** Bytes that may wait for a client before live output is left out for it. */
const OUTPUT_BACKLOG_BYTES = 1024 * 1024
/** Bytes that may wait for a client before it is let go: it comes back and reads what it lacks. */
const MAX_BACKLOG_BYTES = 16 * 1024 * 1024
/** Records that go into one message when a client catches up. */
const RECORDS_PER_MESSAGE = 500

/** How long a client has to hear why the runner ends. */
const GOODBYE_MS = 500

/** One client, as the runner sees it. */
export type RunnerClient = {
  readonly send: (message: RunnerMessage) => void
  readonly sendRecord: (record: SentRecord) => void
  readonly sendOutput: (job: string, stream: 'stdout' | 'stderr', bytes: Uint8Array) => void
  readonly sendProgress: (progress: SentProgress) => void
  readonly tellDriver: (drives: boolean, driver: string | undefined) => void
  readonly tellRest: (isResting: boolean) => void
  readonly operator: () => string
  readonly wantsWheel: () => boolean
  /** Of the terminal that it could lend; undefined: it has none. */
  readonly terminalSize: () => TerminalSize | undefined
  readonly end: (farewell: Farewell) => void
}

export type RunnerClientHandlers = {
  readonly run: string
  readonly submit: (intent: Intent) => Promise<Decision>
  readonly records: () => readonly SentRecord[]
  readonly isResting: () => boolean
  /** The driver wants the runner to end; false: others need it. */
  readonly onStop: () => boolean
  readonly takeWheel: (force: boolean) => boolean
  readonly driver: () => string | undefined
  readonly onReply: (id: number, value: unknown) => void
  readonly onTerminalInput: (id: number, bytes: Uint8Array) => void
  readonly onTerminalSize: (size: TerminalSize) => void
  readonly onTerminalLeave: (id: number) => void
  readonly onClose: () => void
}

type ClientState = {
  greeted: boolean
  operator: string
  wantsWheel: boolean
  drives: boolean
  watchesOutput: OutputWatch
  skippedBytes: number
  terminal: TerminalSize | undefined
}

/** Serves one connection. */
export function createRunnerClient(socket: Duplex, handlers: RunnerClientHandlers): RunnerClient {
  const state: ClientState = {
    greeted: false,
    operator: '',
    wantsWheel: false,
    drives: false,
    watchesOutput: false,
    skippedBytes: 0,
    terminal: undefined,
  }
  const send = (message: RunnerMessage): void => {
    writeMessage(socket, message)
    if (socket.writableLength > MAX_BACKLOG_BYTES) socket.destroy()
  }
  socket.on('error', () => socket.destroy())
  socket.on('close', handlers.onClose)
  const senders = buildSenders(socket, state, send)
  const receiver = { state, send, socket, handlers, end: senders.end }
  readMessages(socket, (message) => void receive(message as ClientMessage, receiver))
  return {
    ...senders,
    operator: () => state.operator,
    wantsWheel: () => state.wantsWheel,
    terminalSize: () => state.terminal,
  }
}

function buildSenders(
  socket: Duplex,
  state: ClientState,
  send: RunnerClient['send'],
): Omit<RunnerClient, 'operator' | 'wantsWheel' | 'terminalSize'> {
  const tell: RunnerClient['send'] = (message) => {
    if (state.greeted) send(message)
  }
  const tellSkipped = (): void => {
    if (state.skippedBytes > 0) send({ type: 'output-skipped', bytes: state.skippedBytes })
    state.skippedBytes = 0
  }
  const sendNews = (job: string, stream: 'stdout' | 'stderr'): void => {
    if (socket.writableLength === 0) send({ type: 'output', job, stream, base64: '' })
  }
  return {
    send,
    sendRecord: (record) => {
      tellSkipped()
      tell({ type: 'records', records: [record] })
    },
    sendOutput: (job, stream, bytes) => {
      if (!state.greeted || state.watchesOutput === false) return
      if (state.watchesOutput === 'news') return sendNews(job, stream)
      if (socket.writableLength > OUTPUT_BACKLOG_BYTES) {
        state.skippedBytes += bytes.length
        return
      }
      tellSkipped()
      send({ type: 'output', job, stream, base64: Buffer.from(bytes).toString('base64') })
    },
    sendProgress: (progress) => {
      if (socket.writableLength < OUTPUT_BACKLOG_BYTES) tell({ type: 'progress', ...progress })
    },
    tellDriver: (drives, driver) => {
      state.drives = drives
      tell({ type: 'driver', drives, driver })
    },
    tellRest: (isResting) => tell({ type: 'rest', isResting }),
    end: (farewell) => {
      tell({ type: 'goodbye', ...farewell })
      socket.end()
      setTimeout(() => socket.destroy(), GOODBYE_MS).unref()
    },
  }
}

type Receiver = {
  readonly end: RunnerClient['end']
  readonly state: ClientState
  readonly send: (message: RunnerMessage) => void
  readonly socket: Duplex
  readonly handlers: RunnerClientHandlers
}

async function receive(message: ClientMessage, receiver: Receiver): Promise<void> {
  const { state, send, socket, handlers } = receiver
  if (!state.greeted && message.type !== 'hello') return void socket.destroy()
  switch (message.type) {
    case 'hello':
      return greet(message, receiver)
    case 'intent': {
      const refusal = {
        ok: false as const,
        refusal: {
          message: `you are watching; ${handlers.driver() ?? 'nobody'} drives`,
          hint: 'take the wheel first',
        },
      }
      const decision = state.drives ? await handlers.submit(message.intent) : refusal
      return send({ type: 'decision', id: message.id, decision })
    }
    case 'drive':
      state.wantsWheel = true
      state.drives = handlers.takeWheel(message.force)
      return send({ type: 'driver', drives: state.drives, driver: handlers.driver() })
    case 'reply':
      return handlers.onReply(message.id, message.value)
    case 'watch-output':
      state.watchesOutput = message.on
      return undefined
    case 'terminal-input':
      return handlers.onTerminalInput(message.id, Buffer.from(message.base64, 'base64'))
    case 'terminal-size':
      state.terminal = message.size
      return handlers.onTerminalSize(message.size)
    case 'terminal-leave':
      return handlers.onTerminalLeave(message.id)
    case 'stop-runner':
      if (!state.drives || !handlers.onStop())
        receiver.end({ reason: 'others are connected: the runner stays' })
      return undefined
  }
}

function greet(
  hello: Extract<ClientMessage, { type: 'hello' }>,
  { state, send, socket, handlers }: Receiver,
): void {
  if (hello.version !== PROTOCOL_VERSION) {
    send({
      type: 'refused',
      reason: `this runner speaks version ${PROTOCOL_VERSION}, the client ${hello.version}: use the same handrail for both`,
    })
    socket.end()
    return
  }
  state.operator = hello.operator
  state.wantsWheel = hello.drives
  state.terminal = hello.terminal
  state.drives = hello.drives && handlers.takeWheel(false)
  send({
    type: 'welcome',
    version: PROTOCOL_VERSION,
    run: handlers.run,
    pid: process.pid,
    drives: state.drives,
    driver: handlers.driver(),
    isResting: handlers.isResting(),
  })
  const missing = handlers.records().filter(({ seq }) => seq > hello.afterSeq)
  for (let at = 0; at < missing.length; at += RECORDS_PER_MESSAGE)
    send({ type: 'records', records: missing.slice(at, at + RECORDS_PER_MESSAGE) })
  state.greeted = true
}
