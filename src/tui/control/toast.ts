import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { UiState } from '../store/ui-state.ts'
import type { Tone } from '../term/row.ts'

/** How long a passing message stands, in milliseconds. */
export const TOAST_MS = 6000

/** The screen with a passing message. */
export function showToast(
  model: { readonly ui: UiState; readonly nowMs: number },
  text: string,
  tone: Tone = 'plain',
): UiState {
  return { ...model.ui, toast: { text: sanitizeLine(text), tone, untilMs: model.nowMs + TOAST_MS } }
}
