import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { Question } from '../../core/run/question.ts'
import { isArmed } from '../control/key-context.ts'
import type { RunClient } from '../run-client.ts'
import type { QuestionUi } from '../store/ui-state.ts'
import { showField } from '../term/field.ts'
import { fitRow, span, toneRow, word, type Row, type Tone } from '../term/row.ts'
import { formatChoice, selectTextKind } from './choice-words.ts'
import { framePane } from './frame-pane.ts'
import { describeQuestion } from './question-facts.ts'
import { selectShownChoices, type ShownChoice } from './select-questions.ts'
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
  const facts = describeQuestion(input, client, { questions, overlay, width: inner })
  const foot =
    overlay.choice === undefined
      ? paintChoices(input, client, {
          overlay,
          question: first,
          width: inner,
          room: Math.max(2, maxHeight - 5),
        })
      : paintField(input, { overlay, question: first, width: inner })
  const room = Math.max(1, maxHeight - 2 - foot.rows.length - 1)
  const start = Math.max(0, Math.min(overlay.offset, facts.length - room))
  const shown = facts.slice(start, start + room)
  const more = facts.length - start - shown.length
  const rows = [
    ...shown,
    more > 0 ? [word(`PgDn: ${more} more ${more === 1 ? 'line' : 'lines'}`, 'dim')] : [],
    ...foot.rows,
  ].map((row): Row => [word(' '), ...row])
  const tone = selectTone(first, client)
  const height = Math.min(maxHeight, rows.length + 2)
  const view = framePane({
    title: selectTitle(first, client),
    right: selectRight(first, client),
    rows,
    width,
    height,
    isFocused: true,
    glyphs,
    tone,
  })
  const y = rows.length - foot.rows.length + 1
  return {
    rows: view,
    total: facts.length,
    page: room,
    ...(foot.cursor === undefined ? {} : { cursor: { x: foot.cursor.x + 2, y: y + foot.cursor.y } }),
  }
}

function closed({ size, glyphs }: ViewInput): PartView {
  const rows = framePane({
    title: [word('Answered', 'title')],
    rows: [[word(' This question is not open any more. Esc goes back.')]],
    width: size.cols,
    height: 3,
    isFocused: true,
    glyphs,
  })
  return { rows, total: 1, page: 1 }
}

const TITLES: { readonly [kind in Question['kind']]: string } = {
  plan: 'Start this run?',
  confirm: 'Confirm',
  failed: 'It failed',
  inconclusive: 'A check could not tell',
  unreachable: 'No connection to the host',
  locked: 'Another run holds this host',
  unknown: 'I don’t know whether this ran',
  clock: 'It takes longer than it should',
  manual: 'To do by hand',
  'changed-file': 'The file changed since its diff was shown',
  deferred: 'Left for later',
  stale: 'This no longer holds',
  'undo-all': 'Undo what was done?',
}

function selectTitle(question: Question, { state }: RunClient): Row {
  const step = question.step === undefined ? undefined : state.steps.get(question.step)
  const title: Row = [word(TITLES[question.kind], 'title')]
  return step === undefined ? title : [...title, word(': '), span(sanitizeLine(step.outline.title), 'strong')]
}

function selectRight(question: Question, { state }: RunClient): Row {
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

type FootInput = { readonly overlay: QuestionUi; readonly question: Question; readonly width: number }
type Foot = { readonly rows: readonly Row[]; readonly cursor?: { readonly x: number; readonly y: number } }

function paintChoices(
  input: ViewInput,
  { state }: RunClient,
  { overlay, question, width, room }: FootInput & { readonly room: number },
): Foot {
  if (!isArmed(overlay.opened, input.nowMs)) return { rows: [[word('one moment …', 'dim')]] }
  const danger = question.step === undefined ? undefined : state.steps.get(question.step)?.outline.danger
  const rows = selectShownChoices(question, danger).map((choice, index): Row => {
    const isHere = index === overlay.cursor && !overlay.onHosts
    const { label, cost } = describeChoice(choice, question)
    const row: Row = [
      word(isHere ? `${input.glyphs.cursor} ` : '  ', 'accent'),
      word(label.padEnd(21), 'strong'),
      word(` ${cost}`, 'dim'),
    ]
    return fitRow(isHere ? toneRow(row, 'selected') : row, width, input.glyphs.more)
  })
  // On a very low screen not all fit: the one that Enter takes is always in sight.
  const start = Math.max(0, Math.min(overlay.cursor - room + 2, rows.length - room))
  return { rows: rows.slice(start, start + room) }
}

function describeChoice(
  choice: ShownChoice,
  question: Question,
): { readonly label: string; readonly cost: string } {
  return choice === 'not-now'
    ? { label: 'Not now', cost: 'answers nothing; the question stays' }
    : formatChoice(choice, question)
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
  const problem: Row = overlay.problem === undefined ? [] : [span(overlay.problem, 'bad')]
  const isMatch = kind !== 'word' || overlay.field.text.trim() === question.word
  const field: Row = [word(`${glyphs.cursor} `, 'accent'), span(box.text, isMatch ? 'strong' : 'plain')]
  return { rows: [ask, field, problem], cursor: { x: 2 + box.cursor, y: 1 } }
}
