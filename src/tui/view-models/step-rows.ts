import { formatDuration } from '../../core/base/duration.ts'
import { revealCommand } from '../../core/base/reveal-command.ts'
import { describeSkip, selectSkip } from '../../core/run/skip-words.ts'
import { sanitizeLine, sanitizeText } from '../../core/base/sanitize.ts'
import type { HostName } from '../../core/base/ids.ts'
import type { HostStepState, StepState } from '../../core/run/state.ts'
import type { CommandText, StepBlock } from '../run-client.ts'
import { ours, span, word, type Row, type Tone } from '../term/row.ts'
import { cutText, measureWidth } from '../term/width.ts'
import { expandTabs, wrapSpans, wrapText } from '../term/wrap-text.ts'
import { paintDiff } from './diff-rows.ts'
import { toneDanger } from './state-marks.ts'
import type { ViewInput } from './view-input.ts'

export type StepView = {
  readonly step: StepState
  readonly host: HostName | undefined
  readonly width: number
}

/** The step as the runbook has it: its prose in full, and the exact commands for the shown host. */
export function buildStepRows(input: ViewInput, view: StepView): Row[] {
  const { step, host } = view
  const width = Math.max(10, view.width - 2)
  const text = input.texts.stepText(step.id, host)
  const hostStep = host === undefined ? undefined : step.hosts.get(host)
  const rows: Row[] = [describeStep(step), ...describeHow(step, width)]
  if (text === undefined) return pad([...rows, [], [word('reading the step …', 'dim')]])
  if (text.problem !== undefined)
    rows.push(
      ...wrapSpans([word('It cannot run here: ', 'bad'), span(sanitizeLine(text.problem), 'bad')], width),
    )
  if (text.skipped !== undefined)
    rows.push(
      ...wrapSpans(
        [word(`Not needed on ${host ?? 'this host'}: `, 'warn'), span(sanitizeLine(text.skipped))],
        width,
      ),
    )
  for (const block of text.blocks) rows.push([], ...paintBlock(input, block, { step, hostStep, width }))
  return pad(rows)
}

/** Everything one cell in from the border. */
function pad(rows: readonly Row[]): Row[] {
  return rows.map((row) => [word(' '), ...row])
}

function describeStep({ outline }: StepState): Row {
  const hosts = outline.pickAny
    ? `one of ${outline.hosts.length} hosts`
    : outline.hosts.length === 1
      ? `on ${outline.hosts[0] ?? ''}`
      : `on ${outline.hosts.length} hosts`
  const batch = outline.batch === undefined ? '' : `, ${outline.batch} at a time`
  const order =
    outline.hosts.length < 2 || outline.pickAny
      ? ''
      : outline.order === 'serial'
        ? ', one after the other'
        : outline.order === 'first-then-parallel'
          ? ', the first alone'
          : batch
  return [word(outline.danger, toneDanger(outline.danger)), span(sanitizeLine(`  ${hosts}${order}`), 'dim')]
}

const REPEAT_WORDS: { readonly [kind: string]: string } = {
  once: 'never repeated without your decision',
  interactive: 'takes over the keyboard; never repeated without your decision',
  guarded: 'its checks decide before it is repeated',
}

function describeHow(step: StepState, width: number): Row[] {
  const { outline } = step
  const skip = selectSkip(step)
  if (skip !== undefined) return wrapSpans([span(sanitizeLine(describeSkip(skip)), 'dim')], width)
  const words = [
    REPEAT_WORDS[outline.repeat] ?? '',
    outline.actions > 0 && outline.undos === 0 ? 'no way back' : '',
  ].filter(Boolean)
  return words.length === 0 ? [] : wrapSpans([word(words.join('; '), 'dim')], width)
}

type BlockView = {
  readonly step: StepState
  readonly hostStep: HostStepState | undefined
  readonly width: number
}

function paintBlock(input: ViewInput, block: StepBlock, view: BlockView): Row[] {
  switch (block.kind) {
    case 'markdown':
      return [...input.texts.renderMarkdown(block.text, view.width)]
    case 'alert':
      return paintAlert(input, block, view.width)
    case 'code':
      return paintCode(block.text, view.width, 'dim')
    case 'task':
      return paintTask(block, view)
    case 'command':
      return paintCommand(input, block.command, view)
  }
}

const ALERT_TONES: { readonly [alert: string]: Tone } = {
  note: 'accent',
  tip: 'good',
  important: 'accent',
  warning: 'warn',
  caution: 'bad',
}

function paintAlert(
  input: ViewInput,
  { alert, text }: Extract<StepBlock, { kind: 'alert' }>,
  width: number,
): Row[] {
  const tone = ALERT_TONES[alert] ?? 'warn'
  const bar = word(`${input.glyphs.vertical} `, tone)
  const body = input.texts.renderMarkdown(text, width - 2)
  return [[bar, word(alert.toUpperCase(), tone)], ...body.map((row): Row => [bar, ...row])]
}

/** Code with a gutter; a line that is too long goes on in the next row, so that every character is in sight. */
function paintCode(text: string, width: number, tone: Tone): Row[] {
  const room = Math.max(4, width - 4)
  return text
    .replace(/\n$/, '')
    .split('\n')
    .flatMap((line) => {
      const rows: Row[] = []
      let rest = expandTabs(revealCommand(line))
      do {
        const part = measureWidth(rest) > room ? cutText(rest, room) : rest
        rows.push([word(rows.length === 0 ? '    ' : '  + ', 'dim'), span(ours(part), tone)])
        rest = rest.slice(Math.max(1, part.length))
      } while (rest !== '')
      return rows
    })
}

function paintTask(
  { number, text }: Extract<StepBlock, { kind: 'task' }>,
  { step, hostStep, width }: BlockView,
): Row[] {
  const tick = step.ticks.get(
    step.outline.eachHost && hostStep !== undefined ? `${number}@${hostStep.host}` : String(number),
  )
  const who =
    tick === undefined
      ? ''
      : ` (${tick.by}${tick.evidence === '' ? '' : `: ${tick.evidence}`}${tick.acceptedBecause === undefined ? '' : `, accepted: ${tick.acceptedBecause}`})`
  const mark = tick === undefined ? word('[ ] ', 'warn') : word('[x] ', 'good')
  return wrapSpans([mark, span(sanitizeText(text)), span(sanitizeLine(who), 'dim')], width, 4)
}

const VERB_WORDS: { readonly [verb in CommandText['verb']]: string } = {
  run: 'RUN',
  edit: 'EDIT',
  file: 'WRITE',
  fixture: 'TEMPORARY FILE',
  check: 'CHECK (only reads)',
  verify: 'VERIFY after it (only reads)',
  require: 'REQUIRE before it (only reads)',
  undo: 'UNDO, if you ask for it',
}

function paintCommand(input: ViewInput, command: CommandText, view: BlockView): Row[] {
  const { verb, index, language } = command
  const isChange = verb === 'run' || verb === 'edit' || verb === 'file'
  const facts = [
    language,
    command.as === undefined ? '' : `as ${command.as}`,
    command.path === undefined ? '' : command.path,
    command.cwd === undefined ? '' : `in ${command.cwd}`,
    command.from === undefined ? '' : `asked from ${command.from.join(', ') || 'nowhere'}`,
    command.isInteractive === true ? 'takes over the keyboard' : '',
    command.forMs === undefined || command.forMs === 0 ? '' : `polled for ${formatDuration(command.forMs)}`,
  ].filter(Boolean)
  const done = verb === 'run' && view.hostStep?.done.has(index) === true ? [word('  done', 'good')] : []
  const head = wrapSpans(
    [
      word(`${VERB_WORDS[verb]} `, isChange ? 'strong' : 'dim'),
      span(sanitizeLine(facts.join('  ')), 'dim'),
      ...done,
    ],
    view.width,
    2,
  )
  const shown = view.hostStep?.shownEdits.get(index)
  const diff =
    shown === undefined || (verb !== 'edit' && verb !== 'file') ? undefined : input.texts.value(shown.diff)
  const body =
    diff === undefined
      ? paintCode(command.text, view.width, isChange ? 'code' : 'plain')
      : paintDiff(diff, view.width)
  const wanted = (command.wanted ?? []).flatMap((text) => [
    [word('  wanted', 'dim')],
    ...paintCode(text, view.width, 'dim'),
  ])
  return [...head, ...body, ...wanted]
}

/** Plain text as rows: what stands where Markdown cannot be parsed yet. */
export function renderPlain(text: string, width: number): Row[] {
  return wrapText(sanitizeText(text.trim()), width)
}
