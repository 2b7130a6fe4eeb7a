import { sanitizeLine } from '../../core/base/sanitize.ts'
import { isArmed } from '../control/key-context.ts'
import type { RunClient } from '../run-client.ts'
import type { Overlay } from '../store/ui-state.ts'
import { fitRow, span, toneRow, word, type Row } from '../term/row.ts'
import { wrapSpans } from '../term/wrap-text.ts'
import { describeNextTry } from './connection-band.ts'
import { frameSheet } from './frame-sheet.ts'
import { formatSecondsAgo } from './format-time.ts'
import type { PartView, ViewInput } from './view-input.ts'
import { selectTried } from './tried-hosts.ts'
import { selectWaitChoice, selectWaitChoices, type WaitChoice } from './wait-choices.ts'

type ConnectionUi = Extract<Overlay, { readonly kind: 'connection' }>

const TITLE = 'Waiting for a lost host'
/** Columns between a choice and what it costs. */
const GAP = 2

/** The sheet about hosts that are waited for: since when, and what can be done. Nothing here ends anything on a host. */
export function buildConnectionSheet(
  input: ViewInput,
  client: RunClient,
  { overlay, maxHeight }: { readonly overlay: ConnectionUi; readonly maxHeight: number },
): PartView {
  const width = input.size.cols - 4
  const choices = selectWaitChoices(client, input.wallMs)
  if (choices.length === 0) {
    const rows = wrapSpans([word('No host is waited for any more.')], width)
    return frameSheet(input, { title: TITLE, rows, tone: 'focus' })
  }
  const facts = describeWaits(input, client, width)
  const room = Math.max(2, maxHeight - 2)
  const shown = cutFacts(facts, Math.max(1, room - Math.min(choices.length, 3) - 1))
  const foot = paintChoices(input, { choices, overlay, width, room: room - shown.length - 1 })
  const right = foot.beside === '' ? {} : { right: [word(foot.beside, 'strong')] }
  return frameSheet(input, { title: TITLE, rows: [...shown, [], ...foot.rows], tone: 'warn', ...right })
}

/** What has no room is counted, never left out without a word. */
function cutFacts(facts: readonly Row[], height: number): readonly Row[] {
  if (facts.length <= height) return facts
  const shown = facts.slice(0, height - 1)
  return [...shown, [word(`  ${facts.length - shown.length} more lines: a taller window shows them`, 'dim')]]
}

function describeWaits({ wallMs }: ViewInput, client: RunClient, width: number): Row[] {
  const { state } = client
  const rows = selectTried(client, wallMs).flatMap((host) => {
    const lostMs = state.lostWallMs.get(host)
    const facts = [
      lostMs === undefined ? '' : `last contact ${formatSecondsAgo(wallMs - lostMs)}`,
      describeNextTry(client.progress(), [host], wallMs),
      state.lostLinks.get(host) ?? '',
    ]
    const text = facts.filter(Boolean).join('; ')
    return wrapSpans([span(sanitizeLine(host), 'strong'), span(sanitizeLine(`  ${text}`))], width, 2)
  })
  const words =
    'To stop waiting ends nothing on a host: what was started there goes on. How it ends is then not known, and you are asked.'
  // What it means is read first: the list of hosts may be long.
  return [...wrapSpans([word(words, 'dim')], width), ...rows]
}

type Foot = {
  readonly choices: readonly WaitChoice[]
  readonly overlay: ConnectionUi
  readonly width: number
  readonly room: number
}

/** The choices around the cursor, and in words how many there are beside them. */
function paintChoices(
  input: ViewInput,
  { choices, overlay, width, room }: Foot,
): { readonly rows: readonly Row[]; readonly beside: string } {
  const takesKeys = isArmed(overlay.opened, input.nowMs)
  const chosen = selectWaitChoice(choices, overlay.cursor)
  const labels = Math.max(...choices.map(({ label }) => label.length)) + GAP
  const rows = choices.map((choice): Row => {
    const isHere = takesKeys && choice === chosen
    const row: Row = [
      word(isHere ? `${input.glyphs.cursor} ` : '  ', 'accent'),
      span(sanitizeLine(choice.label.padEnd(labels)), takesKeys ? 'strong' : 'dim'),
      span(sanitizeLine(choice.cost), 'dim'),
    ]
    return fitRow(isHere ? toneRow(row, 'selected') : row, width, input.glyphs.more)
  })
  const at = chosen === undefined ? 0 : choices.indexOf(chosen)
  const start = Math.max(0, Math.min(at - room + 1, rows.length - room))
  const parts = [
    [start, 'above'],
    [rows.length - start - room, 'below'],
  ] as const
  const beside = parts.filter(([count]) => count > 0).map(([count, where]) => `${count} more ${where}`)
  return { rows: rows.slice(start, start + room), beside: beside.join(', ') }
}
