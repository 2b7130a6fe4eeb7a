import { sanitizeLine } from '../../core/base/sanitize.ts'
import { span, spreadRow, toneRow, word, type Row } from '../term/row.ts'
import { showField } from '../term/field.ts'
import { framePane } from './frame-pane.ts'
import { formatAgo } from './format-time.ts'
import { markLevel } from './header.ts'
import { selectHomeItems, selectInventories, type HomeItem } from './home-items.ts'
import type { PartView, ViewInput } from './view-input.ts'

/** The home screen: what is unfinished first, then the library, recent runs and practice hosts. */
export function buildHomeBody(input: ViewInput, height: number): PartView {
  const { ui, size, home, glyphs } = input
  const width = size.cols
  const items = selectHomeItems(home, ui.home.filter.text)
  const cursor = Math.max(0, Math.min(ui.home.cursor, items.length - 1))
  const lines = buildLines(items, input, { cursor, width: width - 2 })
  const page = height - 2
  const at = lines.findIndex(({ item }) => item === cursor)
  const start = Math.max(0, Math.min(at - Math.floor(page / 2), lines.length - page))
  const rows = lines.slice(start, start + page).map(({ row }) => row)
  const box = showField(ui.home.filter, 24)
  const hasFilter = ui.home.isFiltering || ui.home.filter.text !== ''
  const right: Row = hasFilter
    ? [word('filter: '), span(box.text, 'accent')]
    : [word(`${items.length} entries`, 'dim')]
  const view = framePane({
    title: [word('Library', 'title')],
    right,
    rows,
    width,
    height,
    isFocused: true,
    glyphs,
  })
  const x = width - 3 - 24 + box.cursor
  return { rows: view, total: lines.length, page, ...(ui.home.isFiltering ? { cursor: { x, y: 0 } } : {}) }
}

type Line = { readonly row: Row; readonly item?: number }

const GROUP_TITLES: { readonly [group: string]: string } = {
  unfinished: 'Unfinished runs',
  runbooks: 'Runbooks',
  recent: 'Finished runs',
  labs: 'Practice hosts (labs)',
}

function groupOf(item: HomeItem): string {
  if (item.kind === 'run') return item.entry.isUnfinished ? 'unfinished' : 'recent'
  return item.kind === 'runbook' ? 'runbooks' : 'labs'
}

function buildLines(
  items: readonly HomeItem[],
  input: ViewInput,
  { cursor, width }: { cursor: number; width: number },
): Line[] {
  const lines: Line[] = []
  let group = ''
  for (const [index, item] of items.entries()) {
    if (groupOf(item) !== group) {
      group = groupOf(item)
      if (lines.length > 0) lines.push({ row: [] })
      lines.push({ row: [word(` ${GROUP_TITLES[group] ?? ''}`, 'strong')] })
    }
    const isHere = index === cursor
    for (const row of paintItem(item, input, { isHere, width })) lines.push({ row, item: index })
  }
  if (lines.length > 0) return lines
  const isReading = input.home.runbooks === undefined || input.home.runs === undefined
  const words = isReading
    ? ' reading the library …'
    : input.ui.home.filter.text === ''
      ? ' no runbook here yet: `handrail new` writes one to start from'
      : ' nothing matches; Esc empties the filter'
  return [{ row: [word(words, 'dim')] }]
}

function paintItem(
  item: HomeItem,
  { glyphs, wallMs }: ViewInput,
  { isHere, width }: { isHere: boolean; width: number },
): Row[] {
  const mark = word(isHere ? ` ${glyphs.cursor} ` : '   ', 'accent')
  const paint = (left: Row, right: Row): Row => {
    const row = spreadRow([mark, ...left], [word(' '), ...right, word(' ')], width)
    return isHere ? toneRow(row, 'selected') : row
  }
  if (item.kind === 'lab')
    return [
      paint(
        [span(sanitizeLine(item.entry.title))],
        [
          span(
            sanitizeLine(
              `lab:${item.entry.name}  ${item.entry.hosts} hosts  ${item.entry.isUp ? 'up' : 'down'}`,
            ),
            'dim',
          ),
        ],
      ),
    ]
  if (item.kind === 'run') {
    const { title, run, environment, level, lastMs, waiting, isUnfinished } = item.entry
    const state = isUnfinished
      ? item.entry.status === 'paused'
        ? 'paused'
        : 'unfinished'
      : item.entry.status
    const first = paint(
      [span(sanitizeLine(title), 'strong')],
      [
        markLevel(level, environment),
        span(sanitizeLine(`  ${run.slice(0, 4)}`)),
        word(`  ${state} ${formatAgo(wallMs - lastMs)}`, isUnfinished ? 'warn' : 'dim'),
      ],
    )
    return waiting === undefined || !isUnfinished
      ? [first]
      : [first, [word('     '), span(sanitizeLine(waiting), 'warn')]]
  }
  const { title, steps, tags, summary, problem } = item.entry
  const tagged = tags.length === 0 ? '' : `  ${tags.map((tag) => `#${tag}`).join(' ')}`
  const first = paint(
    [span(sanitizeLine(title), isHere ? 'strong' : 'plain'), span(sanitizeLine(tagged), 'accent')],
    [word(`${steps} steps`, 'dim')],
  )
  if (problem !== undefined) return [first, [word('     '), span(sanitizeLine(problem), 'bad')]]
  return isHere && summary !== undefined
    ? [first, [word('     '), span(sanitizeLine(summary), 'dim')]]
    : [first]
}

/** The top of the home screen and of the form: the inventory that a runbook will run on. */
export function buildHomeHeader({ ui, size, home }: ViewInput): Row[] {
  const inventories = selectInventories(home)
  const chosen = inventories[ui.home.inventory % Math.max(1, inventories.length)]
  const left: Row = [word(' handrail', 'title')]
  const right: Row =
    chosen === undefined
      ? [word('no inventory yet: `handrail init` ', 'warn')]
      : [
          word('on '),
          span(sanitizeLine(size.cols < 80 ? chosen.name : chosen.path), 'strong'),
          word(' '),
          markLevel(chosen.level, chosen.environment),
          word(size.cols < 80 ? ' ' : ` ${chosen.hosts} hosts `, 'dim'),
        ]
  return [spreadRow(left, right, size.cols)]
}
