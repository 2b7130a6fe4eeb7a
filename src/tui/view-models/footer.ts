import type { TerminalQuestion } from '../../engine/ports/terminal.ts'
import { isArmed, selectKeyContext } from '../control/key-context.ts'
import { countUndecided, selectEditItems, selectForced, type EditUi } from '../control/reduce-edit.ts'
import { clampIndex } from '../control/scroll.ts'
import { isReading, type QuestionUi } from '../store/ui-state.ts'
import type { ActionId, KeyRow } from '../term/key-row.ts'
import { isRunOver } from '../../core/run/end-run.ts'
import { formatKey } from '../term/format-key.ts'
import { selectKeyRows } from '../term/keymap.ts'
import { fitRow, measureRow, word, type Row } from '../term/row.ts'
import { wrapSpans } from '../term/wrap-text.ts'
import { describeTaken } from './edit-words.ts'
import { buildStatusRow, isToastShown } from './footer-status.ts'
import { selectHomeItems } from './home-items.ts'
import { selectShownStep } from './select-place.ts'
import { selectUnanswered } from './select-questions.ts'
import { selectTried } from './tried-hosts.ts'
import type { RunStatus } from '../../core/run/state.ts'
import type { ViewInput } from './view-input.ts'

/** Rows that a passing message may take: why something was refused is read to its end. */
const MAX_MESSAGE_ROWS = 3

/** The last rows: what is to be known now, mostly one row, and the keys that work now. */
export function buildFooter(input: ViewInput): Row[] {
  const { cols } = input.size
  const status = buildStatusRow(input)
  const isMessage = isToastShown(input) && measureRow(status) > cols
  const rows = isMessage ? wrapSpans(status, cols, 1).slice(0, MAX_MESSAGE_ROWS) : [status]
  return [...rows.map((row) => fitRow(row, cols, input.glyphs.more)), buildKeysRow(input)]
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
  const found = selectKeyRows(context)
    .map((row) => ({ row, text: selectText(row, input) }))
    .filter((each): each is { row: KeyRow; text: string } => each.text !== undefined)
    .map(({ row, text }, index) => ({ key: formatKey(row.keys[0] ?? ''), text, rank: index, id: row.id }))
  // How to move stands where there is something to choose from, after what can be done.
  const move = { key: 'Up/Down', text: 'move', rank: 0, id: 'down' as const }
  const hints = context === 'question' ? [...found, move] : found
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
function selectText({ id, hint }: KeyRow, input: ViewInput): string | undefined {
  if (hint === undefined) return undefined
  const { ui, client, nowMs } = input
  const { overlay } = ui
  // What was typed before it could be read is no answer.
  if (id === 'accept' && overlay !== undefined && !isArmed(overlay.opened, nowMs)) return undefined
  if (overlay?.kind === 'edit' && ui.help === undefined) {
    const isTaken = describeTaken(client) !== undefined
    if (id === 'accept') return isTaken ? 'go there' : countUndecided(overlay) > 0 ? undefined : hint
    if (isTaken && id !== 'cancel' && id !== 'help') return undefined
    if (!canAdopt(overlay, id)) return undefined
  }
  if (overlay?.kind === 'question' && ui.help === undefined) {
    const words = selectQuestionText(id, overlay)
    if (words !== 'as elsewhere') return words
  }
  switch (id) {
    case 'answer':
    case 'next-waiting':
    case 'pause':
    case 'take-wheel':
    case 'connection':
      return selectRunText(id, hint, input)
    case 'accept':
      if (overlay?.kind === 'notice') return isReading(overlay) ? hint : undefined
      if (ui.screen === 'form' && overlay === undefined) return selectFormEnter(ui.form)
      if (selectTerminalPrompt(input) !== undefined) return 'hand over'
      if (overlay?.kind === 'prompt')
        return overlay.cursor < overlay.fields.length - 1 ? 'next field' : 'send'
      if (overlay?.kind === 'connection') return 'choose'
      if (overlay?.kind === 'reason') return overlay.what === 'abort' ? 'abort the run' : 'end it'
      return hint
    case 'open':
      return ui.screen === 'home' && ui.home.pick === undefined && !hasHomeItems(input) ? undefined : hint
    case 'next-host':
      return hasManyHosts(input) ? hint : undefined
    case 'detach':
      return ui.screen === 'home' || isOver(client) || client?.isInline === true ? 'leave' : 'detach'
    case 'cancel':
      if (isReading(overlay) && ui.help === undefined) return undefined
      return ui.screen === 'home' &&
        ui.help === undefined &&
        overlay === undefined &&
        ui.home.pick === undefined &&
        !ui.home.isFiltering &&
        ui.home.filter.text === ''
        ? undefined
        : selectBack(input)
    case 'correct':
      return canCorrect(ui, client?.state.status) && (client?.isDriver() ?? true) ? hint : undefined
    case 'start':
      return ui.form?.purpose.kind === 'correct' ? 'what changes' : hint
    case 'next-pane':
      return ui.screen === 'home' ? 'next part' : hint
    default:
      return hint
  }
}

/** Whether a key that adopts would adopt anything. */
function canAdopt({ review, cursor }: EditUi, id: ActionId): boolean {
  const items = selectEditItems(review)
  const wanted = id === 'adopt' ? [items[clampIndex(cursor, items.length)] ?? ''] : items
  return (
    (id !== 'adopt' && id !== 'adopt-all') || wanted.some((item) => selectForced(review, item) === undefined)
  )
}

function hasHomeItems({ home, ui }: ViewInput): boolean {
  return selectHomeItems(home, ui.home.filter.text).length > 0
}

function canCorrect({ overlay }: ViewInput['ui'], status: RunStatus | undefined): boolean {
  const isDetails = overlay?.kind === 'notice' && overlay.what === 'details'
  return isDetails && (status === 'paused' || status === 'draft' || status === 'open')
}

function selectFormEnter(form: ViewInput['ui']['form']): string {
  if (form === undefined || form.cursor < form.fields.length - 1) return 'next field'
  return form.purpose.kind === 'correct' ? 'what changes' : 'plan'
}

/** Words on the sheet of a question. */
function selectQuestionText(id: ActionId, overlay: QuestionUi): string | undefined | 'as elsewhere' {
  const isMany = overlay.ids.length > 1 && overlay.choice === undefined
  switch (id) {
    case 'accept':
      if (overlay.choice !== undefined) return 'send'
      return overlay.onHosts ? 'done' : 'choose'
    case 'toggle':
      return isMany && overlay.onHosts ? 'host' : undefined
    case 'all':
      return isMany ? 'all' : undefined
    case 'next-pane':
      return isMany && !overlay.onHosts ? 'hosts' : undefined
    case 'cancel':
      return 'back'
    default:
      return 'as elsewhere'
  }
}

function selectRunText(id: ActionId, hint: string, { ui, client, wallMs }: ViewInput): string | undefined {
  const state = client?.state
  const drives = client?.isDriver() ?? true
  const open = state === undefined ? 0 : selectUnanswered(state, ui.sent).length
  switch (id) {
    case 'answer':
      if (isOver(client)) return ui.screen === 'report' ? 'back to the run' : 'report'
      if (client?.prompts().some((prompt) => prompt.id === ui.run.laterPrompt) === true) return 'terminal'
      if (open > 0) return drives ? 'answer' : undefined
      return ui.sent.length > 0 ? 'see your answer' : undefined
    case 'next-waiting':
      return open > 1 && drives && !isOver(client) ? hint : undefined
    case 'pause':
      if (client?.connection().kind === 'lost') return undefined
      if (isOver(client) || !drives || state?.status === 'draft') return undefined
      // Nothing new starts any more as it is.
      if (state?.aborting !== undefined && state.status !== 'paused') return undefined
      return state?.status === 'paused' ? 'go on' : 'pause'
    case 'connection':
      return drives && client !== undefined && selectTried(client, wallMs).length > 0 ? hint : undefined
    default:
      if (isOver(client) || client?.isOnlyWatching === true) return undefined
      if (client?.connection().kind === 'lost') return 'start anew'
      return drives ? undefined : hint
  }
}

function isOver(client: ViewInput['client']): boolean {
  return client !== undefined && isRunOver(client.state)
}

function hasManyHosts({ ui, client }: ViewInput): boolean {
  const step = client === undefined ? undefined : selectShownStep(client.state, ui.run)
  return step !== undefined && step.outline.hosts.length > 1
}

function selectTerminalPrompt({ ui, client }: ViewInput): TerminalQuestion | undefined {
  const { overlay } = ui
  const prompt =
    overlay?.kind === 'prompt' ? client?.prompts().find(({ id }) => id === overlay.id) : undefined
  return prompt?.kind === 'terminal' ? prompt.question : undefined
}

function selectBack(input: ViewInput): string | undefined {
  const { ui } = input
  // It closes the help, and answers nothing below it.
  if (ui.help !== undefined) return 'back'
  if (ui.screen === 'run' && ui.overlay === undefined && !ui.run.isZoomed && ui.run.search === undefined)
    return undefined
  const terminal = selectTerminalPrompt(input)
  if (terminal !== undefined) return terminal.isUnderWay === true ? 'later' : 'not now'
  if (ui.overlay?.kind === 'edit') return 'leave'
  return ui.overlay?.kind === 'prompt' ? 'decline' : 'back'
}
