import { selectKeyContext } from '../control/key-context.ts'
import type { KeyContext, KeyGroup, KeyRow } from '../term/key-row.ts'
import { formatKey } from '../term/format-key.ts'
import { KEYMAP } from '../term/keymap.ts'
import { span, word, type Row } from '../term/row.ts'
import { sanitizeLine } from '../../core/base/sanitize.ts'
import { framePane } from './frame-pane.ts'
import type { PartView, ViewInput } from './view-input.ts'

const GROUPS: readonly KeyGroup[] = ['Run', 'Move', 'Output', 'Field', 'Screen', 'Leave']

/** The keys that work where one is, first; then the rest; what is typed narrows them. */
export function buildHelpView(input: ViewInput, height: number): PartView {
  const { ui, size, glyphs } = input
  const help = ui.help!
  const width = size.cols
  const context = selectKeyContext({ ...ui, help: undefined })
  const words = help.filter.text.toLowerCase()
  const isOnlyWatching = input.client?.isOnlyWatching === true
  const keymap = KEYMAP.filter(({ id }) => !(isOnlyWatching && id === 'take-wheel'))
  const fits = (row: KeyRow): boolean => `${row.keys.join(' ')} ${row.help}`.toLowerCase().includes(words)
  const here = keymap.filter(
    (row) => fits(row) && (row.contexts.includes(context) || row.contexts.includes('everywhere')),
  )
  const elsewhere = keymap.filter((row) => fits(row) && !here.includes(row))
  const lines: Row[] = [
    ...GROUPS.flatMap((group) =>
      paintGroup(
        group,
        here.filter((row) => row.group === group),
      ),
    ),
    ...(elsewhere.length === 0
      ? []
      : [
          [],
          [word(' On other screens', 'strong')],
          ...elsewhere.map((row) => paintKey(row, describePlaces(row))),
        ]),
  ]
  const page = Math.max(1, height - 2)
  const right: Row =
    help.filter.text === ''
      ? [word('type to filter', 'dim')]
      : [word('filter: '), span(sanitizeLine(help.filter.text), 'accent')]
  const rows = framePane({
    title: [word('Keys', 'title')],
    right,
    rows: lines.slice(Math.min(help.offset, Math.max(0, lines.length - page))),
    width,
    height,
    isFocused: true,
    glyphs,
  })
  return { rows, total: lines.length, page }
}

function paintGroup(group: KeyGroup, rows: readonly KeyRow[]): Row[] {
  return rows.length === 0 ? [] : [[word(` ${group}`, 'strong')], ...rows.map((row) => paintKey(row))]
}

function paintKey(row: KeyRow, where?: string): Row {
  return [
    word(`   ${row.keys.map(formatKey).join(', ').padEnd(18)}`, 'key'),
    word(where === undefined ? ' ' : ` ${where}: `, 'dim'),
    word(row.help),
  ]
}

/** Where a key works, in few words. */
const PLACES: { readonly [context in KeyContext]: string } = {
  home: 'library',
  filter: 'filter',
  pick: 'choice',
  form: 'form',
  run: 'run',
  search: 'search',
  report: 'report',
  question: 'question',
  text: 'answer',
  prompt: 'secret',
  notice: 'sheet',
  correction: 'correction',
  edit: 'edited runbook',
  connection: 'connection',
  help: 'help',
  everywhere: 'everywhere',
}
/** More places than these are called lists or fields. */
const MAX_PLACES = 4

function describePlaces({ contexts, group }: KeyRow): string {
  if (contexts.length <= MAX_PLACES) return contexts.map((context) => PLACES[context]).join(', ')
  return group === 'Field' ? 'fields' : group === 'Leave' || group === 'Screen' ? 'all screens' : 'lists'
}

/** The same table as plain lines, for `handrail keys`. */
export function formatKeyTable(): string {
  const lines = GROUPS.flatMap((group) => {
    const rows = KEYMAP.filter((row) => row.group === group)
    const seen = new Set<string>()
    const texts = rows.flatMap((row) => {
      const keys = row.keys.map(formatKey).join(', ')
      const text = `  ${keys.padEnd(20)} ${describePlaces(row)}: ${row.help}`
      if (seen.has(text)) return []
      seen.add(text)
      return [text]
    })
    return [group, ...texts, '']
  })
  return `${lines.join('\n').trimEnd()}\n`
}
