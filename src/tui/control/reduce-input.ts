import { sanitizeLine } from '../../core/base/sanitize.ts'
import { isReading, type UiState } from '../store/ui-state.ts'
import { editField, insertText, type Field } from '../term/field.ts'
import type { InputEvent, KeyEvent } from '../term/input-event.ts'
import type { ActionId, KeyContext } from '../term/key-row.ts'
import { selectAction } from '../term/keymap.ts'
import { isArmed, isTextContext, selectKeyContext } from './key-context.ts'
import { only, type Model, type Reduction } from './model.ts'
import { reduceConnectionKey } from './reduce-connection.ts'
import { askForCorrection, reduceCorrectionKey } from './reduce-correction.ts'
import { reduceEditKey } from './reduce-edit.ts'
import { reduceFormKey, typeIntoForm } from './reduce-form.ts'
import { reduceHomeKey } from './reduce-home.ts'
import { reducePromptKey } from './reduce-prompt.ts'
import { reduceQuestionKey } from './reduce-question-keys.ts'
import { reduceReasonKey } from './reduce-reason.ts'
import { reduceRunKey } from './reduce-run-keys.ts'
import { clampOffset, scrollBy } from './scroll.ts'
import { showToast } from './toast.ts'

/** A second Ctrl+C within this time leaves, in milliseconds. */
const INTERRUPT_AGAIN_MS = 2000

/** What one input does: the next state of the screen, and what is asked of the world. Pure and total. */
export function reduceInput(model: Model, event: InputEvent): Reduction {
  if (event.type === 'paste') return paste(model, event.text)
  if (event.type !== 'key') return only(model.ui)
  const context = selectKeyContext(model.ui)
  const action = selectActionOf(event, context)
  if (action !== undefined) {
    const everywhere = reduceEverywhere(model, action)
    if (everywhere !== undefined) return everywhere
  }
  if (isTypeAhead(model, event, action)) return only(leaveOut(model, event))
  return takeKey({ ...model, ui: forgetLeftOut(model.ui) }, event, { action, context })
}

type KeyPlace = { readonly action: ActionId | undefined; readonly context: KeyContext }

function takeKey(model: Model, event: KeyEvent, { action, context }: KeyPlace): Reduction {
  if (action !== undefined) return reduceAction(model, action, event)
  if (event.text !== undefined && isTextContext(context))
    return only(changeField(model, context, (field) => insertText(field, event.text ?? '')))
  return only(model.ui)
}

/** A character is typed where text is typed, even if it is a key elsewhere. */
function selectActionOf(event: KeyEvent, context: KeyContext): ActionId | undefined {
  return event.text !== undefined && isTextContext(context) ? undefined : selectAction(event.key, context)
}

function isTypeAhead({ ui, nowMs }: Model, event: KeyEvent, action: ActionId | undefined): boolean {
  if (ui.overlay === undefined || ui.help !== undefined || action === 'cancel') return false
  return event.chunk === ui.overlay.opened.chunk || !isArmed(ui.overlay.opened, nowMs)
}

const LEFT_OUT = sanitizeLine('left out, this had just opened: pause, then press again')

/** A key that is held down, or keys in a row, began before there was something to read: none of them is an answer. */
function leaveOut(model: Model, event: KeyEvent): UiState {
  const ui = showToast(model, LEFT_OUT, 'warn')
  const { overlay } = ui
  if (overlay === undefined || event.text !== undefined) return ui
  return { ...ui, overlay: { ...overlay, opened: { ...overlay.opened, atMs: model.nowMs } } }
}

/** The next key that counts needs no such word any more. */
function forgetLeftOut(ui: UiState): UiState {
  return ui.toast?.text === LEFT_OUT ? { ...ui, toast: undefined } : ui
}

/** Text that was pasted goes into a field and nowhere else; a word that must be typed is not pasted. */
function paste(model: Model, text: string): Reduction {
  const context = selectKeyContext(model.ui)
  const isWord = model.ui.overlay?.kind === 'question' && model.ui.overlay.choice === 'go'
  if (!isTextContext(context) || isWord)
    return only(
      showToast(
        model,
        isWord ? 'type it: pasting is off here' : 'pasted text is left out: no field is open',
        'warn',
      ),
    )
  return only(changeField(model, context, (field) => insertText(field, text)))
}

/** What a key does wherever it is pressed; undefined: it depends on the place. */
export function reduceEverywhere(model: Model, action: ActionId): Reduction | undefined {
  const { ui, nowMs } = model
  switch (action) {
    case 'help':
      return only({ ...ui, help: { filter: { text: '', cursor: 0 }, offset: 0 } })
    case 'redraw':
      return { ui, effects: [{ kind: 'redraw' }] }
    case 'suspend':
      return { ui, effects: [{ kind: 'suspend' }] }
    case 'interrupt': {
      if (ui.interruptedAtMs !== undefined && nowMs - ui.interruptedAtMs < INTERRUPT_AGAIN_MS)
        return { ui, effects: [{ kind: 'leave' }] }
      const words =
        ui.screen === 'run'
          ? 'Space pauses, q detaches; Ctrl+C again detaches too. Nothing on a host is ended'
          : 'q leaves; Ctrl+C again leaves too'
      return only({ ...showToast(model, words, 'warn'), interruptedAtMs: nowMs })
    }
    default:
      return undefined
  }
}

function reduceAction(model: Model, action: ActionId, event: KeyEvent): Reduction {
  const { ui } = model
  if (ui.help !== undefined) return only(reduceHelp(model, action))
  switch (ui.overlay?.kind) {
    case 'question':
      return reduceQuestionKey(model, ui.overlay, { action, chunk: event.chunk })
    case 'reason':
      return reduceReasonKey(model, ui.overlay, action)
    case 'prompt':
      return reducePromptKey(model, ui.overlay, action)
    case 'notice':
      return reduceNotice(model, action)
    case 'correction':
      return reduceCorrectionKey(model, ui.overlay, action)
    case 'edit':
      return reduceEditKey(model, ui.overlay, action)
    case 'connection':
      return reduceConnectionKey(model, ui.overlay, action)
    default:
  }
  if (ui.screen === 'home') return reduceHomeKey(model, action)
  if (ui.screen === 'form') return reduceFormKey(model, action)
  return reduceRunKey(model, action, event.chunk)
}

function reduceHelp({ ui, extents }: Model, action: ActionId): UiState {
  const help = ui.help!
  if (action === 'cancel') return { ...ui, help: undefined }
  const by = scrollBy(action, extents.help.page)
  if (by === undefined) return { ...ui, help: { ...help, filter: editField(help.filter, action), offset: 0 } }
  return { ...ui, help: { ...help, offset: clampOffset(help.offset + by, extents.help) } }
}

function reduceNotice(model: Model, action: ActionId): Reduction {
  const { ui, extents } = model
  const notice = ui.overlay!
  if (notice.kind !== 'notice') return only(ui)
  if (action === 'cancel' || (action === 'accept' && isReading(notice)))
    return only({ ...ui, overlay: undefined })
  if (action === 'correct' && notice.what === 'details') return askForCorrection(model)
  const by = scrollBy(action, extents.sheet.page) ?? 0
  return only({ ...ui, overlay: { ...notice, offset: clampOffset(notice.offset + by, extents.sheet) } })
}

/** Changes the field that is typed into. */
function changeField({ ui }: Model, context: KeyContext, change: (field: Field) => Field): UiState {
  if (context === 'help' && ui.help !== undefined)
    return { ...ui, help: { filter: change(ui.help.filter), offset: 0 } }
  if (context === 'filter') return { ...ui, home: { ...ui.home, filter: change(ui.home.filter), cursor: 0 } }
  if (context === 'search' && ui.run.search !== undefined)
    return { ...ui, run: { ...ui.run, search: { ...ui.run.search, field: change(ui.run.search.field) } } }
  if (context === 'form' && ui.form !== undefined) return { ...ui, form: typeIntoForm(ui.form, change) }
  const { overlay } = ui
  if (overlay?.kind === 'question' || overlay?.kind === 'reason')
    return { ...ui, overlay: { ...overlay, field: change(overlay.field) } }
  if (overlay?.kind === 'prompt')
    return {
      ...ui,
      overlay: {
        ...overlay,
        fields: overlay.fields.map((field, index) => (index === overlay.cursor ? change(field) : field)),
      },
    }
  return ui
}
