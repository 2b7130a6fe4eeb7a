import type { Overlay } from '../store/ui-state.ts'
import type { ActionId } from '../term/key-row.ts'
import { only, type Model, type Reduction } from './model.ts'
import { clampOffset, scrollBy } from './scroll.ts'
import { sayHowToDrive } from './say-how-to-drive.ts'
import { showToast } from './toast.ts'

type CorrectionUi = Extract<Overlay, { readonly kind: 'correction' }>

/** Whoever drives a run that rests may correct its parameters; else it is said what is missing. */
export function askForCorrection(model: Model): Reduction {
  const { ui, client } = model
  const status = client?.state.status
  const problem =
    client?.isDriver() !== true
      ? `only who drives corrects parameters: ${sayHowToDrive(client)}`
      : status === 'open'
        ? 'pause the run first (Esc, Space): parameters are corrected while it is paused'
        : status === 'draft' || status === 'paused'
          ? undefined
          : `the run is ${status ?? 'gone'}`
  if (problem !== undefined) return only(showToast(model, problem, 'warn'))
  return { ui, effects: [{ kind: 'open-correction' }] }
}

/** Keys while it is shown what a correction of parameters changes. */
export function reduceCorrectionKey(model: Model, overlay: CorrectionUi, action: ActionId): Reduction {
  const { ui, client, extents } = model
  if (action === 'cancel') return only({ ...ui, overlay: undefined })
  const by = scrollBy(action, extents.sheet.page)
  if (by !== undefined)
    return only({ ...ui, overlay: { ...overlay, offset: clampOffset(overlay.offset + by, extents.sheet) } })
  if (action !== 'accept' || client === undefined) return only(ui)
  const { values, reason } = overlay
  const intent = { type: 'correct-params', by: client.operator, values, reason } as const
  return { ui: { ...ui, overlay: undefined }, effects: [{ kind: 'submit', intents: [intent] }] }
}
