import { sanitizeLine } from '../../core/base/sanitize.ts'
import { selectFormProblems, selectSpec } from '../control/reduce-form.ts'
import { showField } from '../term/field.ts'
import { span, word, type Row } from '../term/row.ts'
import { wrapSpans } from '../term/wrap-text.ts'
import type { FormEntry, FormUi } from '../store/ui-state.ts'
import { framePane } from './frame-pane.ts'
import type { PartView, ViewInput } from './view-input.ts'

const LABEL_CELLS = 22

/** The form of a runbook's parameters: what is wrong stands beside its field while it is typed. */
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
  const blocks = form.fields.map((entry, index) =>
    paintEntry(input, form, { entry, index, width, problem: problems[index] }),
  )
  const top = form.problems.flatMap((problem) =>
    wrapSpans([word('! ', 'bad'), span(sanitizeLine(problem), 'bad')], width, 2),
  )
  const before = blocks.slice(0, form.cursor).reduce((sum, { rows }) => sum + rows.length, top.length)
  const all = [...top, ...blocks.flatMap(({ rows }) => rows)]
  if (form.fields.length === 0)
    all.push([word('This runbook has no parameters. Ctrl+S makes the plan.', 'dim')])
  const page = height - 2
  const start = Math.max(0, Math.min(before - Math.floor(page / 2), all.length - page))
  const rows = all.slice(start, start + page).map((row): Row => [word(' '), ...row])
  const right: Row =
    invalid === 0
      ? [word('all valid: Ctrl+S makes the plan', 'good')]
      : [word(`${invalid} of ${form.fields.length} to fill in or correct`, 'warn')]
  const title: Row = [word('Parameters: ', 'title'), span(sanitizeLine(form.spec.title), 'strong')]
  const view = framePane({ title, right, rows, width: size.cols, height, isFocused: true, glyphs })
  const cursor = blocks[form.cursor]?.cursor
  return {
    rows: view,
    total: all.length,
    page,
    ...(cursor === undefined ? {} : { cursor: { x: cursor + 2, y: before - start + 1 } }),
  }
}

type EntryView = {
  readonly entry: FormEntry
  readonly index: number
  readonly width: number
  readonly problem: string | undefined
}

function paintEntry(
  { glyphs }: ViewInput,
  form: FormUi,
  { entry, index, width, problem }: EntryView,
): { rows: Row[]; cursor: number | undefined } {
  const spec = selectSpec(form, entry)
  const isHere = index === form.cursor
  const label = entry.isRepeat ? '  once more' : entry.name
  const room = Math.max(10, Math.min(40, width - LABEL_CELLS - 32))
  const left: Row = [
    word(isHere ? `${glyphs.cursor} ` : '  ', 'accent'),
    span(sanitizeLine(label.padEnd(LABEL_CELLS - 2).slice(0, LABEL_CELLS - 2)), isHere ? 'strong' : 'plain'),
  ]
  const note: Row =
    problem === undefined
      ? [word(entry.isTouched || entry.field.text !== '' ? '  ok' : '', 'good')]
      : [
          word('  ! ', entry.isTouched || !isHere ? 'bad' : 'dim'),
          span(sanitizeLine(problem), entry.isTouched ? 'bad' : 'dim'),
        ]
  const help: Row[] = isHere
    ? wrapSpans(
        [word(' '.repeat(LABEL_CELLS)), span(sanitizeLine(describeHelp(spec)), 'dim')],
        width,
        LABEL_CELLS,
      )
    : []
  if (spec?.choices !== undefined) {
    const choices = spec.choices.flatMap((choice): Row => {
      const isChosen = choice === entry.field.text
      return [
        word(isChosen ? '(*) ' : '( ) ', isChosen ? 'accent' : 'dim'),
        span(sanitizeLine(choice), isChosen ? 'strong' : 'plain'),
        word('  '),
      ]
    })
    return {
      rows: [...wrapSpans([...left, ...choices, ...note], width, LABEL_CELLS), ...help],
      cursor: undefined,
    }
  }
  const box = showField(entry.field, room, spec?.isSecret === true ? '*' : undefined)
  const field: Row = [word('['), span(box.text, isHere ? 'strong' : 'plain'), word(']')]
  return {
    rows: [...wrapSpans([...left, ...field, ...note], width, LABEL_CELLS), ...help],
    cursor: isHere ? LABEL_CELLS + 1 + box.cursor : undefined,
  }
}

function describeHelp(spec: ReturnType<typeof selectSpec>): string {
  if (spec === undefined) return ''
  const kind = spec.isSecret
    ? 'secret: hidden, never written down'
    : spec.choices === undefined
      ? spec.type
      : 'left and right choose'
  return [spec.help ?? '', `(${kind})`].filter(Boolean).join(' ')
}
