import { sanitizeLine } from '../../core/base/sanitize.ts'
import { selectKeyContext } from '../control/key-context.ts'
import type { KeyRow } from '../term/key-row.ts'
import { formatKey, selectKeyRows } from '../term/keymap.ts'
import { fitRow, measureRow, span, word, type Row } from '../term/row.ts'
import type { RunEntry } from '../library.ts'
import { selectHomeItems } from './home-items.ts'
import type { RunStatus } from '../../core/run/state.ts'
import type { ViewInput } from './view-input.ts'

/** The two last rows: what is to be known now, and the keys that work now. */
export function buildFooter(input: ViewInput): Row[] {
  return [fitRow(buildStatusRow(input), input.size.cols, input.glyphs.more), buildKeysRow(input)]
}

/** One line: a passing message, else what waits for a person, else what goes on. */
function buildStatusRow(input: ViewInput): Row {
  const { ui, client, nowMs, glyphs } = input
  if (ui.toast !== undefined && ui.toast.untilMs > nowMs)
    return [word(' '), span(ui.toast.text, ui.toast.tone)]
  if (ui.busy !== undefined) return [word(' '), span(ui.busy, 'running')]
  if (ui.screen === 'home' || ui.screen === 'form') return buildAdvice(input)
  if (client === undefined) return []
  if (ui.run.search !== undefined && ui.overlay === undefined) return describeSearch(ui.run.search)
  const [question] = client.state.questions.values()
  if (question !== undefined && ui.overlay === undefined) {
    const { size } = client.state.questions
    const count = size === 1 ? '' : ` (${size})`
    return [
      word(` ${glyphs.needsYou} needs you${count}: `, 'warn'),
      span(sanitizeLine(question.text), 'strong'),
    ]
  }
  const note = client.progress().at(-1)
  if (note === undefined) return []
  return [
    word(' '),
    span(sanitizeLine(note.host === undefined ? note.text : `${note.host}: ${note.text}`), 'dim'),
  ]
}

/** What Enter does with what the cursor stands on. */
function buildAdvice({ ui, home }: ViewInput): Row {
  if (ui.screen === 'form' || ui.home.pick !== undefined || ui.overlay !== undefined) return []
  const items = selectHomeItems(home, ui.home.filter.text)
  const item = items[Math.max(0, Math.min(ui.home.cursor, items.length - 1))]
  const words =
    item === undefined
      ? ''
      : item.kind === 'run'
        ? describeOpening(item.entry)
        : item.kind === 'runbook'
          ? 'Enter asks where it is to run, then shows the plan; nothing runs before that'
          : 'Enter asks for the runbook; the hosts start by themselves, on this machine'
  return [word(` ${words}`, 'dim')]
}

function describeOpening({ isUnfinished, status, driver }: RunEntry): string {
  if (!isUnfinished) return 'Enter shows how it went, and its report'
  if (status === 'draft') return 'Enter shows the plan'
  return driver === undefined ? 'Enter goes on with it, after a look at its hosts' : 'Enter comes back to it'
}

function describeSearch({
  field,
  isTyping,
  line,
}: {
  readonly field: { readonly text: string }
  readonly isTyping: boolean
  readonly line: number | undefined
}): Row {
  if (isTyping) return [word(' search: ', 'accent'), span(sanitizeLine(field.text)), word('_', 'accent')]
  const found = line === undefined ? 'no match' : 'n older, N newer, Esc ends the search'
  return [word(' search: ', 'accent'), span(sanitizeLine(field.text)), word(`  ${found}`, 'dim')]
}

function buildKeysRow(input: ViewInput): Row {
  const { cols } = input.size
  const hints = selectHints(input)
  const row: Row[number][] = [word(' ')]
  for (const { key, text } of hints) {
    const part = [word(key, 'key'), word(` ${text}   `, 'dim')]
    if (measureRow(row) + measureRow(part) - 3 > cols) break
    row.push(...part)
  }
  return fitRow(row, cols, '')
}

type Hint = { readonly key: string; readonly text: string; readonly rank: number }

/** The most important first, so that a narrow screen loses the others; how to leave and help always stay. */
function selectHints(input: ViewInput): Hint[] {
  const context = selectKeyContext(input.ui)
  const hints = selectKeyRows(context)
    .map((row) => ({ row, text: selectText(row, input) }))
    .filter((each): each is { row: KeyRow; text: string } => each.text !== undefined)
    .map(({ row, text }, index) => ({ key: formatKey(row.keys[0] ?? ''), text, rank: index, id: row.id }))
  const always = hints.filter(({ id }) => id === 'help' || id === 'detach' || id === 'cancel')
  const others = hints.filter((hint) => !always.includes(hint))
  const room = input.size.cols - always.reduce((sum, { key, text }) => sum + key.length + text.length + 4, 0)
  let used = 1
  const kept = others.filter(({ key, text }) => {
    used += key.length + text.length + 4
    return used <= room
  })
  return [...kept, ...always]
}

/** The words of a hint as things stand; undefined: this key would do nothing now. */
function selectText({ id, hint }: KeyRow, { ui, client }: ViewInput): string | undefined {
  if (hint === undefined) return undefined
  const state = client?.state
  const isOver = state?.status === 'finished' || state?.status === 'aborted'
  const drives = client?.isDriver() ?? true
  switch (id) {
    case 'answer':
      if (isOver) return ui.screen === 'report' ? 'back to the run' : 'report'
      return (state?.questions.size ?? 0) > 0 && drives ? 'answer' : undefined
    case 'next-waiting':
      return (state?.questions.size ?? 0) > 1 && drives ? hint : undefined
    case 'pause':
      if (isOver || !drives || state?.status === 'draft') return undefined
      return state?.status === 'paused' ? 'go on' : 'pause'
    case 'take-wheel':
      return drives ? undefined : hint
    case 'detach':
      return ui.screen === 'home' || isOver ? 'leave' : 'detach'
    case 'cancel':
      return ui.screen === 'home' &&
        ui.overlay === undefined &&
        ui.home.pick === undefined &&
        !ui.home.isFiltering &&
        ui.home.filter.text === ''
        ? undefined
        : selectBack(ui)
    case 'toggle':
    case 'all':
      return ui.overlay?.kind === 'question' &&
        ui.overlay.ids.length > 1 &&
        (id === 'all' || ui.overlay.onHosts)
        ? hint
        : undefined
    case 'accept':
      return ui.screen === 'form' && ui.overlay === undefined ? selectFormEnter(ui.form) : hint
    case 'correct':
      return canCorrect(ui, state?.status) && drives ? hint : undefined
    case 'start':
      return ui.form?.purpose.kind === 'correct' ? 'what changes' : hint
    case 'next-pane':
      if (ui.overlay?.kind === 'question') return ui.overlay.ids.length > 1 ? 'hosts' : undefined
      return ui.screen === 'home' ? 'next part' : hint
    default:
      return hint
  }
}

function canCorrect({ overlay }: ViewInput['ui'], status: RunStatus | undefined): boolean {
  const isDetails = overlay?.kind === 'notice' && overlay.what === 'details'
  return isDetails && (status === 'paused' || status === 'draft' || status === 'open')
}

function selectFormEnter(form: ViewInput['ui']['form']): string {
  if (form === undefined || form.cursor < form.fields.length - 1) return 'next field'
  return form.purpose.kind === 'correct' ? 'what changes' : 'plan'
}

function selectBack(ui: ViewInput['ui']): string | undefined {
  if (
    ui.screen === 'run' &&
    ui.overlay === undefined &&
    ui.help === undefined &&
    !ui.run.isZoomed &&
    ui.run.search === undefined
  )
    return undefined
  return ui.overlay?.kind === 'prompt' ? 'decline' : 'back'
}
