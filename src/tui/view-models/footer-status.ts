import type { HostName } from '../../core/base/ids.ts'
import { sanitizeLine } from '../../core/base/sanitize.ts'
import { isArmed } from '../control/key-context.ts'
import { isRunOver } from '../../core/run/end-run.ts'
import type { RunEntry } from '../library.ts'
import type { ProgressNote, RunClient } from '../run-client.ts'
import type { QuestionUi, SentAnswer } from '../store/ui-state.ts'
import { measureRow, span, word, type Row } from '../term/row.ts'
import { describeChoices } from './describe-choices.ts'
import { selectHomeItems } from './home-items.ts'
import { buildQuestionLine } from './question-line.ts'
import { selectUnanswered } from './select-questions.ts'
import { selectTried } from './tried-hosts.ts'
import type { ViewInput } from './view-input.ts'

/** One line: a passing message, else what waits for a person, else what goes on. */
export function buildStatusRow(input: ViewInput): Row {
  const { ui, client, glyphs } = input
  const { cols } = input.size
  if (ui.toast !== undefined && isToastShown(input)) return [word(' '), span(ui.toast.text, ui.toast.tone)]
  if (ui.busy !== undefined) return [word(' '), span(ui.busy, 'running')]
  // What was typed before it could be read is no answer.
  if (ui.overlay !== undefined && ui.help === undefined && !isArmed(ui.overlay.opened, input.nowMs))
    return [word(' one moment …', 'dim')]
  if (ui.screen === 'home' || ui.screen === 'form') return buildAdvice(input)
  if (client === undefined) return []
  if (ui.run.search !== undefined && ui.overlay === undefined)
    return describeSearch(ui.run.search, input.ring)
  if (ui.overlay?.kind === 'question') return describeChosen(ui.overlay, client, cols)
  const unanswered = selectUnanswered(client.state, ui.sent)
  const [question] = unanswered
  if (question === undefined && ui.sent.length > 0) return describeSent(ui.sent, cols)
  if (question !== undefined && ui.overlay === undefined) {
    const count = unanswered.length === 1 ? '' : ` (${unanswered.length})`
    const mark = word(` ${glyphs.needsYou} needs you${count}: `, 'warn')
    return [mark, span(buildQuestionLine(client.state, question, cols - measureRow([mark])), 'strong')]
  }
  if (client.state.status === 'paused' && ui.overlay === undefined)
    return [word(' paused: nothing new starts; what runs is settled', 'warn')]
  if (isRunOver(client.state)) return []
  const tried = selectTried(client, input.wallMs)
  const note = client.progress().findLast((each) => isNews(each, tried))
  if (note === undefined) return []
  return [
    word(' '),
    span(sanitizeLine(note.host === undefined ? note.text : `${note.host}: ${note.text}`), 'dim'),
  ]
}

/** Whether a passing message stands in the row. */
export function isToastShown({ ui, nowMs }: ViewInput): boolean {
  return ui.toast !== undefined && ui.toast.untilMs > nowMs
}

/** What is looked at for a manual item stands in its sheet and beside its checks; a wait that is over is no news. */
function isNews({ seen, retryMs, host }: ProgressNote, tried: readonly HostName[]): boolean {
  return seen === undefined && (retryMs === undefined || host === undefined || tried.includes(host))
}

/** What Enter does with what the cursor stands on. */
function buildAdvice({ ui, home }: ViewInput): Row {
  const isBelow = ui.help !== undefined || ui.overlay !== undefined
  if (ui.screen === 'form' || ui.home.pick !== undefined || isBelow) return []
  const items = selectHomeItems(home, ui.home.filter.text)
  const item = items[Math.max(0, Math.min(ui.home.cursor, items.length - 1))]
  const words =
    item === undefined
      ? ''
      : item.kind === 'run'
        ? describeOpening(item.entry)
        : item.kind === 'runbook'
          ? 'Enter asks where it is to run, then shows the plan'
          : 'Enter asks for the runbook; its hosts start by themselves'
  return [word(` ${words}`, 'dim')]
}

function describeOpening({ isUnfinished, status, driver }: RunEntry): string {
  if (!isUnfinished) return 'Enter shows how it went, and its report'
  if (status === 'draft') return 'Enter shows the plan'
  return driver === undefined ? 'Enter goes on with it, after a look at its hosts' : 'Enter comes back to it'
}

/** Below this width what a choice costs is cut off on its sheet. */
const NARROW_COLS = 76

/** On a narrow screen, what the choice under the cursor costs, in full. */
function describeChosen(overlay: QuestionUi, client: RunClient, cols: number): Row {
  const question = client.state.questions.get(overlay.ids[0] ?? '')
  if (question === undefined || cols >= NARROW_COLS || overlay.onHosts || overlay.choice !== undefined)
    return []
  const words = describeChoices(client, question)[overlay.cursor]
  return words === undefined ? [] : [word(` ${words.label}: ${words.cost}`, 'dim')]
}

function describeSent(sent: readonly SentAnswer[], cols: number): Row {
  const [first] = sent
  const more = sent.length > 1 ? ` and ${sent.length - 1} more` : ''
  const head = word(' answer under way: ', 'running')
  const long: Row = [head, span(sanitizeLine(`${first?.words ?? ''}, ${first?.about ?? ''}${more}`))]
  return measureRow(long) <= cols ? long : [head, span(sanitizeLine(`${first?.words ?? ''}${more}`))]
}

function describeSearch(
  { field, isTyping, line }: NonNullable<ViewInput['ui']['run']['search']>,
  ring: ViewInput['ring'],
): Row {
  if (isTyping) return [word(' search: ', 'accent'), span(sanitizeLine(field.text)), word('_', 'accent')]
  const isAll = ring === undefined || (ring.dropped === 0 && ring.skippedBytes === 0)
  const where = isAll ? '' : ` in the last ${ring.length} lines; handrail log has all`
  const found = line === undefined ? `no match${where}` : 'n older, N newer, Esc ends the search'
  return [word(' search: ', 'accent'), span(sanitizeLine(field.text)), word(`  ${found}`, 'dim')]
}
