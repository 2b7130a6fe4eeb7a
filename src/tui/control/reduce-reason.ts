import type { Overlay } from '../store/ui-state.ts'
import { editField } from '../term/field.ts'
import type { ActionId } from '../term/key-row.ts'
import { only, type Model, type Reduction } from './model.ts'
import { showToast } from './toast.ts'

type ReasonUi = Extract<Overlay, { readonly kind: 'reason' }>

/** Keys while a reason is typed for aborting, or for ending what runs on a host. */
export function reduceReasonKey(model: Model, overlay: ReasonUi, action: ActionId): Reduction {
  const { ui, client } = model
  if (action === 'cancel') return only({ ...ui, overlay: undefined })
  if (action !== 'accept')
    return only({ ...ui, overlay: { ...overlay, field: editField(overlay.field, action) } })
  if (client === undefined) return only(ui)
  const text = overlay.field.text.trim()
  if (overlay.what === 'abort') {
    if (text === '') return only(showToast(model, 'an abort needs a reason', 'bad'))
    const intent = { type: 'abort', by: client.operator, reason: text } as const
    return { ui: { ...ui, overlay: undefined }, effects: [{ kind: 'submit', intents: [intent] }] }
  }
  if (text !== overlay.host) return only(showToast(model, `type ${overlay.host ?? ''} to end it`, 'bad'))
  if (overlay.step === undefined || overlay.host === undefined) return only(ui)
  const intent = { type: 'cancel-job', by: client.operator, step: overlay.step, host: overlay.host } as const
  return { ui: { ...ui, overlay: undefined }, effects: [{ kind: 'submit', intents: [intent] }] }
}
