import { render } from 'ink'
import { Readable } from 'node:stream'
import { Session } from '../../../src/tui/control/session.ts'
import type { TerminalPort } from '../../../src/tui/control/session-port.ts'
import type { EditReview } from '../../../src/tui/edit-review.ts'
import type { Library } from '../../../src/tui/library.ts'
import type { RunClient } from '../../../src/tui/run-client.ts'
import { App } from '../../../src/tui/screens/app.tsx'
import type { Timers } from '../../../src/tui/store/pump.ts'
import { ASCII_GLYPHS, UNICODE_GLYPHS } from '../../../src/tui/term/glyphs.ts'
import { InputParser } from '../../../src/tui/term/input-parser.ts'
import { ANSI_THEME, MONO_THEME } from '../../../src/tui/term/theme.ts'
import { FakeTerminal } from './fake-terminal.ts'
import { NOW_MS } from './run-builder.ts'

export type MountOptions = {
  readonly client?: RunClient
  readonly library?: Library
  readonly edit?: EditReview
  readonly reopen?: Library['open']
  readonly cols?: number
  readonly rows?: number
  readonly isAscii?: boolean
  readonly hasColor?: boolean
}

export type Screen = {
  readonly terminal: FakeTerminal
  readonly session: Session
  /** What the session asked of the terminal. */
  readonly asked: string[]
  /** Types bytes of one read, and waits for nothing. */
  readonly type: (read: string) => void
  /** Presses keys, as bytes of one read; time passes after it, so that a sheet takes answers. */
  readonly press: (...reads: readonly string[]) => Promise<string>
  /** Time passes; waits run out. */
  readonly pass: (durationMs: number) => Promise<string>
  /** The screen once everything that was begun is drawn. */
  readonly screen: () => Promise<string>
  readonly close: () => void
}

/** Time that stands still until a test moves it. */
export class FakeTimers implements Timers {
  #nowMs = 1000
  #waits: { readonly dueMs: number; readonly run: () => void }[] = []
  readonly nowMs = (): number => this.#nowMs
  readonly after = (delayMs: number, run: () => void): (() => void) => {
    const wait = { dueMs: this.#nowMs + delayMs, run }
    this.#waits.push(wait)
    return () => {
      this.#waits = this.#waits.filter((each) => each !== wait)
    }
  }

  pass(durationMs: number): void {
    const untilMs = this.#nowMs + durationMs
    for (let turns = 0; turns < 1000; turns += 1) {
      const [next] = this.#waits.filter(({ dueMs }) => dueMs <= untilMs).toSorted((a, b) => a.dueMs - b.dueMs)
      if (next === undefined) break
      this.#waits = this.#waits.filter((each) => each !== next)
      this.#nowMs = Math.max(this.#nowMs, next.dueMs)
      next.run()
    }
    this.#nowMs = untilMs
  }
}

/** Turns of the event loop after which a screen that still reads is taken as it is. */
const MAX_TURNS = 500
/** Longer than what guards against type-ahead. */
const AFTER_GUARD_MS = 550

/** The whole screen on a terminal in memory. */
export function mountScreen(options: MountOptions): Screen {
  const terminal = new FakeTerminal(options.cols ?? 80, options.rows ?? 24)
  const timers = new FakeTimers()
  const asked: string[] = []
  const port: TerminalPort = {
    leave: (why) => asked.push(`leave ${why}`),
    redraw: () => asked.push('redraw'),
    suspend: () => asked.push('suspend'),
    copy: (text) => asked.push(`copy ${text}`),
    setTitle: () => {},
    person: {
      size: () => ({ columns: terminal.columns, rows: terminal.rows, term: 'xterm' }),
      attach: () => ({ show: () => {}, release: () => {} }),
    },
  }
  const session = new Session({
    ...(options.client === undefined ? {} : { client: options.client }),
    ...(options.library === undefined ? {} : { library: options.library }),
    ...(options.edit === undefined ? {} : { edit: options.edit }),
    ...(options.reopen === undefined ? {} : { reopen: options.reopen }),
    size: { cols: terminal.columns, rows: terminal.rows },
    glyphs: options.isAscii === true ? ASCII_GLYPHS : UNICODE_GLYPHS,
    timers,
    wallMs: () => NOW_MS,
    terminal: port,
  })
  terminal.prependListener('resize', () => session.resize({ cols: terminal.columns, rows: terminal.rows }))
  const stdin = Object.assign(new Readable({ read: () => {} }), {
    isTTY: true,
    setRawMode: () => {},
    ref: () => {},
    unref: () => {},
  })
  const instance = render(
    <App session={session} theme={options.hasColor === false ? MONO_THEME : ANSI_THEME} onReady={() => {}} />,
    {
      stdin: stdin as unknown as NodeJS.ReadStream,
      stdout: terminal as unknown as NodeJS.WriteStream,
      alternateScreen: true,
      interactive: true,
      incrementalRendering: true,
      patchConsole: false,
      exitOnCtrlC: false,
      maxFps: 1000,
    },
  )
  const parser = new InputParser()
  const type = (read: string): void => {
    for (const event of parser.feed(Buffer.from(read))) session.handle(event)
    for (const event of parser.waitMs() > 0 ? parser.expire() : []) session.handle(event)
  }
  const settle = async (): Promise<string> => {
    for (let turn = 0; turn < 4; turn += 1) {
      await new Promise((resolve) => {
        setImmediate(resolve)
      })
      timers.pass(40)
    }
    await instance.waitUntilRenderFlush()
    await terminal.settle()
    return terminal.screen()
  }
  const screen = async (): Promise<string> => {
    let shown = await settle()
    // Texts are read in the background.
    for (let turn = 0; turn < MAX_TURNS && /reading (the|what)/.test(shown); turn += 1) shown = await settle()
    return shown
  }
  return {
    terminal,
    session,
    asked,
    screen,
    type,
    press: async (...reads) => {
      for (const read of reads) {
        type(read)
        await screen()
        timers.pass(AFTER_GUARD_MS)
      }
      return screen()
    },
    pass: async (durationMs) => {
      timers.pass(durationMs)
      return screen()
    },
    close: () => {
      instance.unmount()
      session.close()
      terminal.dispose()
    },
  }
}
