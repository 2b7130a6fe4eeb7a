import type { Library } from '../library.ts'
import type { RunClient } from '../run-client.ts'
import { createLogStore, type LogStore } from '../store/log-store.ts'
import { createPump, type Pump } from '../store/pump.ts'
import { bumpRevision, createScreenStore, type ScreenStore } from '../store/screen-store.ts'
import { createTextStore } from '../store/text-store.ts'
import { createRunUi, createUiState, type UiState } from '../store/ui-state.ts'
import type { InputEvent } from '../term/input-event.ts'
import { isTooSmall } from '../view-models/run-layout.ts'
import { buildScreen } from '../view-models/screen-view.ts'
import { selectOutput } from '../view-models/select-output.ts'
import { selectShownHost, selectShownStep } from '../view-models/select-place.ts'
import type { ScreenView, Size, TextSource } from '../view-models/view-input.ts'
import { createHomeReader, type HomeReader } from './home-reader.ts'
import { TYPE_AHEAD_MS } from './key-context.ts'
import { EMPTY_HOME, NO_EXTENTS, type Effect, type Extents, type HomeData, type Model } from './model.ts'
import { showEdit } from './perform-edit.ts'
import { performEffect } from './perform-effect.ts'
import { keepCursor } from './reduce-home.ts'
import { reduceInput } from './reduce-input.ts'
import { createPromptUi } from './reduce-prompt.ts'
import { reduceUnseen } from './reduce-unseen.ts'
import type { SessionOptions, SessionPort } from './session-port.ts'
import { settleAnswers } from './settle-answers.ts'
import { showToast } from './toast.ts'
import { renderPlain } from '../view-models/step-rows.ts'

/** The clock in the header moves once a second. */
const TICK_MS = 1000

/** One screen at work: takes input, carries out effects, paces frames. Knows neither Ink nor the terminal. */
export class Session implements SessionPort {
  readonly store: ScreenStore
  readonly options: SessionOptions
  ui: UiState
  home: HomeData = EMPTY_HOME
  client: RunClient | undefined
  #extents: Extents = NO_EXTENTS
  #texts: TextSource = NO_TEXTS
  #logs: LogStore | undefined
  #unsubscribe: (() => void) | undefined
  #isClosed = false
  #title = ''
  #cancelTick: (() => void) | undefined
  #reader: HomeReader | undefined
  readonly #pump: Pump

  constructor(options: SessionOptions) {
    this.options = options
    this.store = createScreenStore(options.size)
    this.ui = createUiState(options.client === undefined ? 'home' : 'run')
    this.#pump = createPump(options.timers, () => this.#commit())
    if (options.client !== undefined) this.showRun(options.client)
    if (options.library !== undefined) this.#reader = this.#openReader(options.library)
    void this.readLibrary()
    this.#awaitEdit(options)
    this.#tick()
  }

  /** Takes what a person sent; the screen follows at once. */
  handle(event: InputEvent): void {
    if (this.#isClosed) return
    const reduce = isTooSmall(this.store.getState().size) ? reduceUnseen : reduceInput
    const { ui, effects } = reduce(this.#model(), event)
    const isUnchanged = ui === this.ui && effects.length === 0
    this.ui = ui
    for (const effect of effects) this.#perform(effect)
    if (isUnchanged) return
    this.#armLater()
    bumpRevision(this.store)
  }

  resize(size: Size): void {
    const { overlay } = this.ui
    // What could not be read until now takes an answer no sooner than what was just opened.
    if (overlay !== undefined && isTooSmall(this.store.getState().size) && !isTooSmall(size)) {
      const opened = { ...overlay.opened, atMs: this.options.timers.nowMs() }
      this.ui = { ...this.ui, overlay: { ...overlay, opened } }
      this.#armLater()
    }
    this.store.setState(({ revision }) => ({ revision: revision + 1, size }))
  }

  /** The screen as it is now. */
  view(): ScreenView {
    const { glyphs } = this.options
    const view = buildScreen({
      ...this.#model(),
      size: this.store.getState().size,
      glyphs,
      texts: this.#texts,
    })
    this.#extents = { ...this.#extents, ...view.extents }
    return view
  }

  /** Shows this run from now on; one that was opened too late for that is let go. */
  showRun(client: RunClient): void {
    if (this.#isClosed) return client.detach()
    this.closeRun()
    this.client = client
    this.#logs = createLogStore(client.outputs, this.options.timers, () => this.#pump.mark())
    this.#texts = createTextStore(client, () => this.#pump.mark())
    this.#unsubscribe = client.subscribe(() => this.#pump.mark())
    client.lendTerminal(this.options.terminal.person)
    const opened = { atMs: this.options.timers.nowMs(), chunk: 0 }
    const overlay =
      client.sinceYouLeft === undefined
        ? undefined
        : ({ kind: 'notice', what: 'since', offset: 0, opened } as const)
    const home = { ...this.ui.home, pick: undefined }
    this.ui = {
      ...this.ui,
      screen: 'run',
      home,
      form: undefined,
      busy: undefined,
      run: createRunUi(),
      overlay,
      sent: [],
    }
    this.update(this.ui)
  }

  /** Lets go of the run that is shown. */
  closeRun(): void {
    this.#unsubscribe?.()
    this.#logs?.close()
    this.client?.detach()
    this.client = undefined
  }

  /** Changes the screen from outside of a key. */
  update(ui: UiState): void {
    this.ui = ui
    this.#armLater()
    bumpRevision(this.store)
  }

  toast(text: string, tone: 'plain' | 'good' | 'warn' | 'bad' = 'plain'): void {
    this.update(showToast({ ui: this.ui, nowMs: this.options.timers.nowMs() }, text, tone))
  }

  /** Reads what the home screen lists; the cursor stays on its item, or goes to that of the key `focus`. */
  async readLibrary(focus?: string): Promise<void> {
    await this.#reader?.read(focus)
  }

  close(): void {
    this.#isClosed = true
    this.#cancelTick?.()
    this.#reader?.close()
    this.#pump.stop()
    this.closeRun()
  }

  #openReader(library: Library): HomeReader {
    return createHomeReader({
      library,
      timers: this.options.timers,
      isShown: () => this.client === undefined,
      show: (after, focus) => {
        if (this.#isClosed) return
        const before = this.home
        this.home = after
        this.update(keepCursor(this.ui, { before, after, ...(focus === undefined ? {} : { focus }) }))
      },
    })
  }

  #awaitEdit({ client, edit }: SessionOptions): void {
    if (client === undefined || edit === undefined) return
    if (!('then' in edit)) return showEdit(this, client.run, edit)
    void edit.then((found) => found === undefined || this.#isClosed || showEdit(this, client.run, found))
  }

  #model(): Model {
    return {
      ui: this.ui,
      client: this.client,
      ring: this.#selectRing(),
      home: this.home,
      extents: this.#extents,
      nowMs: this.options.timers.nowMs(),
      wallMs: this.options.wallMs(),
    }
  }

  #selectRing(): Model['ring'] {
    if (this.client === undefined || this.#logs === undefined) return undefined
    const { state } = this.client
    const step = selectShownStep(state, this.ui.run)
    if (step === undefined) return undefined
    const host = selectShownHost(step, this.ui.run)
    const { parts, at } = selectOutput(state, step, { host, job: this.ui.run.job })
    const job = parts[at]?.job
    return job === undefined ? undefined : this.#logs.open(job.id)
  }

  #perform(effect: Effect): void {
    void performEffect(this, effect, this.#model())
  }

  #commit(): void {
    if (this.#isClosed) return
    const prompt = this.client?.prompts().find(({ id }) => id !== this.ui.run.laterPrompt)
    const { overlay } = this.ui
    if (prompt !== undefined && overlay?.kind !== 'prompt') {
      this.ui = {
        ...this.ui,
        overlay: createPromptUi(prompt, { atMs: this.options.timers.nowMs(), chunk: 0 }),
      }
      this.#armLater()
    } else if (overlay?.kind === 'prompt' && prompt?.id !== overlay.id)
      this.ui = { ...this.ui, overlay: undefined }
    if (this.client !== undefined) this.ui = settleAnswers(this.ui, this.client.state)
    this.#titleTerminal()
    bumpRevision(this.store)
  }

  /** What was opened takes answers after a moment: the screen says when. */
  #armLater(): void {
    const { overlay } = this.ui
    if (overlay === undefined) return
    const leftMs = overlay.opened.atMs + TYPE_AHEAD_MS - this.options.timers.nowMs()
    if (leftMs > 0) this.options.timers.after(leftMs, () => this.#pump.mark())
  }

  #titleTerminal(): void {
    const title = this.client === undefined ? 'handrail' : buildTitle(this.client)
    if (title !== this.#title) this.options.terminal.setTitle(title)
    this.#title = title
  }

  #tick(): void {
    this.#cancelTick = this.options.timers.after(TICK_MS, () => {
      if (this.#isClosed) return
      this.#pump.mark()
      this.#tick()
    })
  }
}

function buildTitle({ state, run }: RunClient): string {
  const sign = state.questions.size > 0 ? '? ' : ''
  return `${sign}handrail ${run} ${state.created?.inventory.environment ?? ''}`
}

const NO_TEXTS: TextSource = {
  stepText: () => undefined,
  value: () => undefined,
  renderMarkdown: (text, width) => renderPlain(text, width),
}
