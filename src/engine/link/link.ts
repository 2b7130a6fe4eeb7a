import type { Host } from '../../core/inventory/model.ts'
import type { EngineContext } from '../context.ts'
import type { ConnectFailure } from '../ports/transport.ts'
import type { HostLink, OpenOptions, Opened } from './link-model.ts'

/** First pause before another attempt to connect; doubles up to `reconnectMaxMs`. */
const FIRST_PAUSE_MS = 500

/** Keeps the pause a number that can be counted with; `reconnectMaxMs` is reached long before. */
const MAX_DOUBLINGS = 10

/** How long one try may take, in milliseconds, at a host that nobody waits for any more: it may be back all the same. */
const GIVEN_UP_TRY_MS = 5000

/**
 * A line that is lost sooner than this after it stood, in milliseconds, did not carry what was asked: a host whose shell
 * ends at once answers to a connection and to nothing else.
 */
const SHORT_LINE_MS = 2000

/** The way to one host over the engine's transport; all who need it at the same time share one wait. */
export class Link implements HostLink {
  readonly host: Host
  readonly #context: EngineContext
  #lostAtMs: number | undefined
  #fingerprint: string | undefined
  #waiting: Promise<Opened> | undefined
  /** Who ended the wait, in words. */
  #givenUp: string | undefined
  /** Ends the attempt that is under way, and the pause after it. */
  #wait: AbortController | undefined
  #pause: AbortController | undefined
  #pauseMs = FIRST_PAUSE_MS
  #stoodAtMs = 0
  /** Lines in a row that were lost at once with nothing done over them, and since when. */
  #shortLines = 0
  #shortSinceMs = 0
  #reason = ''

  constructor(context: EngineContext, host: Host) {
    this.#context = context
    this.host = host
  }

  hostKey(): string | undefined {
    return this.#fingerprint
  }

  open(reconnectMs: number, options: OpenOptions = {}): Promise<Opened> {
    this.#waiting ??= this.#connectUntilOver(reconnectMs, options).finally(() => {
      this.#waiting = undefined
    })
    return this.#waiting
  }

  async lose(reason: string): Promise<void> {
    if (this.#lostAtMs !== undefined) return
    const nowMs = this.#context.clock.monoMs()
    this.#lostAtMs = nowMs
    const isShort = nowMs - this.#stoodAtMs < SHORT_LINE_MS
    if (!isShort || this.#shortLines === 0) this.#shortSinceMs = nowMs
    this.#shortLines = isShort ? this.#shortLines + 1 : 0
    this.#reason = reason
    await this.#recordLoss(reason)
  }

  carried(): void {
    this.#shortLines = 0
  }

  tryNow(): void {
    this.#pauseMs = FIRST_PAUSE_MS
    this.#pause?.abort()
  }

  giveUp(why: string): void {
    this.#givenUp = why
    this.#wait?.abort()
  }

  isGivenUp(): boolean {
    return this.#givenUp !== undefined
  }

  waitAgain(): void {
    this.#givenUp = undefined
  }

  async #connectUntilOver(reconnectMs: number, options: OpenOptions): Promise<Opened> {
    const { detach } = this.#context
    const wait = new AbortController()
    const end = (): void => wait.abort()
    detach.addEventListener('abort', end, { once: true })
    if (detach.aborted) end()
    this.#wait = wait
    this.#pauseMs = FIRST_PAUSE_MS
    try {
      return await this.#connect({ ...options, reconnectMs, signal: wait.signal })
    } finally {
      detach.removeEventListener('abort', end)
      this.#wait = undefined
    }
  }

  async #connect(
    options: OpenOptions & { readonly reconnectMs: number; readonly signal: AbortSignal },
  ): Promise<Opened> {
    const { reconnectMs, signal, isPatient = false } = options
    const { transport, clock, detach } = this.#context
    const began = clock.monoMs()
    const useless = await this.#restAfterShortLines(reconnectMs, signal)
    if (useless !== undefined) return { ok: false, failure: useless }
    for (;;) {
      const timeout = this.isGivenUp() ? { timeoutMs: GIVEN_UP_TRY_MS } : {}
      const connected = await transport.connect(this.host, { signal, ...timeout })
      if (connected.ok) {
        this.#fingerprint = connected.session.hostKey
        this.#givenUp = undefined
        this.#stoodAtMs = clock.monoMs()
        await this.#restore()
        return connected
      }
      const { failure } = connected
      if (detach.aborted || !failure.retryable) return connected
      if (this.#givenUp !== undefined || signal.aborted) return { ok: false, failure: this.#buildGivenUp() }
      if (isPatient) await this.lose(failure.message)
      const spentMs = clock.monoMs() - began
      if (this.#lostAtMs === undefined || spentMs + this.#pauseMs > this.#limit(reconnectMs)) return connected
      await this.#rest(failure.message, signal)
    }
  }

  /** A host that can be connected to, and where nothing can be done, is asked less and less often, and not for ever. */
  async #restAfterShortLines(reconnectMs: number, signal: AbortSignal): Promise<ConnectFailure | undefined> {
    const again = this.#shortLines - 1
    if (again < 1 || this.#lostAtMs === undefined) return undefined
    if (this.#givenUp !== undefined) return this.#buildGivenUp()
    const { clock, limits, detach } = this.#context
    if (clock.monoMs() - this.#shortSinceMs > this.#limit(reconnectMs)) {
      this.#shortLines = 0
      const message = `${this.host.name} can be connected to, and what is asked there ends without an answer (${this.#reason})`
      return { kind: 'unreachable', phase: 'connect', retryable: true, message }
    }
    this.#pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(again - 1, MAX_DOUBLINGS), limits.reconnectMaxMs)
    await this.#rest(this.#reason, signal)
    this.#pauseMs = FIRST_PAUSE_MS
    if (detach.aborted || !signal.aborted) return undefined
    return this.#buildGivenUp()
  }

  /** Nobody waits long for a host while the run is being aborted; for an undo one does. */
  #limit(reconnectMs: number): number {
    const { state, limits } = this.#context
    const isEnding = state.aborting !== undefined && state.aborting.undo !== true
    return isEnding ? Math.min(reconnectMs, limits.firstContactMs) : reconnectMs
  }

  /** The pause between two attempts. */
  async #rest(reason: string, signal: AbortSignal): Promise<void> {
    const { clock, limits, observer, state } = this.#context
    const { name } = this.host
    if (state.unawaited.has(name)) await this.#recordLoss(reason)
    const text = `reconnecting to ${name}, ${reason}`
    observer.onProgress({ host: name, text, retryMs: this.#pauseMs })
    const pause = new AbortController()
    const wake = (): void => pause.abort()
    signal.addEventListener('abort', wake, { once: true })
    if (signal.aborted) wake()
    this.#pause = pause
    await clock.sleep(this.#pauseMs, pause.signal)
    signal.removeEventListener('abort', wake)
    this.#pause = undefined
    this.#pauseMs = Math.min(this.#pauseMs * 2, limits.reconnectMaxMs)
  }

  #buildGivenUp(): ConnectFailure {
    const message = `${this.host.name} did not come back, and ${this.#givenUp ?? 'the wait for it was ended'}`
    return { kind: 'unreachable', phase: 'connect', retryable: true, message }
  }

  async #recordLoss(reason: string): Promise<void> {
    await this.#context.record({ type: 'link-lost', host: this.host.name, reason })
  }

  async #restore(): Promise<void> {
    if (this.#lostAtMs === undefined) return
    const afterMs = this.#context.clock.monoMs() - this.#lostAtMs
    this.#lostAtMs = undefined
    await this.#context.record({ type: 'link-restored', host: this.host.name, afterMs })
  }
}
