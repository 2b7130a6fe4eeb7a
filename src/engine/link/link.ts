import type { Host } from '../../core/inventory/model.ts'
import type { EngineContext } from '../context.ts'
import type { ConnectFailure } from '../ports/transport.ts'
import type { HostLink, OpenOptions, Opened } from './link-model.ts'

/** First pause before another attempt to connect; doubles up to `reconnectMaxMs`. */
const FIRST_PAUSE_MS = 500

/** How long one try may take, in milliseconds, at a host that nobody waits for any more: it may be back all the same. */
const GIVEN_UP_TRY_MS = 5000

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
    this.#lostAtMs = this.#context.clock.monoMs()
    await this.#recordLoss(reason)
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
    for (;;) {
      const timeout = this.isGivenUp() ? { timeoutMs: GIVEN_UP_TRY_MS } : {}
      const connected = await transport.connect(this.host, { signal, ...timeout })
      if (connected.ok) {
        this.#fingerprint = connected.session.hostKey
        this.#givenUp = undefined
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
