import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { HomeData } from '../control/model.ts'
import type { PickUi } from '../store/ui-state.ts'
import { span, word, type Row } from '../term/row.ts'
import { framePane } from './frame-pane.ts'
import { markLevel } from './header.ts'
import { describeLab, NARROW_CELLS, paintDetail, paintListRow, type ItemPaint } from './home-rows.ts'
import { selectStart, type Line } from './home-view.ts'
import { selectPickItems, type PickItem } from './pick-items.ts'
import type { PartView, ViewInput } from './view-input.ts'

/** Where a runbook is to run, or what is to run on practice hosts. */
export function buildPickBody(input: ViewInput, pick: PickUi, height: number): PartView {
  const { size, home, glyphs } = input
  const items = selectPickItems(home, pick)
  const cursor = Math.max(0, Math.min(pick.cursor, items.length - 1))
  const page = height - 2
  const intro: Row =
    pick.of.kind === 'runbook'
      ? [word(' Where is it to run? You will see the plan first.', 'dim')]
      : [word(' What is to run on it? You will see the plan first.', 'dim')]
  const lines: Line[] = [{ row: intro }, { row: [] }]
  for (const [index, item] of items.entries()) {
    const paint: ItemPaint = {
      width: size.cols - 2,
      wallMs: input.wallMs,
      cursor: glyphs.cursor,
      isHere: index === cursor,
      nameCells: 0,
    }
    for (const row of paintItem(item, paint)) lines.push({ row, item: index })
  }
  if (items.length === 0) lines.push({ row: [word(describeNothing(pick), 'warn')] })
  const start = selectStart(lines, { cursor, page })
  const rows = framePane({
    title: selectTitle(home, pick),
    rows: lines.slice(start, start + page).map(({ row }) => row),
    width: size.cols,
    height,
    isFocused: true,
    glyphs,
  })
  return { rows, total: lines.length, page }
}

function selectTitle(home: HomeData, { of }: PickUi): Row {
  const found =
    of.kind === 'runbook'
      ? (home.runbooks?.find(({ path }) => path === of.path)?.title ?? of.path)
      : `lab:${of.name}`
  return [word(of.kind === 'runbook' ? 'Run: ' : 'On: ', 'title'), span(sanitizeLine(found), 'strong')]
}

function describeNothing({ of }: PickUi): string {
  return of.kind === 'runbook'
    ? ' no inventory and no lab yet: `handrail init` asks for your hosts and writes an inventory'
    : ' no runbook that can be run: `handrail new` writes one to start from'
}

function paintItem({ shown }: PickItem, paint: ItemPaint): Row[] {
  if (shown.kind === 'runbook') {
    const { title, steps, summary } = shown.entry
    const made: Row = shown.isMade ? [word('made for it  ', 'good')] : []
    const first = paintListRow(
      [span(sanitizeLine(title), 'strong')],
      [...made, word(steps === 1 ? '1 step' : `${steps} steps`, 'dim')],
      paint,
    )
    return paint.isHere && summary !== undefined
      ? [first, ...paintDetail([span(sanitizeLine(summary), 'dim')], paint)]
      : [first]
  }
  const { inventory, lab, isMade } = shown.place
  const first = paintListRow(
    [span(sanitizeLine(inventory.path), 'strong')],
    lab === undefined
      ? [
          markLevel(inventory.level, inventory.environment, paint.width < NARROW_CELLS),
          word(inventory.hosts === 1 ? '  1 host' : `  ${inventory.hosts} hosts`, 'dim'),
        ]
      : [
          ...(isMade ? [word('made for it  ', 'good')] : []),
          word(describeLab(lab), lab.isUp ? 'good' : 'dim'),
        ],
    paint,
  )
  return paint.isHere && lab !== undefined
    ? [first, ...paintDetail([span(sanitizeLine(lab.title), 'dim')], paint)]
    : [first]
}
