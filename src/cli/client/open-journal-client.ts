import { toSentRecord, type SentRecord } from '../../adapters/runner/messages.ts'
import { followJournal } from '../../adapters/journal/follow-journal.ts'
import type { Corrections, PersonTerminal } from '../../tui/run-client.ts'
import { createClientBase, type ClientBase } from './client-base.ts'
import type { ClientObserver, RenderStepText, SocketClient } from './client-model.ts'
import type { LastSeen } from './last-seen.ts'
import type { RunHistory } from './run-history.ts'

/** How a client that only reads the journal begins. */
export type JournalClientOptions = {
  readonly history: RunHistory
  readonly operator: string
  readonly lastSeen: LastSeen | undefined
  readonly stepText: RenderStepText
  /** For who drives later. */
  readonly corrections: Corrections
  readonly driving: Driving
}

/** Who drives a run that no runner served when it was opened. */
export type Driving = {
  /** In a process that serves no clients; undefined: nobody. */
  readonly driver: string | undefined
  /** Tells of each change, until the returned function is called; `runner`: one serves the run from now on. */
  readonly follow: (tell: (news: DrivingNews) => void) => () => void
}

export type DrivingNews =
  | { readonly driver: string | undefined }
  /** Connected already; it goes on from what the history holds. */
  | { readonly runner: SocketClient }

/**
 * Follows the journal of a run that no runner serves: it is over, at rest, or driven with `--inline`. It follows who
 * drives as well; once a runner serves the run, it is a client of that.
 */
export function openJournalClient(options: JournalClientOptions): SocketClient {
  return new JournalReader(options).client()
}

class JournalReader {
  readonly #options: JournalClientOptions
  readonly #base: ClientBase
  readonly #stop = new AbortController()
  readonly #unfollow: () => void
  #driver: string | undefined
  #runner: SocketClient | undefined
  #observer: ClientObserver | undefined
  #terminal: PersonTerminal | undefined
  /** The last record that the observer knows of; two sources tell of them. */
  #toldSeq: number

  constructor(options: JournalClientOptions) {
    const { history, operator, lastSeen, driving } = options
    this.#options = options
    this.#base = createClientBase(history, { operator, last: lastSeen }, () => undefined)
    this.#driver = driving.driver
    this.#toldSeq = history.lastSeq()
    // A journal that cannot be read any more shows nothing new; `verify` says why.
    void this.#followJournal().catch(() => undefined)
    this.#unfollow = driving.follow((news) =>
      'runner' in news ? this.#join(news.runner) : this.#note(news.driver),
    )
  }

  async #followJournal(): Promise<void> {
    const { history } = this.#options
    const { signal } = this.#stop
    for await (const seen of followJournal(history.directory, history.lastSeq() + 1, { signal })) {
      // What was never acknowledged comes again with the same numbers; a record that is known is left out.
      if (seen.kind === 'restarted') continue
      this.#tell(await history.apply([toSentRecord(seen.record)]))
      if (signal.aborted) return
    }
  }

  /** Tells what was not told yet: what a runner sends with its greeting comes before it is joined. */
  #tell(records: readonly SentRecord[]): void {
    const fresh = records.filter(({ seq }) => seq > this.#toldSeq)
    this.#toldSeq = fresh.at(-1)?.seq ?? this.#toldSeq
    if (fresh.length === 0) return
    this.#base.applied(fresh)
    this.#observer?.onRecords(fresh)
  }

  #observe(observer: ClientObserver): void {
    this.#runner?.observe({ ...observer, onRecords: (records) => this.#tell(records) })
  }

  #note(driver: string | undefined): void {
    if (driver === this.#driver) return
    this.#driver = driver
    this.#base.changed()
    this.#observer?.onDriver(false, driver)
  }

  /** From now on everything comes from the runner. */
  #join(runner: SocketClient): void {
    this.#stop.abort()
    this.#unfollow()
    this.#runner = runner
    runner.subscribe(this.#base.changed)
    if (this.#terminal !== undefined) runner.lendTerminal(this.#terminal)
    this.#tell(this.#options.history.records)
    if (this.#observer !== undefined) this.#observe(this.#observer)
    this.#base.changed()
    this.#observer?.onDriver(runner.isDriver(), runner.driver())
  }

  #whyNot(): string {
    return this.#driver === undefined ? 'no runner serves this run' : `${this.#driver} drives it`
  }

  #refuseWheel(): { readonly ok: false; readonly reason: string } {
    const { run } = this.#options.history
    return { ok: false, reason: `${this.#whyNot()}; leave and type handrail open ${run}` }
  }

  client(): SocketClient {
    const { history, operator, stepText, corrections } = this.#options
    const base = this.#base
    return {
      run: history.run,
      operator,
      state: history.state,
      subscribe: base.subscribe,
      submit: async (intent) => {
        const hint = `handrail open ${history.run}`
        const refusal = { message: `you are watching: ${this.#whyNot()}`, hint }
        return this.#runner?.submit(intent) ?? { ok: false, refusal }
      },
      outputs: base.outputs,
      stepText,
      corrections,
      readValue: history.readValue,
      isDriver: () => this.#runner?.isDriver() ?? false,
      driver: () => (this.#runner === undefined ? this.#driver : this.#runner.driver()),
      takeWheel: async () => this.#runner?.takeWheel() ?? this.#refuseWheel(),
      connection: () => this.#runner?.connection() ?? { kind: 'connected' },
      progress: () => this.#runner?.progress() ?? base.progress(),
      prompts: () => this.#runner?.prompts() ?? [],
      answerPrompt: (id, answer) => this.#runner?.answerPrompt(id, answer),
      lendTerminal: (terminal) => {
        this.#terminal = terminal
        this.#runner?.lendTerminal(terminal)
      },
      ...base.sinceYouLeft,
      detach: () => {
        this.#stop.abort()
        this.#unfollow()
        this.#observer = undefined
        this.#runner?.detach()
        base.close()
      },
      records: history.records,
      isResting: () => this.#runner?.isResting() ?? false,
      farewell: () => this.#runner?.farewell(),
      runnerPid: () => this.#runner?.runnerPid(),
      observe: (given) => {
        this.#observer = given
        this.#toldSeq = history.lastSeq()
        this.#observe(given)
      },
      stopRunner: async () => this.#runner?.stopRunner(),
    }
  }
}
