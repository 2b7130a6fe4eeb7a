import { sanitizeLine } from '../../core/base/sanitize.ts'
import { span, spreadRow, word, type Row } from '../term/row.ts'
import { showField } from '../term/field.ts'
import { framePane } from './frame-pane.ts'
import { markLevel } from './header.ts'
import { selectGroup, selectHomeItems, selectPlaces, type HomeGroup, type HomeItem } from './home-items.ts'
import { NARROW_CELLS, paintHomeItem, selectRunWord } from './home-rows.ts'
import type { PartView, ViewInput } from './view-input.ts'

const FILTER_CELLS = 24

/** The home screen: what is unfinished first, then the library, recent runs and practice hosts. */
export function buildHomeBody(input: ViewInput, height: number): PartView {
  const { ui, size, home, glyphs } = input
  const width = size.cols
  const items = selectHomeItems(home, ui.home.filter.text)
  const cursor = Math.max(0, Math.min(ui.home.cursor, items.length - 1))
  const lines = buildLines(items, input, { cursor, width: width - 2 })
  const page = height - 2
  const start = selectStart(lines, { cursor, page })
  const rows = lines.slice(start, start + page).map(({ row }) => row)
  const box = showField(ui.home.filter, FILTER_CELLS)
  const hasFilter = ui.home.isFiltering || ui.home.filter.text !== ''
  const isReading = home.runbooks === undefined || home.runs === undefined
  const right: Row = hasFilter
    ? [word('filter: '), span(box.text, 'accent')]
    : [word(isReading ? '' : `${items.length} entries`, 'dim')]
  const view = framePane({
    title: [word('Library', 'title')],
    right,
    rows,
    width,
    height,
    isFocused: true,
    glyphs,
  })
  const x = width - 3 - FILTER_CELLS + box.cursor
  return { rows: view, total: lines.length, page, ...(ui.home.isFiltering ? { cursor: { x, y: 0 } } : {}) }
}

/** A line of a list, and the item that it belongs to. */
export type Line = { readonly row: Row; readonly item?: number }

/** The first line shown: the item under the cursor stands in the middle, and all of it is to be seen. */
export function selectStart(
  lines: readonly Line[],
  { cursor, page }: { readonly cursor: number; readonly page: number },
): number {
  const at = lines.findIndex(({ item }) => item === cursor)
  const end = lines.findLastIndex(({ item }) => item === cursor)
  return Math.max(0, Math.min(Math.max(at - Math.floor(page / 2), end - page + 1), lines.length - page))
}

const GROUP_TITLES: { readonly [group in HomeGroup]: string } = {
  unfinished: 'Unfinished runs',
  runbooks: 'Runbooks',
  recent: 'Finished runs',
  labs: 'Practice hosts (labs): nothing can break',
}

function buildLines(
  items: readonly HomeItem[],
  { home, ui, glyphs, wallMs }: ViewInput,
  { cursor, width }: { cursor: number; width: number },
): Line[] {
  const lines: Line[] = []
  const nameCells = 'lab:'.length + Math.max(0, ...(home.labs ?? []).map(({ name }) => name.length))
  let group: HomeGroup | undefined
  for (const [index, item] of items.entries()) {
    if (selectGroup(item) !== group) {
      group = selectGroup(item)
      if (lines.length > 0) lines.push({ row: [] })
      lines.push({ row: [word(` ${GROUP_TITLES[group]}`, 'strong')] })
    }
    const isHere = index === cursor
    const paint = { width, wallMs, cursor: glyphs.cursor, isHere, nameCells }
    for (const row of paintHomeItem(item, paint)) lines.push({ row, item: index })
  }
  if (lines.length > 0) return lines
  const isReading = home.runbooks === undefined || home.runs === undefined
  const words = isReading
    ? ' reading the library …'
    : ui.home.filter.text === ''
      ? ' no runbook here yet: `handrail new` writes one to start from'
      : ' nothing matches; Esc empties the filter'
  return [{ row: [word(words, 'dim')] }]
}

/** The top of the home screen: whether a run needs somebody; of the form: where the runbook will run. */
export function buildHomeHeader(input: ViewInput): Row[] {
  const { ui, size, home } = input
  const left: Row = [word(' handrail', 'title')]
  if (ui.form?.purpose.kind === 'start' && ui.screen === 'form')
    return [spreadRow(left, describePlace(input, ui.form.purpose), size.cols)]
  const waiting = (home.runs ?? []).filter((run) => selectRunWord(run).text === 'needs you').length
  const right: Row =
    waiting === 0 ? [] : [word(waiting === 1 ? '1 run needs you ' : `${waiting} runs need you `, 'warn')]
  return [spreadRow(left, right, size.cols)]
}

function describePlace(
  { home, size }: ViewInput,
  { runbook, inventory }: { readonly runbook: string; readonly inventory: string },
): Row {
  const isNarrow = size.cols < NARROW_CELLS
  const found = selectPlaces(home, runbook).find((place) => place.inventory.path === inventory)?.inventory
  if (found === undefined) return [word('on '), span(sanitizeLine(`${inventory} `), 'strong')]
  return [
    // The badge of practice hosts names them already.
    ...(found.path === found.environment
      ? [word('on ')]
      : [word('on '), span(sanitizeLine(found.path), 'strong'), word(' ')]),
    markLevel(found.level, found.environment, isNarrow),
    word(isNarrow ? ' ' : ` ${found.hosts} hosts `, 'dim'),
  ]
}
