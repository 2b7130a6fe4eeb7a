import type { Choice, Question } from '../../core/run/question.ts'
import type { Intent } from '../../core/run/intents.ts'
import { ours } from '../term/row.ts'
import type { QuestionUi, UiState } from '../store/ui-state.ts'
import { EMPTY_FIELD, editField } from '../term/field.ts'
import type { ActionId } from '../term/key-row.ts'
import { formatChoice, selectTextKind } from '../view-models/choice-words.ts'
import { selectQuestionGroup, selectShownChoices } from '../view-models/select-questions.ts'
import { only, type Model, type Reduction } from './model.ts'
import { clampIndex, clampOffset, scrollBy } from './scroll.ts'

/** The sheet of a question, with those that may be answered together; only the first is chosen. */
export function openQuestion({ ui, client, nowMs }: Model, question: Question, chunk: number): UiState {
  const ids = client === undefined ? [] : selectQuestionGroup(client.state, question).map(({ id }) => id)
  const overlay: QuestionUi = {
    kind: 'question',
    ids,
    chosen: [question.id],
    onHosts: false,
    hostCursor: 0,
    cursor: 0,
    choice: undefined,
    field: EMPTY_FIELD,
    offset: 0,
    opened: { atMs: nowMs, chunk },
  }
  return { ...ui, overlay }
}

/** Keys of a question: which hosts, which choice, its word, reason or evidence. */
export function reduceQuestionKey(
  model: Model,
  overlay: QuestionUi,
  { action, chunk }: { action: ActionId; chunk: number },
): Reduction {
  const { ui, client } = model
  const questions = overlay.ids
    .map((id) => client?.state.questions.get(id))
    .filter((question) => question !== undefined)
  const first = questions[0]
  if (client === undefined || first === undefined) return only({ ...ui, overlay: undefined })
  if (overlay.choice !== undefined) return reduceText(model, overlay, { action, question: first })
  if (action === 'cancel') return only({ ...ui, overlay: undefined })
  const danger = first.step === undefined ? undefined : client.state.steps.get(first.step)?.outline.danger
  const choices = selectShownChoices(first, danger)
  const by = scrollBy(action, model.extents.sheet.page)
  if (by !== undefined) {
    const moved = move(overlay, { by, action, choices: choices.length, extent: model.extents.sheet })
    // What is quoted is the output of the host that one is on.
    const host = client.state.questions.get(moved.ids[moved.hostCursor] ?? '')?.host
    const run =
      moved.onHosts && host !== undefined
        ? { ...ui.run, step: first.step, host, outputEnd: undefined }
        : ui.run
    return only({ ...ui, run, overlay: moved })
  }
  switch (action) {
    case 'next-pane':
    case 'previous-pane':
      return only({ ...ui, overlay: { ...overlay, onHosts: !overlay.onHosts && overlay.ids.length > 1 } })
    case 'toggle':
      return only({ ...ui, overlay: toggleHost(overlay) })
    case 'all': {
      const chosen = overlay.chosen.length === overlay.ids.length ? overlay.ids.slice(0, 1) : overlay.ids
      return only({ ...ui, overlay: { ...overlay, chosen } })
    }
    case 'accept':
      return choose(model, overlay, {
        choice: choices[clampIndex(overlay.cursor, choices.length)]!,
        question: first,
        chunk,
      })
    default:
      return only(ui)
  }
}

type Motion = {
  readonly by: number
  readonly action: ActionId
  readonly choices: number
  readonly extent: { total: number; page: number }
}

function move(overlay: QuestionUi, { by, action, choices, extent }: Motion): QuestionUi {
  if (action === 'page-up' || action === 'page-down')
    return { ...overlay, offset: clampOffset(overlay.offset + by, extent) }
  if (overlay.onHosts)
    return { ...overlay, hostCursor: clampIndex(overlay.hostCursor + by, overlay.ids.length) }
  return { ...overlay, cursor: clampIndex(overlay.cursor + by, choices) }
}

/** At least one host stays chosen. */
function toggleHost(overlay: QuestionUi): QuestionUi {
  const id = overlay.ids[overlay.hostCursor]
  if (id === undefined || overlay.ids.length < 2) return overlay
  const without = overlay.chosen.filter((each) => each !== id)
  if (without.length < overlay.chosen.length)
    return without.length === 0 ? overlay : { ...overlay, chosen: without }
  return { ...overlay, chosen: [...overlay.chosen, id] }
}

type Chosen = { readonly choice: Choice | 'not-now'; readonly question: Question; readonly chunk: number }

function choose(model: Model, overlay: QuestionUi, { choice, question, chunk }: Chosen): Reduction {
  const { ui } = model
  if (choice === 'not-now') return only({ ...ui, overlay: undefined })
  if (selectTextKind(choice, question) === undefined) return answer(model, overlay, choice)
  const { problem: _, ...rest } = overlay
  // The chunk is kept, so that the rest of a paste or of type-ahead does not fill the field.
  const opened = { atMs: Number.NEGATIVE_INFINITY, chunk }
  return only({ ...ui, overlay: { ...rest, choice, field: EMPTY_FIELD, opened } })
}

function reduceText(
  model: Model,
  overlay: QuestionUi,
  { action, question }: { action: ActionId; question: Question },
): Reduction {
  const { ui } = model
  const choice = overlay.choice!
  if (action === 'cancel')
    return only({ ...ui, overlay: { ...overlay, choice: undefined, field: EMPTY_FIELD } })
  if (action !== 'accept')
    return only({ ...ui, overlay: { ...overlay, field: editField(overlay.field, action) } })
  const text = overlay.field.text.trim()
  const kind = selectTextKind(choice, question)
  if (kind === 'word' && text !== question.word)
    return only({ ...ui, overlay: { ...overlay, problem: ours('it does not match; nothing was sent') } })
  if (kind === 'reason' && text === '')
    return only({
      ...ui,
      overlay: { ...overlay, problem: ours(`"${formatChoice(choice, question).label}" needs a reason`) },
    })
  return answer(model, overlay, choice)
}

function answer({ ui, client }: Model, overlay: QuestionUi, choice: Choice): Reduction {
  const text = overlay.field.text.trim()
  const intents = overlay.chosen.map((question): Intent => ({
    type: 'answer',
    question,
    choice,
    by: client?.operator ?? '',
    how: 'asked',
    ...(text === '' ? {} : { text }),
  }))
  return { ui: { ...ui, overlay: undefined }, effects: [{ kind: 'submit', intents }] }
}
