import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { StepId } from '../../core/base/ids.ts'
import { isArmed } from '../control/key-context.ts'
import { countUndecided, selectEditItems, selectForced, type EditUi } from '../control/reduce-edit.ts'
import { clampIndex } from '../control/scroll.ts'
import type { EditedStep, EditReview } from '../edit-review.ts'
import { fitRow, span, spreadRow, toneRow, word, type Row, type Tone } from '../term/row.ts'
import { wrapSpans } from '../term/wrap-text.ts'
import { paintDiff } from './diff-rows.ts'
import { describeCosts, describeTaken, KIND_WORDS, WHOLE_WORDS } from './edit-words.ts'
import { frameSheet } from './frame-sheet.ts'
import type { PartView, ViewInput } from './view-input.ts'

/** Of the sheet, the list takes at most this part; what changed takes the rest. */
const LIST_PART = 1 / 3
const LEAST_LIST_ROWS = 3

/** The sheet of an edited runbook: what changed step by step, what each choice costs, and what was chosen. */
export function buildEditSheet(
  input: ViewInput,
  { overlay, maxHeight }: { readonly overlay: EditUi; readonly maxHeight: number },
): PartView {
  const width = input.size.cols - 4
  const room = Math.max(1, maxHeight - 2)
  const list = paintList(input, overlay, { width, room })
  const foot = paintFoot(input, overlay, width)
  const page = Math.max(1, room - list.rows.length - foot.length - 1)
  const all = paintDetails(input, overlay, width)
  const start = Math.max(0, Math.min(overlay.offset, all.length - page))
  const details = all.slice(start, start + page)
  const more = all.length - start - details.length
  const rows = [...list.rows, list.more, ...details, ...foot].slice(0, room)
  const right = describeCount(overlay, more)
  const view = frameSheet(input, { title: selectTitle(overlay.review), rows, tone: 'warn', right })
  return { ...view, total: all.length, page }
}

function selectTitle({ unplannable, steps, drift }: EditReview): string {
  if (unplannable !== undefined && steps.length === 0) return 'The files on disk cannot be planned'
  if (steps.length > 0) return 'The runbook was edited since'
  return drift === undefined ? 'The inventory was edited since' : 'Another plan of the same text'
}

function describeCount(overlay: EditUi, more: number): Row {
  const { length } = selectEditItems(overlay.review)
  const done = length - countUndecided(overlay)
  const parts = [length > 1 ? `${done} of ${length} decided` : '', more > 0 ? 'PgDn' : '']
  return [word(parts.filter((part) => part !== '').join(', '), 'strong')]
}

const CHOICE_CELLS = 7
const CHOICES: Readonly<Record<'adopt' | 'keep' | 'open', readonly [string, Tone]>> = {
  adopt: ['adopt', 'good'],
  keep: ['keep', 'accent'],
  open: ['?', 'warn'],
}

/** The steps around the cursor, each with what was chosen, and how many there are beside them. */
function paintList(
  { glyphs }: ViewInput,
  { review, choices, cursor }: EditUi,
  { width, room }: { readonly width: number; readonly room: number },
): { readonly rows: readonly Row[]; readonly more: Row } {
  const items = selectEditItems(review)
  const here = clampIndex(cursor, items.length)
  const rows = items.map((item, index): Row => {
    const step = review.steps.find((each) => each.step === item)
    const [chosen, tone] = CHOICES[choices[item] ?? 'open']
    const name = step === undefined ? WHOLE_WORDS.title(review) : step.title
    const isHere = index === here
    const left: Row = [
      word(isHere ? `${glyphs.cursor} ` : '  ', 'accent'),
      word(chosen.padEnd(CHOICE_CELLS), tone),
      span(sanitizeLine(name), 'strong'),
    ]
    const kind: Row =
      step === undefined ? [] : [word(`  ${KIND_WORDS[step.kind][0]}`, KIND_WORDS[step.kind][1])]
    const row = spreadRow(left, kind, width)
    return isHere ? fitRow(toneRow(row, 'selected'), width, glyphs.more) : row
  })
  const shown = Math.min(rows.length, Math.max(LEAST_LIST_ROWS, Math.floor(room * LIST_PART)))
  const start = Math.max(0, Math.min(here - Math.floor(shown / 2), rows.length - shown))
  const parts = [
    [start, 'above'],
    [rows.length - start - shown, 'below'],
  ] as const
  const beside = parts.filter(([count]) => count > 0).map(([count, where]) => `${count} more ${where}`)
  return { rows: rows.slice(start, start + shown), more: [word(`  ${beside.join(', ')}`, 'dim')] }
}

/** What the edit changes at the cursor: in words, what each choice costs, and the exact difference. */
function paintDetails(input: ViewInput, { review, cursor }: EditUi, width: number): Row[] {
  const items = selectEditItems(review)
  const item = items[clampIndex(cursor, items.length)] ?? ''
  const step = review.steps.find((each) => each.step === item)
  const { drift, unplannable = [], surroundings } = review
  const tell = (text: string, tone: Tone): Row[] => wrapSpans([span(sanitizeLine(text), tone)], width, 2)
  const beside = step === undefined ? '' : 'with whatever is adopted: '
  return [
    ...(drift === undefined ? [] : tell(drift, 'bad')),
    ...unplannable.flatMap((line) => tell(line, 'bad')),
    ...paintCosts(input, review, { step, item, width }),
    ...surroundings.flatMap((line) => tell(`${beside}${line}`, 'warn')),
    ...(step === undefined ? [] : paintChange(step, width)),
  ]
}

type CostsPlace = {
  readonly step: EditedStep | undefined
  readonly item: string
  readonly width: number
}

function paintCosts({ client }: ViewInput, review: EditReview, { step, item, width }: CostsPlace): Row[] {
  const forced = selectForced(review, item)
  const hosts = client?.state.steps.get(item as StepId)?.hosts ?? new Map<never, never>()
  const done = [...hosts].flatMap(([host, { phase }]) => (phase === 'ended' ? [host as string] : []))
  const { adopt, keep } = describeCosts(review, step, done)
  const tell = (head: string, words: string): Row[] =>
    wrapSpans([word(`${head} `, 'strong'), span(sanitizeLine(words))], width, CHOICE_CELLS)
  return [
    ...tell('adopt:'.padEnd(CHOICE_CELLS - 1), forced === undefined ? adopt : `not now: ${forced}`),
    ...tell('keep:'.padEnd(CHOICE_CELLS - 1), keep),
  ]
}

function paintChange({ step, diff, kind }: EditedStep, width: number): Row[] {
  // The first two lines name the step once more.
  const hunks = (diff ?? '').split('\n').slice(2).join('\n')
  const none =
    kind === 'moved'
      ? 'Its text is the same.'
      : 'The commands are the same; what they read, or when they run, is not.'
  return [
    fitRow([word('step ', 'dim'), span(sanitizeLine(step), 'dim')], width),
    ...(hunks === '' ? wrapSpans([word(none, 'dim')], width) : paintDiff(hunks, width)),
  ]
}

function paintFoot(input: ViewInput, overlay: EditUi, width: number): Row[] {
  if (!isArmed(overlay.opened, input.nowMs)) return [[word('one moment …', 'dim')]]
  if (input.ui.busy !== undefined) return [[span(input.ui.busy, 'running')]]
  if (overlay.problem !== undefined) return wrapSpans([span(sanitizeLine(overlay.problem), 'bad')], width)
  const taken = describeTaken(input.client)
  if (taken !== undefined) return wrapSpans([span(sanitizeLine(taken), 'warn')], width)
  const isDone = countUndecided(overlay) === 0
  const words = isDone
    ? 'Enter takes the run up like this. Esc leaves it as it is.'
    : 'a adopts, o keeps the old text; A and O all of it. Esc leaves it as it is.'
  return wrapSpans([word(words, isDone ? 'good' : 'dim')], width)
}
