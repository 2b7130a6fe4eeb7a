import type { RunState } from '../../core/run/state.ts'
import type { UiState } from '../store/ui-state.ts'

/**
 * The screen after the journal has moved on: answers that it holds are under way no longer, and a question that
 * somebody else has answered takes no key any more. The same object where nothing changed.
 */
export function settleAnswers(ui: UiState, { questions }: RunState): UiState {
  const open = ui.sent.filter(({ question }) => questions.has(question))
  const settled = open.length === ui.sent.length ? ui : { ...ui, sent: open }
  const { overlay } = settled
  if (overlay?.kind === 'notice' && overlay.what === 'answering' && open.length === 0)
    return { ...settled, overlay: undefined }
  if (overlay?.kind !== 'question') return settled
  const ids = overlay.ids.filter((id) => questions.has(id))
  if (ids.length === overlay.ids.length) return settled
  if (ids.length === 0)
    return { ...settled, overlay: { kind: 'notice', what: 'answered', offset: 0, opened: overlay.opened } }
  // An answer that is being typed was meant for those that are left; without any of them nothing is chosen for it.
  const chosen = overlay.chosen.filter((id) => questions.has(id))
  const isLost = chosen.length === 0
  return {
    ...settled,
    overlay: {
      ...overlay,
      ids,
      chosen: isLost ? ids.slice(0, 1) : chosen,
      hostCursor: 0,
      ...(isLost ? { choice: undefined } : {}),
    },
  }
}
