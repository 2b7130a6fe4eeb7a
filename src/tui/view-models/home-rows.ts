import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { LabEntry, RunbookEntry, RunEntry } from '../library.ts'
import { measureRow, span, spreadRow, toneRow, word, type Row, type Tone } from '../term/row.ts'
import { wrapSpans } from '../term/wrap-text.ts'
import { formatAgo } from './format-time.ts'
import { markLevel } from './header.ts'
import type { HomeItem } from './home-items.ts'

/** Below this many cells words are shortened, and no fact is left out. */
export const NARROW_CELLS = 70
/** Under the first letter of a title. */
const INDENT = 5
/** The longest state of a run, and a blank. */
const STATE_CELLS = 10
/** The sign of the cursor, and a blank at either side of the right part. */
const MARK_CELLS = 5
/** Rows of what is told about the item under the cursor. */
const MAX_DETAIL_ROWS = 3

/** What is needed to draw one item of a list. */
export type ItemPaint = {
  readonly width: number
  readonly wallMs: number
  /** Before the item under the cursor. */
  readonly cursor: string
  readonly isHere: boolean
  /** Cells of the column of lab names. */
  readonly nameCells: number
}

/** One item of the home screen: its row, and under the cursor what else is known of it. */
export function paintHomeItem(item: HomeItem, paint: ItemPaint): Row[] {
  switch (item.kind) {
    case 'run':
      return paintRun(item.entry, paint)
    case 'runbook':
      return paintRunbook(item.entry, paint)
    case 'lab':
      return paintLab(item.entry, paint)
  }
}

/** A row of a list: its parts at the left and at the right, inverted under the cursor. */
export function paintListRow(left: Row, right: Row, { width, isHere, cursor }: ItemPaint): Row {
  const mark = word(isHere ? ` ${cursor} ` : '   ', 'accent')
  const row = spreadRow([mark, ...left], [word(' '), ...right, word(' ')], width)
  return isHere ? toneRow(row, 'selected') : row
}

/** A row under an item; under the cursor it is broken into several instead of being cut. */
export function paintDetail(words: Row, { width, isHere }: ItemPaint): Row[] {
  const rows = wrapSpans([word(' '.repeat(INDENT)), ...words], width - 1, INDENT)
  return isHere ? rows.slice(0, MAX_DETAIL_ROWS) : [[word(' '.repeat(INDENT)), ...words]]
}

/** How a run stands, in at most nine letters, and how urgent that is. */
export function selectRunWord({ status, isUnfinished, waiting, driver }: RunEntry): {
  readonly text: string
  readonly tone: Tone
} {
  if (!isUnfinished)
    return { text: status === 'sealed' ? 'elsewhere' : status, tone: status === 'aborted' ? 'bad' : 'dim' }
  if (status === 'draft') return { text: 'planned', tone: 'accent' }
  if (status === 'handed-over') return { text: 'handover', tone: 'warn' }
  if (waiting !== undefined) return { text: 'needs you', tone: 'warn' }
  if (status === 'paused') return { text: 'paused', tone: 'warn' }
  return driver === undefined ? { text: 'cut off', tone: 'bad' } : { text: 'running', tone: 'running' }
}

function paintRun(entry: RunEntry, paint: ItemPaint): Row[] {
  const isNarrow = paint.width < NARROW_CELLS
  const { text, tone } = selectRunWord(entry)
  const id = entry.run.slice(0, 4)
  const left: Row = [word(text.padEnd(STATE_CELLS), tone), span(sanitizeLine(entry.title), 'strong')]
  const select = (isShort: boolean): Row => {
    const ago = formatAgo(paint.wallMs - entry.lastMs)
    return [
      ...describeDeviations(entry, isShort),
      markLevel(entry.level, entry.environment, isShort),
      ...(isNarrow ? [] : [word(`  ${id}`)]),
      word(`  ${isShort ? ago.replace(/^just | ago$/, '') : ago}`, 'dim'),
    ]
  }
  const long = select(false)
  const fits = measureRow(left) + measureRow(long) + MARK_CELLS <= paint.width
  const first = paintListRow(left, fits ? long : select(true), paint)
  if (!entry.isUnfinished) return [first]
  const facts = [
    ...(isNarrow ? [id] : []),
    entry.driver === undefined ? 'nobody drives' : `${entry.driver} drives`,
    ...(entry.progress === undefined ? [] : [`${entry.progress.done}/${entry.progress.total} steps`]),
  ]
  const rest = describeRest(entry)
  const words: Row = [
    word(`${facts.join(', ')}${rest === '' ? '' : ': '}`, 'dim'),
    span(sanitizeLine(rest), entry.waiting === undefined || entry.status === 'draft' ? 'dim' : 'warn'),
  ]
  return [first, ...paintDetail(words, paint)]
}

/** A run that has finished with deviations says how many, before where it ran. */
function describeDeviations({ deviations = 0 }: RunEntry, isShort: boolean): Row {
  if (deviations === 0) return []
  const long = deviations === 1 ? '1 deviation' : `${deviations} deviations`
  return [word(`${isShort ? `${deviations} dev.` : long}  `, 'warn')]
}

function describeRest({ status, waiting, driver }: RunEntry): string {
  if (status === 'draft') return 'nothing has run yet'
  if (waiting !== undefined) return waiting
  if (status === 'open' && driver === undefined) return 'its process is gone, nothing new starts'
  return status === 'paused' ? 'nothing new starts' : ''
}

function paintRunbook({ title, steps, tags, summary, problem }: RunbookEntry, paint: ItemPaint): Row[] {
  const tagged = tags.length === 0 ? '' : `  ${tags.map((tag) => `#${tag}`).join(' ')}`
  const first = paintListRow(
    [span(sanitizeLine(title), paint.isHere ? 'strong' : 'plain'), span(sanitizeLine(tagged), 'accent')],
    [word(steps === 1 ? '1 step' : `${steps} steps`, 'dim')],
    paint,
  )
  if (problem !== undefined) return [first, ...paintDetail([span(sanitizeLine(problem), 'bad')], paint)]
  return paint.isHere && summary !== undefined
    ? [first, ...paintDetail([span(sanitizeLine(summary), 'dim')], paint)]
    : [first]
}

function paintLab(lab: LabEntry, paint: ItemPaint): Row[] {
  const name = `lab:${lab.name}`
  const row = paintListRow(
    [span(sanitizeLine(`${name.padEnd(paint.nameCells)}  `)), span(sanitizeLine(lab.title), 'dim')],
    [word(describeLab(lab), lab.isUp ? 'good' : 'dim')],
    paint,
  )
  const room = paint.width - paint.nameCells - describeLab(lab).length - 7
  const isCut = sanitizeLine(lab.title).length > room
  return paint.isHere && isCut ? [row, ...paintDetail([span(sanitizeLine(lab.title), 'dim')], paint)] : [row]
}

/** How a lab stands: down, or up with the goals that are reached. */
export function describeLab({ isUp, goals }: LabEntry): string {
  if (!isUp) return 'down'
  return goals === undefined ? 'up' : `up ${goals.reached}/${goals.total} goals`
}
