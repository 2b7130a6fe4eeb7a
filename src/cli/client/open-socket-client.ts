import { createConnection } from 'node:net'
import type { Duplex } from 'node:stream'
import { connectRunner, type ConnectedRunner } from '../../adapters/runner/connect-runner.ts'
import type { RunnerListener, RunnerConnection as Line } from '../../adapters/runner/connect-runner.ts'
import { loadRunnerInfo } from '../../adapters/runner/runner-file.ts'
import type { Farewell, SentRecord } from '../../adapters/runner/messages.ts'
import type { Corrections, RunnerConnection } from '../../tui/run-client.ts'
import type { Decision } from '../../core/run/decision.ts'
import type { TerminalSize } from '../../engine/ports/terminal.ts'
import { createClientBase, type ClientBase } from './client-base.ts'
import type { ClientObserver, RenderStepText, SocketClient } from './client-model.ts'
import type { LastSeen } from './last-seen.ts'
import { createPromptDesk } from './prompt-desk.ts'
import type { RunHistory } from './run-history.ts'
import { createTerminalDesk } from './terminal-desk.ts'

/** How a client of a runner begins. */
export type SocketClientOptions = {
  readonly history: RunHistory
  readonly operator: string
  /** Asks for the wheel; it is had only if nobody else has it. */
  readonly drives: boolean
  /** How far this person had seen the run before. */
  readonly lastSeen: LastSeen | undefined
  /** Only asks something of the runner: what happened stays new to this person. */
  readonly isGlance?: boolean
  readonly stepText: RenderStepText
  readonly corrections: Corrections
  /** The terminal that this person sits at; undefined: there is none that a command could have. */
  readonly terminal?: TerminalSize
  /** A runner in this process; by default the one whose socket the run's directory names. */
  readonly connect?: () => Duplex
}

/** First and longest pause between two attempts to reach the runner again. */
const REDIAL_MS = 250
const REDIAL_MAX_MS = 2000

/** Longest wait for the runner's word on who drives. */
const WHEEL_MS = 3000

/** Connects to the runner of a run and follows it, dialling again for ever; undefined where none listens. */
export async function openSocketClient(options: SocketClientOptions): Promise<SocketClient | undefined> {
  const dialler = new Dialler(options)
  if (await dialler.dial()) return dialler.client()
  dialler.abandon()
  return undefined
}

/** A client whose runner is still being started: `dial` once it may answer; false where nobody does. */
export function startSocketClient(options: SocketClientOptions): {
  readonly client: SocketClient
  readonly dial: () => Promise<boolean>
} {
  const dialler = new Dialler(options)
  return { client: dialler.start(), dial: () => dialler.dial() }
}

class Dialler {
  readonly #options: SocketClientOptions
  readonly #base: ClientBase
  readonly #desk
  readonly #terminals
  #line: Line | undefined
  #connection: RunnerConnection = { kind: 'connected' }
  #drives = false
  #driver: string | undefined
  #isResting = false
  #isDetached = false
  #farewell: Farewell | undefined
  #wantsWheel: boolean
  #observer: ClientObserver | undefined
  #wheelNews = (): void => undefined
  #gone = Promise.withResolvers<void>()

  constructor(options: SocketClientOptions) {
    this.#options = options
    this.#wantsWheel = options.drives
    const { operator, lastSeen: last, isGlance = false } = options
    const seen = { operator, last, isGlance }
    this.#base = createClientBase(options.history, seen, (on) => this.#watchOutput(on))
    this.#desk = createPromptDesk(this.#base.changed)
    this.#terminals = createTerminalDesk(() => this.#line, options.terminal)
  }

  /** One attempt; false where nobody answers. */
  async dial(): Promise<boolean> {
    const { history, operator } = this.#options
    const socket = await this.#connect()
    if (socket === undefined) return false
    const terminal = this.#terminals.size()
    const lent = terminal === undefined ? {} : { terminal }
    const hello = { afterSeq: history.lastSeq(), operator, drives: this.#wantsWheel, ...lent }
    let isGreeted = false
    const found: ConnectedRunner = await connectRunner(
      socket,
      hello,
      this.#listen(() => isGreeted),
    )
    if (!found.ok) return false
    isGreeted = true
    this.#line = found.connection
    this.#drives = found.drives
    this.#driver = found.driver
    this.#isResting = found.isResting
    this.#farewell = undefined
    this.#gone = Promise.withResolvers()
    this.#watchOutput(this.#base.wantsOutput())
    this.#setConnection({ kind: 'connected' })
    return true
  }

  /** Nobody answered, and nobody is asked again. */
  abandon(): void {
    this.#isDetached = true
    this.#base.abandon()
  }

  /** Plain lines show the bytes themselves; a screen reads them from the store and wants to know when. */
  #watchOutput(isWanted: boolean): void {
    if (this.#observer !== undefined) this.#line?.watchOutput(true)
    else if (isWanted) this.#line?.watchOutput('news')
  }

  async #connect(): Promise<Duplex | undefined> {
    const { history, connect } = this.#options
    if (connect !== undefined) return this.#isDetached ? undefined : connect()
    const info = await loadRunnerInfo(history.directory)
    return info === undefined || this.#isDetached ? undefined : createConnection(info.socket)
  }

  #listen(isGreeted: () => boolean): RunnerListener {
    return {
      onRecords: (records) => void this.#apply(records),
      onOutput: (job, stream, bytes) => {
        this.#base.outputCame(job)
        this.#observer?.onOutput(job, stream, bytes)
      },
      onOutputSkipped: (bytes) => {
        this.#base.outputCame(undefined)
        this.#observer?.onOutputSkipped(bytes)
      },
      onProgress: (progress) => {
        this.#base.progressed(progress)
        this.#observer?.onProgress(progress as Parameters<ClientObserver['onProgress']>[0])
      },
      onQuestion: (ask, over) => this.#desk.ask(ask, over),
      onDriver: (drives, driver) => {
        this.#drives = drives
        this.#driver = driver
        this.#wheelNews()
        this.#observer?.onDriver(drives, driver)
        this.#base.changed()
      },
      onRest: (isResting) => void this.#rest(isResting),
      onTerminalOpen: this.#terminals.open,
      onTerminalOutput: this.#terminals.show,
      onTerminalClose: this.#terminals.close,
      onClose: (reason, farewell) => {
        if (isGreeted()) void this.#lose(reason, farewell)
      },
    }
  }

  async #apply(records: readonly SentRecord[]): Promise<void> {
    const fresh = await this.#options.history.apply(records)
    if (this.#isDetached || fresh.length === 0) return
    this.#base.applied(fresh)
    this.#observer?.onRecords(fresh)
  }

  async #rest(isResting: boolean): Promise<void> {
    // What was recorded before comes first, though values may still be read for it.
    await this.#options.history.apply([])
    this.#isResting = isResting
    this.#observer?.onRest(isResting)
    this.#base.changed()
  }

  async #lose(reason: string, farewell: Farewell | undefined): Promise<void> {
    // What it sent before it went is shown before that it went.
    await this.#options.history.apply([])
    this.#line = undefined
    this.#drives = false
    this.#driver = undefined
    this.#isResting = false
    this.#terminals.closeAll()
    this.#wheelNews()
    this.#gone.resolve()
    if (this.#isDetached) return
    this.#farewell = farewell
    this.#setConnection({ kind: 'lost', sinceMs: Date.now(), reason })
    // A runner of this process does not come back.
    if (this.#options.connect === undefined) void this.#redial()
  }

  async #redial(): Promise<void> {
    for (let pauseMs = REDIAL_MS; !this.#isDetached; pauseMs = Math.min(2 * pauseMs, REDIAL_MAX_MS)) {
      await new Promise<void>((resolve) => {
        setTimeout(resolve, pauseMs)
      })
      if (await this.dial()) return
    }
  }

  #setConnection(connection: RunnerConnection): void {
    this.#connection = connection
    this.#observer?.onConnection(connection)
    this.#base.changed()
  }

  async #takeWheel(): ReturnType<SocketClient['takeWheel']> {
    if (this.#drives) return { ok: true }
    const line = this.#line
    if (line === undefined) return { ok: false, reason: 'the runner cannot be reached' }
    this.#wantsWheel = true
    const heard = new Promise<void>((resolve) => {
      this.#wheelNews = resolve
      setTimeout(resolve, WHEEL_MS)
    })
    line.drive(true)
    await heard
    return this.#drives
      ? { ok: true }
      : { ok: false, reason: `${this.#driver ?? 'nobody'} drives, and the runner did not answer` }
  }

  #refuse(): Decision {
    const refusal =
      this.#connection.kind === 'starting'
        ? { message: 'the run is still being opened', hint: 'in a moment' }
        : { message: 'the runner cannot be reached', hint: 'it is dialled again' }
    return { ok: false, refusal }
  }

  start(): SocketClient {
    this.#connection = { kind: 'starting' }
    return this.client()
  }

  client(): SocketClient {
    const { history, operator, stepText, corrections } = this.#options
    return {
      run: history.run,
      operator,
      state: history.state,
      subscribe: this.#base.subscribe,
      submit: (intent) => this.#line?.submit(intent) ?? Promise.resolve(this.#refuse()),
      outputs: this.#base.outputs,
      stepText,
      corrections,
      readValue: history.readValue,
      // Who opens a run that nobody drives will.
      isDriver: () => this.#drives || this.#connection.kind === 'starting',
      driver: () => (this.#drives ? undefined : this.#driver),
      takeWheel: () => this.#takeWheel(),
      connection: () => this.#connection,
      progress: this.#base.progress,
      prompts: this.#desk.prompts,
      answerPrompt: this.#desk.answerPrompt,
      lendTerminal: this.#terminals.lend,
      ...(this.#options.connect === undefined ? {} : { isInline: true }),
      ...this.#base.sinceYouLeft,
      detach: () => {
        this.#isDetached = true
        this.#base.close()
        this.#line?.close()
      },
      records: history.records,
      isResting: () => this.#isResting,
      farewell: () => this.#farewell,
      runnerPid: () => this.#line?.pid,
      observe: (observer) => {
        this.#observer = observer
        this.#line?.watchOutput(true)
      },
      stopRunner: async () => {
        const line = this.#line
        if (line === undefined) return
        line.stopRunner()
        await this.#gone.promise
      },
    }
  }
}
