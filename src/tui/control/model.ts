import type { RunId } from '../../core/base/ids.ts'
import type { Intent } from '../../core/run/intents.ts'
import type { InventoryEntry, LabEntry, RunbookEntry, RunEntry, StartRequest } from '../library.ts'
import type { EditAnswer } from '../edit-review.ts'
import type { FormValues } from '../form-spec.ts'
import type { PromptAnswer, RunClient } from '../run-client.ts'
import type { LogRing } from '../store/log-ring.ts'
import type { Pane, UiState } from '../store/ui-state.ts'

/** All that decides what a key does. */
export type Model = {
  readonly ui: UiState
  readonly client: RunClient | undefined
  /** The output on the screen. */
  readonly ring: LogRing | undefined
  readonly home: HomeData
  /** What the last frame measured: how much there is to scroll. */
  readonly extents: Extents
  /** Monotonic. */
  readonly nowMs: number
  /** Time of day, as in what comes from elsewhere. */
  readonly wallMs: number
}

/** Lists of the home screen; undefined while they are read. */
export type HomeData = {
  readonly runbooks: readonly RunbookEntry[] | undefined
  readonly runs: readonly RunEntry[] | undefined
  readonly labs: readonly LabEntry[] | undefined
  readonly inventories: readonly InventoryEntry[] | undefined
}

export const EMPTY_HOME: HomeData = {
  runbooks: undefined,
  runs: undefined,
  labs: undefined,
  inventories: undefined,
}

export type Extent = { readonly total: number; readonly page: number }
export type Extents = { readonly [place in Pane | 'sheet' | 'help']: Extent }

const NO_EXTENT: Extent = { total: 0, page: 1 }
export const NO_EXTENTS: Extents = {
  steps: NO_EXTENT,
  step: NO_EXTENT,
  output: NO_EXTENT,
  checks: NO_EXTENT,
  sheet: NO_EXTENT,
  help: NO_EXTENT,
}

/** What a key asks of the world; carried out by `perform-effect.ts`. */
export type Effect =
  | { readonly kind: 'submit'; readonly intents: readonly Intent[] }
  | { readonly kind: 'answer-prompt'; readonly id: string; readonly answer: PromptAnswer }
  | { readonly kind: 'take-wheel' }
  | { readonly kind: 'open-run'; readonly run: RunId }
  | { readonly kind: 'open-form'; readonly runbook: string; readonly inventory: string }
  | { readonly kind: 'start'; readonly request: StartRequest }
  | { readonly kind: 'open-correction' }
  | { readonly kind: 'look-at-correction'; readonly values: FormValues; readonly reason: string }
  | { readonly kind: 'settle-edit'; readonly run: RunId; readonly answer: EditAnswer }
  | { readonly kind: 'leave-edit' }
  | { readonly kind: 'copy'; readonly what: 'command' | 'output' | 'report' }
  | { readonly kind: 'refresh' | 'redraw' | 'suspend' | 'leave' }

export type Reduction = { readonly ui: UiState; readonly effects: readonly Effect[] }

/** A reduction without effects. */
export function only(ui: UiState): Reduction {
  return { ui, effects: [] }
}
