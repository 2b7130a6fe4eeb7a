import type { Opened, UiState } from '../store/ui-state.ts'
import type { KeyContext } from '../term/key-row.ts'

/**
 * What was opened takes no answer until no key came for so long, in milliseconds: nobody reads and decides faster;
 * type-ahead, a held key and a rhythm of Enter do.
 */
export const TYPE_AHEAD_MS = 500

/** Where the keyboard is. */
export function selectKeyContext(ui: UiState): KeyContext {
  if (ui.help !== undefined) return 'help'
  const { overlay } = ui
  if (overlay !== undefined) {
    if (overlay.kind === 'question') return overlay.choice === undefined ? 'question' : 'text'
    if (overlay.kind === 'reason') return 'text'
    return overlay.kind
  }
  if (ui.screen === 'home') {
    if (ui.home.pick !== undefined) return 'pick'
    return ui.home.isFiltering ? 'filter' : 'home'
  }
  if (ui.screen === 'run') return ui.run.search?.isTyping === true ? 'search' : 'run'
  return ui.screen
}

/** Whether something that was opened takes answers yet. */
export function isArmed(opened: Opened, nowMs: number): boolean {
  return nowMs - opened.atMs >= TYPE_AHEAD_MS
}

const TEXT_CONTEXTS: ReadonlySet<KeyContext> = new Set(['text', 'search', 'filter', 'form', 'prompt', 'help'])

/** Whether characters are typed into a field here. */
export function isTextContext(context: KeyContext): boolean {
  return TEXT_CONTEXTS.has(context)
}
