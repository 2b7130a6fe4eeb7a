import { sanitizeLine } from '../../core/base/sanitize.ts'
import { isArmed } from '../control/key-context.ts'
import { selectPromptFields, type PromptUi } from '../control/reduce-prompt.ts'
import { selectAwaited } from '../../core/run/decide-wait.ts'
import { selectUndoable } from '../../core/run/select-work.ts'
import type { RunState } from '../../core/run/state.ts'
import type { TerminalQuestion } from '../../engine/ports/terminal.ts'
import type { Prompt, RunClient } from '../run-client.ts'
import type { Overlay } from '../store/ui-state.ts'
import { showField } from '../term/field.ts'
import { span, word, type Row } from '../term/row.ts'
import { wrapSpans } from '../term/wrap-text.ts'
import { frameSheet } from './frame-sheet.ts'
import { buildDetailRows } from './details-rows.ts'
import { nameHosts } from './read-back-rows.ts'
import { buildSinceRows } from './since-rows.ts'
import type { PartView, ViewInput } from './view-input.ts'

type ReasonUi = Extract<Overlay, { readonly kind: 'reason' }>
type NoticeUi = Extract<Overlay, { readonly kind: 'notice' }>
type ProblemUi = Extract<NoticeUi, { readonly what: 'problem' }>

/** The sheet that asks why the run is aborted, or for the host whose command is ended. */
export function buildReasonSheet({ size, glyphs, client }: ViewInput, overlay: ReasonUi): PartView {
  const width = size.cols
  const box = showField(overlay.field, width - 8)
  const isAbort = overlay.what === 'abort'
  const words: Row = isAbort
    ? [word(describeAbort(client?.state))]
    : [
        word('The command on '),
        span(sanitizeLine(overlay.host ?? ''), 'strong'),
        word(' gets TERM, then KILL. What it changed stays. Type the host’s name to end it.'),
      ]
  const text = wrapSpans(words, width - 4)
  const rows: Row[] = [
    ...text,
    [],
    [word(isAbort ? 'why?' : 'host', 'dim')],
    [word(`${glyphs.cursor} `, 'accent'), span(box.text)],
  ]
  return frameSheet(
    { size, glyphs },
    {
      title: isAbort ? 'Abort the run' : `End what runs on ${overlay.host ?? ''}`,
      rows,
      tone: 'bad',
      cursor: { x: 2 + box.cursor, y: rows.length - 1 },
    },
  )
}

/** Undoing is offered only where something was begun that has a way back. */
function describeAbort(state: RunState | undefined): string {
  const away = state === undefined ? [] : selectAwaited(state)
  const lost =
    away.length === 0
      ? ''
      : ` ${nameHosts(away)} cannot be reached and ${away.length === 1 ? 'is' : 'are'} not waited for: what runs there goes on, and how it ends stands as unknown.`
  const first = 'Nothing more is started; what runs is settled first'
  const isUndoable = state !== undefined && selectUndoable(state).length > 0
  return isUndoable
    ? `${first}; then you are asked whether to undo.${lost}`
    : `${first}.${lost} There is nothing to undo.`
}

/** The sheet for what a connection or a secret needs: hidden texts stay hidden. */
export function buildPromptSheet(
  { size, glyphs, nowMs }: ViewInput,
  client: RunClient,
  overlay: PromptUi,
): PartView {
  const prompt = client.prompts().find(({ id }) => id === overlay.id)
  if (prompt === undefined)
    return frameSheet({ size, glyphs }, { title: 'Answered', rows: [], tone: 'focus' })
  const width = size.cols - 4
  const rows: Row[] =
    prompt.kind === 'terminal'
      ? describeTerminal(prompt.question, client, width)
      : describePrompt(prompt, width)
  const takesKeys = isArmed(overlay.opened, nowMs)
  let cursor: PartView['cursor']
  for (const [index, field] of selectPromptFields(prompt).entries()) {
    const box = showField(
      overlay.fields[index] ?? { text: '', cursor: 0 },
      Math.max(8, width - 4),
      field.isHidden ? '*' : undefined,
    )
    const isHere = takesKeys && index === overlay.cursor
    rows.push([span(sanitizeLine(field.label), isHere ? 'strong' : 'dim')])
    rows.push([word(isHere ? `${glyphs.cursor} ` : '  ', 'accent'), span(box.text)])
    if (isHere) cursor = { x: 2 + box.cursor, y: rows.length - 1 }
  }
  if (overlay.problem !== undefined) rows.push([span(sanitizeLine(overlay.problem), 'bad')])
  return frameSheet(
    { size, glyphs },
    { title: titleOf(prompt), rows, tone: 'warn', ...(cursor === undefined ? {} : { cursor }) },
  )
}

function titleOf(prompt: Prompt): string {
  if (prompt.kind === 'secret')
    return prompt.question.rejected ? 'That was not right: once more' : 'A secret is needed'
  if (prompt.kind === 'host-key') return 'A host key that is not known yet'
  return prompt.kind === 'terminal' ? 'A command needs your terminal' : 'The host asks'
}

function describePrompt(prompt: Exclude<Prompt, { readonly kind: 'terminal' }>, width: number): Row[] {
  if (prompt.kind === 'secret') {
    const host = prompt.question.host === undefined ? '' : ` for ${prompt.question.host}`
    return wrapSpans(
      [
        span(sanitizeLine(`${prompt.question.name}${host}`), 'strong'),
        word('  never written down; not shown', 'dim'),
      ],
      width,
    )
  }
  if (prompt.kind === 'host-key') {
    const { host, address, keyType, fingerprint, sameKeyAs } = prompt.question
    const known =
      sameKeyAs.length === 0 ? 'no other host is known with this key' : `known as ${sameKeyAs.join(', ')}`
    return [
      ...wrapSpans([span(sanitizeLine(`${host} at ${address}`), 'strong')], width),
      ...wrapSpans([span(sanitizeLine(`${keyType} ${fingerprint}`))], width),
      ...wrapSpans([span(sanitizeLine(known), 'dim')], width),
      ...wrapSpans([word('Compare the fingerprint with one from a source that you trust.', 'warn')], width),
    ]
  }
  const { host, name, instructions } = prompt.question
  return wrapSpans(
    [span(sanitizeLine(host), 'strong'), span(sanitizeLine(` ${name} ${instructions}`))],
    width,
  )
}

function describeTerminal(
  { host, step, as, isUnderWay }: TerminalQuestion,
  client: RunClient,
  width: number,
): Row[] {
  const title = client.state.steps.get(step)?.outline.title ?? step
  const user = as === undefined ? '' : ` as ${as}`
  const state =
    isUnderWay === true
      ? 'It runs already and has no terminal now. Later is fine: it waits for what you type.'
      : 'Nothing runs yet. Enter hands the terminal over and starts it. Esc keeps it: the action then counts as failed, and you decide.'
  return [
    ...wrapSpans([span(sanitizeLine(`${title} on ${host}${user}`), 'strong')], width),
    ...wrapSpans([word(state)], width),
    ...wrapSpans(
      [
        word(
          'Everything you type goes to it until it ends. Its output is shown and not kept. Ctrl-] twice takes the terminal back.',
          'dim',
        ),
      ],
      width,
    ),
  ]
}

/** A sheet to read: what happened while one was away, the run's details, or what became of an answer. */
export function buildNoticeSheet(
  input: ViewInput,
  client: RunClient,
  { overlay, maxHeight }: { overlay: Exclude<NoticeUi, ProblemUi>; maxHeight: number },
): PartView {
  const width = input.size.cols - 4
  const all = buildNoticeRows(input, client, { what: overlay.what, width })
  const page = Math.max(1, maxHeight - 2)
  const start = Math.max(0, Math.min(overlay.offset, all.length - page))
  const rows = all.slice(start, start + page)
  const right: Row =
    all.length > page ? [word(`${start + 1}-${start + rows.length} of ${all.length}, PgDn`, 'dim')] : []
  const tone = overlay.what === 'answering' ? 'warn' : 'focus'
  const view = frameSheet(input, { title: NOTICE_TITLES[overlay.what], rows, tone, right })
  return { ...view, total: all.length, page }
}

/** What went wrong, with every detail; it stands until it is put away. */
export function buildProblemSheet(
  input: ViewInput,
  { overlay, maxHeight }: { overlay: ProblemUi; maxHeight: number },
): PartView {
  const width = input.size.cols - 4
  const all = overlay.lines.flatMap((line) => wrapSpans([span(sanitizeLine(line))], width, 2))
  const page = Math.max(1, maxHeight - 2)
  const start = Math.max(0, Math.min(overlay.offset, all.length - page))
  const rows = all.slice(start, start + page)
  const right: Row =
    all.length > page ? [word(`${start + 1}-${start + rows.length} of ${all.length}, PgDn`, 'dim')] : []
  const view = frameSheet(input, { title: overlay.title, rows, tone: 'bad', right })
  return { ...view, total: all.length, page }
}

type NoticeWhat = Exclude<NoticeUi['what'], 'problem'>

const NOTICE_TITLES: { readonly [what in NoticeWhat]: string } = {
  since: 'Since you left',
  details: 'This run',
  answering: 'Your answer is under way',
  answered: 'Answered meanwhile',
}

function buildNoticeRows(
  input: ViewInput,
  client: RunClient,
  { what, width }: { readonly what: NoticeWhat; readonly width: number },
): Row[] {
  if (what === 'since') return buildSinceRows(input, client, width)
  if (what === 'details') return buildDetailRows(client, width)
  if (what === 'answered')
    return wrapSpans(
      [word('This question is not open any more: it was answered, or what it was about has ended.')],
      width,
    )
  const sent = input.ui.sent.flatMap(({ words, about }) =>
    wrapSpans([word(`${words}: `, 'strong'), span(sanitizeLine(about))], width, 2),
  )
  const why =
    client.connection().kind === 'lost'
      ? 'The connection to the run is down: whether it arrived shows when it is back.'
      : 'Sent, and not in the journal yet. This closes when it is; a refusal is shown below.'
  return [...sent, ...wrapSpans([word(why, 'dim')], width)]
}
