import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { Question } from '../../core/run/question.ts'
import { isArmed } from '../control/key-context.ts'
import type { RunClient } from '../run-client.ts'
import type { QuestionUi } from '../store/ui-state.ts'
import { showField } from '../term/field.ts'
import { fitRow, span, toneRow, word, type Row, type Tone } from '../term/row.ts'
import { formatChoice, selectTextKind } from './choice-words.ts'
import { describeChoices } from './describe-choices.ts'
import { framePane } from './frame-pane.ts'
import { describeQuestion } from './question-facts.ts'
import { listHosts, selectHostItems } from './question-hosts.ts'
import { QUESTION_TITLES } from './question-titles.ts'
import { toneDanger } from './state-marks.ts'
import type { PartView, ViewInput } from './view-input.ts'

/** The sheet of a question: what it is about, what is known, and the choices with what each of them costs. */
export function buildQuestionSheet(
  input: ViewInput,
  client: RunClient,
  { overlay, maxHeight }: { overlay: QuestionUi; maxHeight: number },
): PartView {
  const { glyphs, size } = input
  const width = size.cols
  const inner = width - 4
  const questions = overlay.ids
    .map((id) => client.state.questions.get(id))
    .filter((each) => each !== undefined)
  const first = questions[0]
  if (first === undefined) return closed(input)
  const foot = paintFoot(input, client, {
    overlay,
    question: first,
    width: inner,
    room: Math.max(2, maxHeight - 5),
  })
  const room = Math.max(1, maxHeight - 2 - foot.rows.length - 1)
  const { rows: shown, total } = paintFacts(input, client, { questions, overlay, width: inner, room })
  const start = Math.max(0, Math.min(overlay.offset, total - room))
  const more = overlay.onHosts ? 0 : total - start - shown.length
  const rows = [
    ...shown,
    more > 0 ? [word(`PgDn: ${more} more ${more === 1 ? 'line' : 'lines'}`, 'dim')] : [],
    ...foot.rows,
  ].map((row): Row => [word(' '), ...row])
  const view = framePane({
    title: selectTitle(first, client),
    right: selectRight(first, client, overlay),
    rows,
    width,
    height: Math.min(maxHeight, rows.length + 2),
    isFocused: true,
    glyphs,
    tone: selectTone(first, client),
  })
  const y = rows.length - foot.rows.length + 1
  return {
    rows: view,
    total,
    page: room,
    ...(foot.cursor === undefined ? {} : { cursor: { x: foot.cursor.x + 2, y: y + foot.cursor.y } }),
  }
}

type FactsPlace = {
  readonly questions: readonly Question[]
  readonly overlay: QuestionUi
  readonly width: number
  readonly room: number
}

/** What is known, scrolled; while hosts are chosen, the list of them instead. */
function paintFacts(
  input: ViewInput,
  client: RunClient,
  { questions, overlay, width, room }: FactsPlace,
): { readonly rows: readonly Row[]; readonly total: number } {
  if (overlay.onHosts) {
    const items = selectHostItems(client.state, overlay.ids)
    const rows = listHosts({ items, overlay, width, glyphs: input.glyphs }, room)
    return { rows, total: items.length }
  }
  const facts = describeQuestion(input, client, { questions, overlay, width, room })
  const start = Math.max(0, Math.min(overlay.offset, facts.length - room))
  return { rows: facts.slice(start, start + room), total: facts.length }
}

function closed({ size, glyphs }: ViewInput): PartView {
  const rows = framePane({
    title: [word('Answered', 'title')],
    rows: [[word(' The answer is in the journal.')]],
    width: size.cols,
    height: 3,
    isFocused: true,
    glyphs,
  })
  return { rows, total: 1, page: 1 }
}

function selectTitle(question: Question, { state }: RunClient): Row {
  const step = question.step === undefined ? undefined : state.steps.get(question.step)
  const title: Row = [word(QUESTION_TITLES[question.kind], 'title')]
  return step === undefined ? title : [...title, word(': '), span(sanitizeLine(step.outline.title), 'strong')]
}

/** What must be seen before Enter: the danger, or for how many hosts the answer is. */
function selectRight(question: Question, { state }: RunClient, overlay: QuestionUi): Row {
  if (overlay.ids.length > 1)
    return [word(`for ${overlay.chosen.length} of ${overlay.ids.length} hosts`, 'strong')]
  const step = question.step === undefined ? undefined : state.steps.get(question.step)
  if (step === undefined || question.kind !== 'confirm') return []
  return [word(step.outline.danger.toUpperCase(), toneDanger(step.outline.danger))]
}

function selectTone(question: Question, { state }: RunClient): Tone {
  if (question.kind === 'failed') return 'bad'
  const danger = question.step === undefined ? undefined : state.steps.get(question.step)?.outline.danger
  if (question.word !== undefined || danger === 'irreversible') return 'bad'
  return question.kind === 'manual' || question.kind === 'plan' ? 'focus' : 'warn'
}

/** The choices, the field of the one that was taken, or what to do with the list of hosts. */
function paintFoot(
  input: ViewInput,
  client: RunClient,
  { room, ...place }: FootInput & { readonly room: number },
): Foot {
  if (place.overlay.onHosts)
    return {
      rows: [[word('Space: a host, or a whole group; Enter: done', 'dim')]],
    }
  return place.overlay.choice === undefined
    ? paintChoices(input, client, { ...place, room })
    : paintField(input, place)
}

/** Columns of a choice's name. */
const LABEL_CELLS = 22

type FootInput = { readonly overlay: QuestionUi; readonly question: Question; readonly width: number }
type Foot = { readonly rows: readonly Row[]; readonly cursor?: { readonly x: number; readonly y: number } }

function paintChoices(
  input: ViewInput,
  client: RunClient,
  { overlay, question, width, room }: FootInput & { readonly room: number },
): Foot {
  const choices = describeChoices(client, question)
  const takesKeys = isArmed(overlay.opened, input.nowMs)
  const rows = choices.map(({ label, cost, isRisky }, index): Row => {
    const isHere = takesKeys && index === overlay.cursor
    const row: Row = [
      word(isHere ? `${input.glyphs.cursor} ` : '  ', 'accent'),
      word(label.padEnd(LABEL_CELLS), takesKeys ? 'strong' : 'dim'),
      word(cost, takesKeys && isRisky === true ? 'warn' : 'dim'),
    ]
    return fitRow(isHere ? toneRow(row, 'selected') : row, width, input.glyphs.more)
  })
  // On a very low screen not all fit: the one that Enter takes is always in sight.
  const start = Math.max(0, Math.min(overlay.cursor - room + 2, rows.length - room))
  return { rows: rows.slice(start, start + room) }
}

function paintField({ glyphs }: ViewInput, { overlay, question, width }: FootInput): Foot {
  const choice = overlay.choice!
  const kind = selectTextKind(choice, question)
  const { label } = formatChoice(choice, question)
  const count = overlay.chosen.length > 1 ? ` (${overlay.chosen.length} hosts)` : ''
  const ask: Row =
    kind === 'word'
      ? [word(`${label}: type `), span(sanitizeLine(question.word ?? ''), 'strong'), word(' and Enter')]
      : [
          word(
            `${label}${count}: ${kind === 'evidence' ? 'what shows it? (a ticket, a name; may stay empty)' : 'why? (stands in the report)'}`,
          ),
        ]
  const box = showField(overlay.field, Math.max(8, width - 4))
  const isMatch = kind !== 'word' || overlay.field.text.trim() === question.word
  const problem: Row =
    overlay.problem !== undefined
      ? [span(overlay.problem, 'bad')]
      : isMatch
        ? []
        : [word('Enter is off until it matches; type-ahead was discarded', 'dim')]
  const field: Row = [word(`${glyphs.cursor} `, 'accent'), span(box.text, isMatch ? 'strong' : 'plain')]
  return { rows: [ask, field, problem], cursor: { x: 2 + box.cursor, y: 1 } }
}
