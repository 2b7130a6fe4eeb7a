import type { Intent } from '../../core/run/intents.ts'
import type { Opened, Overlay } from '../store/ui-state.ts'
import type { ActionId } from '../term/key-row.ts'
import { selectWaitChoice, selectWaitChoices } from '../view-models/wait-choices.ts'
import { only, type Model, type Reduction } from './model.ts'
import { clampIndex, scrollBy } from './scroll.ts'
import { showToast } from './toast.ts'

type ConnectionUi = Extract<Overlay, { readonly kind: 'connection' }>

/** The sheet about lost hosts; where none is waited for, it is said so instead. */
export function openConnection(model: Model, opened: Opened): Reduction {
  const { ui, client, wallMs } = model
  if (client === undefined) return only(ui)
  const [first] = selectWaitChoices(client, wallMs)
  if (first !== undefined) return only({ ...ui, overlay: { kind: 'connection', cursor: first.key, opened } })
  const words = client.state.lostLinks.size === 0 ? 'no connection is lost' : 'no host is waited for now'
  return only(showToast(model, words))
}

/** Keys of that sheet. Its first choice, trying at once, is the default: it does no harm. */
export function reduceConnectionKey(model: Model, overlay: ConnectionUi, action: ActionId): Reduction {
  const { ui, client, wallMs } = model
  const closed = { ...ui, overlay: undefined }
  if (action === 'cancel' || client === undefined) return only(closed)
  const choices = selectWaitChoices(client, wallMs)
  const chosen = selectWaitChoice(choices, overlay.cursor)
  const by = scrollBy(action, choices.length)
  if (by !== undefined) {
    const at = chosen === undefined ? 0 : choices.indexOf(chosen)
    const cursor = choices[clampIndex(at + by, choices.length)]?.key ?? overlay.cursor
    return only({ ...ui, overlay: { ...overlay, cursor } })
  }
  if (action !== 'accept') return only(ui)
  if (chosen === undefined) return only(closed)
  const host = chosen.host === undefined ? {} : { host: chosen.host }
  const intent: Intent = { type: chosen.deed, by: client.operator, ...host }
  return { ui: closed, effects: [{ kind: 'submit', intents: [intent] }] }
}
