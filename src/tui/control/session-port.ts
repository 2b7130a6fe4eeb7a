import type { EditReview } from '../edit-review.ts'
import type { Library } from '../library.ts'
import type { PersonTerminal, RunClient } from '../run-client.ts'
import type { Timers } from '../store/pump.ts'
import type { UiState } from '../store/ui-state.ts'
import type { Glyphs } from '../term/glyphs.ts'
import type { Size } from '../view-models/view-input.ts'

/** What a screen needs of the terminal; the session itself knows none. */
export type TerminalPort = {
  readonly leave: (why: 'detached' | 'left' | 'undecided') => void
  readonly redraw: () => void
  readonly suspend: () => void
  readonly copy: (text: string) => void
  readonly setTitle: (title: string) => void
  /** Lent to interactive commands; the screen gives way meanwhile. */
  readonly person: PersonTerminal
}

export type SessionOptions = {
  readonly client?: RunClient
  readonly library?: Library
  /** What has to be decided about the run that is shown before it is taken up; at once, or when it is found. */
  readonly edit?: EditReview | Promise<EditReview | undefined>
  /** Takes up a run with what was decided, where there is no library. */
  readonly reopen?: Library['open']
  readonly size: Size
  readonly glyphs: Glyphs
  readonly timers: Timers
  readonly wallMs: () => number
  readonly terminal: TerminalPort
}

/** What effects may do to a screen. */
export type SessionPort = {
  readonly options: SessionOptions
  ui: UiState
  readonly client: RunClient | undefined
  readonly showRun: (client: RunClient) => void
  readonly closeRun: () => void
  readonly update: (ui: UiState) => void
  readonly toast: (text: string, tone?: 'plain' | 'good' | 'warn' | 'bad') => void
  /** Reads the lists of the home screen; the cursor goes to the item of this key. */
  readonly readLibrary: (focus?: string) => Promise<void>
}
