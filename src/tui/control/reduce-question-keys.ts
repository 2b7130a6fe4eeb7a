import type { Choice, Question } from '../../core/run/question.ts'
import type { Intent } from '../../core/run/intents.ts'
import { ours } from '../term/row.ts'
import type { QuestionUi, SentAnswer, UiState } from '../store/ui-state.ts'
import { EMPTY_FIELD, editField } from '../term/field.ts'
import type { ActionId } from '../term/key-row.ts'
import { formatChoice, selectTextKind } from '../view-models/choice-words.ts'
import { selectHostItems, type HostItem } from '../view-models/question-hosts.ts'
import { selectQuestionGroup, selectShownChoices } from '../view-models/select-questions.ts'
import { only, type Model, type Reduction } from './model.ts'
import { clampIndex, clampOffset, scrollBy } from './scroll.ts'

/** The sheet of a question, with those that may be answered together; only the first is chosen. */
export function openQuestion({ ui, client, nowMs }: Model, question: Question, chunk: number): UiState {
  const ids =
    client === undefined ? [] : selectQuestionGroup(client.state, question, ui.sent).map(({ id }) => id)
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
  const items = overlay.ids.length > 1 ? selectHostItems(client.state, overlay.ids) : []
  if (overlay.onHosts && (action === 'cancel' || action === 'accept'))
    return only({ ...ui, overlay: { ...overlay, onHosts: false } })
  if (action === 'cancel') return only({ ...ui, overlay: undefined })
  const danger = first.step === undefined ? undefined : client.state.steps.get(first.step)?.outline.danger
  const choices = selectShownChoices(first, danger)
  const by = scrollBy(action, model.extents.sheet.page)
  if (by !== undefined) {
    const moved = move(overlay, {
      by,
      action,
      choices: choices.length,
      hosts: items.length,
      extent: model.extents.sheet,
    })
    // What is quoted is the output of the host that one is on.
    const host = items[moved.hostCursor]?.hosts[0]
    const run =
      moved.onHosts && host !== undefined
        ? { ...ui.run, step: first.step, host, job: undefined, outputEnd: undefined }
        : ui.run
    return only({ ...ui, run, overlay: moved })
  }
  switch (action) {
    case 'next-pane':
    case 'previous-pane':
      return only({ ...ui, overlay: { ...overlay, onHosts: !overlay.onHosts && items.length > 0 } })
    case 'toggle':
      return only({ ...ui, overlay: toggleHosts(overlay, items) })
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
  readonly hosts: number
  readonly extent: { total: number; page: number }
}

function move(overlay: QuestionUi, { by, action, choices, hosts, extent }: Motion): QuestionUi {
  if (overlay.onHosts) return { ...overlay, hostCursor: clampIndex(overlay.hostCursor + by, hosts) }
  if (action === 'page-up' || action === 'page-down')
    return { ...overlay, offset: clampOffset(overlay.offset + by, extent) }
  return { ...overlay, cursor: clampIndex(overlay.cursor + by, choices) }
}

/** A host, or all hosts in the same trouble; at least one stays chosen. */
function toggleHosts(overlay: QuestionUi, items: readonly HostItem[]): QuestionUi {
  const item = overlay.onHosts ? items[overlay.hostCursor] : undefined
  if (item === undefined) return overlay
  const without = overlay.chosen.filter((id) => !item.ids.includes(id))
  const isAll = overlay.chosen.length - without.length === item.ids.length
  if (!isAll) return { ...overlay, chosen: [...without, ...item.ids] }
  return without.length === 0 ? overlay : { ...overlay, chosen: without }
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
  const by =
    action === 'page-up' || action === 'page-down' ? scrollBy(action, model.extents.sheet.page) : undefined
  if (by !== undefined)
    return only({
      ...ui,
      overlay: { ...overlay, offset: clampOffset(overlay.offset + by, model.extents.sheet) },
    })
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
  const sent = overlay.chosen.map((id) => buildSent(client?.state.questions.get(id), id, choice))
  return {
    ui: { ...ui, overlay: undefined, sent: [...ui.sent, ...sent] },
    effects: [{ kind: 'submit', intents }],
  }
}

function buildSent(question: Question | undefined, id: string, choice: Choice): SentAnswer {
  return {
    question: id,
    words: question === undefined ? choice : formatChoice(choice, question).label,
    about: question?.host ?? question?.text ?? '',
  }
}
