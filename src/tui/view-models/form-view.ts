import { sanitizeLine } from '../../core/base/sanitize.ts'
import { selectFormProblems, selectSpec } from '../control/reduce-form.ts'
import type { FormField } from '../form-spec.ts'
import { showField } from '../term/field.ts'
import { span, word, type Row } from '../term/row.ts'
import { measureWidth } from '../term/width.ts'
import { wrapSpans } from '../term/wrap-text.ts'
import type { FormEntry, FormUi } from '../store/ui-state.ts'
import { framePane } from './frame-pane.ts'
import type { PartView, ViewInput } from './view-input.ts'

/** Room for names: as the longest needs, within these. */
const LABEL_CELLS = { least: 12, most: 24 } as const
/** Longer boxes are harder to read; longer values scroll inside. */
const MAX_BOX_CELLS = 60

/** The form of parameters: what is wrong stands under its field while it is typed. */
export function buildFormBody(input: ViewInput, height: number): PartView {
  const { ui, size, glyphs } = input
  const form = ui.form
  if (form === undefined)
    return {
      rows: framePane({ title: [], rows: [], width: size.cols, height, isFocused: true, glyphs }),
      total: 0,
      page: 1,
    }
  const width = size.cols - 4
  const problems = selectFormProblems(form)
  const invalid = problems.filter((problem) => problem !== undefined).length
  const longest = Math.max(0, ...form.fields.map((entry) => nameOf(entry).length))
  const label = Math.min(LABEL_CELLS.most, Math.max(LABEL_CELLS.least, longest)) + 4
  const blocks = form.fields.map((entry, index) =>
    paintEntry(input, form, { entry, index, width, label, problem: problems[index] }),
  )
  const all = blocks.flatMap(({ rows }) => rows)
  const before = blocks.slice(0, form.cursor).reduce((sum, { rows }) => sum + rows.length, 0)
  const page = height - 2
  const own = blocks[form.cursor]?.rows.length ?? 1
  const start = Math.max(
    0,
    Math.min(Math.max(before - Math.floor(page / 2), before + own - page), all.length - page),
  )
  const rows = all.slice(start, start + page).map((row): Row => [word(' '), ...row])
  const view = framePane({
    title: selectTitle(form),
    right: describeWhole(form, invalid),
    rows,
    width: size.cols,
    height,
    isFocused: true,
    glyphs,
  })
  const cursor = blocks[form.cursor]?.cursor
  return {
    rows: view,
    total: all.length,
    page,
    ...(cursor === undefined ? {} : { cursor: { x: cursor + 2, y: before - start + 1 } }),
  }
}

function selectTitle({ purpose, spec }: FormUi): Row {
  if (purpose.kind === 'correct') return [word('Correct parameters of this run', 'title')]
  return [word('Parameters: ', 'title'), span(sanitizeLine(spec.title), 'strong')]
}

function describeWhole({ fields, cursor, purpose }: FormUi, invalid: number): Row {
  if (invalid > 0) return [word(`${invalid} of ${fields.length} to fill in or correct`, 'warn')]
  const key = cursor === fields.length - 1 ? 'Enter' : 'Ctrl+S'
  return [
    word(`all valid: ${key} ${purpose.kind === 'start' ? 'makes the plan' : 'shows what changes'}`, 'good'),
  ]
}

type EntryView = {
  readonly entry: FormEntry
  readonly index: number
  readonly width: number
  /** Cells before the box. */
  readonly label: number
  readonly problem: string | undefined
}

function paintEntry(
  { glyphs }: ViewInput,
  form: FormUi,
  { entry, index, width, label, problem }: EntryView,
): { rows: Row[]; cursor: number | undefined } {
  const spec = selectSpec(form, entry)
  const isHere = index === form.cursor
  const name = nameOf(entry)
  const left: Row = [
    word(isHere ? `${glyphs.cursor} ` : '  ', 'accent'),
    span(sanitizeLine(name.padEnd(label - 2).slice(0, label - 3)), isHere ? 'strong' : 'plain'),
    word(' '),
  ]
  const ok: Row = problem === undefined && entry.isTouched ? [word('  ok', 'good')] : []
  // What was not come to yet is not wrong, only missing.
  const trouble: Row[] =
    problem === undefined
      ? []
      : wrapSpans(
          [
            word(' '.repeat(label)),
            word(entry.isTouched ? '! ' : '', 'bad'),
            span(sanitizeLine(describeFieldProblem(problem, spec ?? entry)), entry.isTouched ? 'bad' : 'dim'),
          ],
          width,
          label,
        )
  const help: Row[] = isHere
    ? wrapSpans([word(' '.repeat(label)), span(sanitizeLine(describeHelp(entry, spec)), 'dim')], width, label)
    : []
  if (spec?.choices !== undefined) {
    const choices = spec.choices.flatMap((choice): Row => paintChoice(choice, entry))
    return {
      rows: [...wrapSpans([...left, ...choices, ...ok], width, label), ...trouble, ...help],
      cursor: undefined,
    }
  }
  const room = Math.max(8, Math.min(MAX_BOX_CELLS, width - label - 6))
  const { box, isCut } = paintBox(entry, { room, isHidden: spec?.isSecret === true })
  const field: Row = [
    word(isCut.left ? glyphs.more : '[', isCut.left ? 'warn' : 'dim'),
    span(box.text, isHere ? 'strong' : 'plain'),
    word(isCut.right ? glyphs.more : ']', isCut.right ? 'warn' : 'dim'),
  ]
  return {
    rows: [[...left, ...field, ...ok], ...trouble, ...help],
    cursor: isHere ? label + 1 + box.cursor : undefined,
  }
}

/** What is wrong with a field, below its name: the name, and the help that stands there too, are not told again. */
export function describeFieldProblem(
  problem: string,
  { name, help }: { readonly name: string; readonly help?: string | undefined },
): string {
  const rest = problem.startsWith(`\`${name}\` `) ? problem.slice(name.length + 3) : problem
  return (help === undefined ? rest : rest.replace(` (${help})`, '')).replace(/\.$/, '')
}

function paintChoice(choice: string, entry: FormEntry): Row {
  const isChosen = choice === entry.field.text
  return [
    word(isChosen ? '(*) ' : '( ) ', isChosen ? 'accent' : 'dim'),
    span(sanitizeLine(choice), isChosen ? 'strong' : 'plain'),
    word('  '),
  ]
}

/** The part of a value that fits, around the cursor, and at which ends more of it is. */
function paintBox(
  { field }: FormEntry,
  { room, isHidden }: { readonly room: number; readonly isHidden: boolean },
) {
  const box = showField(field, room, isHidden ? '*' : undefined)
  const before = measureWidth(sanitizeLine(field.text.slice(0, field.cursor)))
  const all = measureWidth(sanitizeLine(field.text))
  const hidden = before - box.cursor
  return { box, isCut: { left: !isHidden && hidden > 0, right: !isHidden && all - hidden > room } }
}

function nameOf({ name, role }: FormEntry): string {
  return role === 'repeat' ? '  once more' : name
}

/** Types whose name does not say how a value looks. */
const TYPE_WORDS: { readonly [type: string]: string } = {
  int: 'a whole number',
  duration: 'a duration, such as 90s or 1h30m',
}

function describeHelp({ role }: FormEntry, spec: FormField | undefined): string {
  if (role === 'reason') return 'one sentence; it stands in the journal and the report'
  if (spec === undefined) return ''
  const kind = spec.isSecret
    ? 'secret: hidden, never written down'
    : spec.choices === undefined
      ? (TYPE_WORDS[spec.type] ?? spec.type)
      : 'Left, Right or Space choose'
  return [spec.help ?? '', `(${kind})`].filter(Boolean).join(' ')
}
