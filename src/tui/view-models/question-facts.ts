import { revealCommand } from '../../core/base/reveal-command.ts'
import { sanitizeLine } from '../../core/base/sanitize.ts'
import { formatCause, formatFailure } from '../../core/run/failure-words.ts'
import type { Question } from '../../core/run/question.ts'
import type { HostStepState, StepState } from '../../core/run/state.ts'
import type { CommandText, RunClient } from '../run-client.ts'
import type { QuestionUi } from '../store/ui-state.ts'
import { ours, span, toneRow, word, type Row } from '../term/row.ts'
import { expandTabs, wrapSpans } from '../term/wrap-text.ts'
import { paintDiff } from './diff-rows.ts'
import type { ViewInput } from './view-input.ts'

export type FactsView = {
  readonly questions: readonly Question[]
  readonly overlay: QuestionUi
  readonly width: number
}

/** Output lines that are quoted in a question; fewer on a low screen, where the choices need the room. */
const QUOTED_LINES = { low: 5, high: 12 } as const
const HIGH_ROWS = 30

/** What a person has to know to answer: the command, the failure, what is known and what was looked at. */
export function describeQuestion(input: ViewInput, client: RunClient, view: FactsView): Row[] {
  const first = view.questions[0]!
  const step = first.step === undefined ? undefined : client.state.steps.get(first.step)
  if (first.kind === 'plan') return describePlan(client, first, view.width)
  if (step === undefined) return wrapSpans([span(sanitizeLine(first.text))], view.width)
  const many = view.questions.length > 1
  const rows = many
    ? describeHosts(input, step, view)
    : wrapSpans(
        [span(sanitizeLine(first.kind === 'unknown' ? `on ${first.host ?? ''}` : first.text))],
        view.width,
      )
  const shown = many ? (view.questions[view.overlay.hostCursor] ?? first) : first
  const hostStep = shown.host === undefined ? undefined : step.hosts.get(shown.host)
  if (first.kind === 'confirm' || first.kind === 'changed-file')
    return [...rows, ...describeCommands(input, step, { question: shown, width: view.width })]
  if (hostStep === undefined) return [...rows, ...describeReadBack(step, first, { width: view.width })]
  if (first.kind === 'unknown') rows.push(...describeUnknown(client, step, { hostStep, width: view.width }))
  // What speaks against it comes first; that something holds explains no failure.
  return [
    ...rows,
    ...describeReadBack(step, shown, { width: view.width, holds: false }),
    ...quoteOutput(input, view.width),
    ...describeReadBack(step, shown, { width: view.width, holds: true }),
  ]
}

function describePlan({ state }: RunClient, question: Question, width: number): Row[] {
  const steps = [...state.steps.values()]
  const count = (danger: string): number =>
    steps.filter(({ outline }) => outline.danger === danger && outline.skipped === undefined).length
  const parts = ['read', 'change', 'disruptive', 'irreversible']
    .map((danger) => ({ danger, steps: count(danger) }))
    .filter((each) => each.steps > 0)
  const waivers = state.created?.waivers ?? []
  return [
    ...wrapSpans([span(sanitizeLine(question.text))], width),
    ...wrapSpans([word(parts.map(({ danger, steps }) => `${steps} ${danger}`).join(', '), 'strong')], width),
    ...wrapSpans(
      [word('hosts: ', 'dim'), span(sanitizeLine(question.hosts?.join(', ') ?? ''), 'dim')],
      width,
      7,
    ),
    ...waivers.flatMap((waiver) =>
      wrapSpans([word('warning: ', 'warn'), span(sanitizeLine(waiver))], width, 9),
    ),
  ]
}

/** The hosts of a group: which of them the answer is for. */
function describeHosts(
  { glyphs }: ViewInput,
  step: StepState,
  { questions, overlay, width }: FactsView,
): Row[] {
  const head: Row = [
    word(`${overlay.chosen.length} of ${questions.length} chosen`, 'strong'),
    word('   Tab moves to the hosts, Space chooses, a chooses all', 'dim'),
  ]
  const rows = questions.map((question, index): Row => {
    const isChosen = overlay.chosen.includes(question.id)
    const failure = question.host === undefined ? undefined : step.hosts.get(question.host)?.failure
    const words = failure === undefined ? question.text : formatFailure(failure)
    const isHere = overlay.onHosts && index === overlay.hostCursor
    const row: Row = [
      word(isHere ? `${glyphs.cursor} ` : '  ', 'accent'),
      word(isChosen ? '[x] ' : '[ ] ', isChosen ? 'accent' : 'dim'),
      span(sanitizeLine((question.host ?? '').padEnd(12)), 'strong'),
      span(sanitizeLine(` ${words}`)),
    ]
    return isHere ? toneRow(row, 'selected') : row
  })
  return [head, ...rows.flatMap((row) => wrapSpans(row, width, 19))]
}

function describeCommands(
  input: ViewInput,
  step: StepState,
  { question, width }: { question: Question; width: number },
): Row[] {
  const host = question.host ?? [...step.hosts.values()].find(({ phase }) => phase === 'pending')?.host
  const text = input.texts.stepText(step.id, host)
  if (text === undefined) return [[word('reading what it runs …', 'dim')]]
  const others = (question.hosts?.length ?? 1) - 1
  const head: Row =
    host === undefined
      ? []
      : [
          word('on ', 'dim'),
          span(sanitizeLine(host), 'strong'),
          word(others > 0 ? ` (the same, filled in for each, on ${others} more)` : '', 'dim'),
        ]
  const hostStep = host === undefined ? undefined : step.hosts.get(host)
  const why = text.noWayBack === undefined ? [] : [word(': '), span(sanitizeLine(text.noWayBack))]
  const isOneWay = step.outline.undos === 0 && step.outline.danger === 'irreversible'
  return [
    head,
    ...text.blocks.flatMap((block) =>
      block.kind === 'command' && isChange(block.command)
        ? paintCommand(input, block.command, { hostStep, width })
        : [],
    ),
    ...(isOneWay || why.length > 0 ? wrapSpans([word('no way back', 'warn'), ...why], width) : []),
  ]
}

function isChange({ verb }: CommandText): boolean {
  return verb === 'run' || verb === 'edit' || verb === 'file'
}

function paintCommand(
  input: ViewInput,
  command: CommandText,
  { hostStep, width }: { hostStep: HostStepState | undefined; width: number },
): Row[] {
  const as = command.as === undefined ? '' : ` as ${command.as}`
  const head: Row = [
    word(`${command.verb} `, 'dim'),
    span(sanitizeLine(`${command.path ?? command.language}${as}`), 'dim'),
  ]
  const shown = command.verb === 'run' ? undefined : hostStep?.shownEdits.get(command.index)
  const diff = shown === undefined ? undefined : input.texts.value(shown.diff)
  if (diff !== undefined) return [head, ...paintDiff(diff, width)]
  const lines = command.text.replace(/\n$/, '').split('\n')
  return [
    head,
    ...lines.flatMap((line) =>
      wrapSpans([word('    '), span(ours(expandTabs(revealCommand(line))), 'code')], width, 4),
    ),
  ]
}

/** What is known, what was looked at, and what is not known. */
function describeUnknown(
  { state }: RunClient,
  step: StepState,
  { hostStep, width }: { hostStep: HostStepState; width: number },
): Row[] {
  const job = hostStep.attempt?.jobs.at(-1)
  const lines: string[] = []
  if (job !== undefined) {
    lines.push(
      `known: action ${job.action} was ${job.state === 'intent' ? 'about to be started' : 'started'}, try ${hostStep.attempts}${job.remote === undefined ? '' : `, process ${job.remote.pid}`}`,
    )
    if (job.cause !== undefined)
      lines.push(
        `looked at: ${formatCause(job.cause)}${job.detail === undefined || job.detail === '' ? '' : ` (${job.detail})`}`,
      )
    lines.push(
      job.detached
        ? 'the job’s directory on the host is kept; its id is never started a second time'
        : 'it ran over the connection itself: nothing on the host remembers its end',
    )
  }
  const failure = hostStep.failure
  if (failure?.kind === 'unknown' && job === undefined) lines.push(`looked at: ${formatCause(failure.cause)}`)
  lines.push(
    step.outline.repeat === 'once'
      ? 'running it twice may do harm: this step is marked neither safe nor checked'
      : `repeating it: ${step.outline.repeat}`,
  )
  if (state.lostLinks.has(hostStep.host))
    lines.push('the host cannot be reached now; an answer waits until it can')
  return lines.flatMap((line) => wrapSpans([span(sanitizeLine(line), 'dim')], width, 2))
}

function quoteOutput({ ring, size }: ViewInput, width: number): Row[] {
  const count = size.rows < HIGH_ROWS ? QUOTED_LINES.low : QUOTED_LINES.high
  if (ring === undefined || ring.length === 0) return []
  const lines = ring.slice(ring.end - count, ring.end)
  return [
    [word('last output', 'dim')],
    ...lines.map(({ text }): Row => wrapSpans([word('  '), span(text)], width)[0] ?? []),
  ]
}

type ReadBackView = {
  readonly width: number
  /** Only what holds, or only what does not; absent: all. */
  readonly holds?: boolean
}

/** What the step's own checks say now; what many hosts were asked, and answered alike, is told once. */
function describeReadBack(step: StepState, question: Question, { width, holds }: ReadBackView): Row[] {
  const counts = new Map<string, { readonly about: string; readonly words: string; times: number }>()
  for (const { host, checks } of step.hosts.values()) {
    if (question.host !== undefined && host !== question.host) continue
    for (const { verb, index, verdict, expected, actual } of checks.values()) {
      if (holds !== undefined && holds !== (verdict === 'pass')) continue
      const about = `${verb} ${index} on ${host}: `
      const words =
        verdict === 'pass'
          ? 'holds'
          : `${verdict === 'fail' ? 'does not hold' : 'cannot tell'}; wanted ${expected ?? '?'}, found ${actual ?? '?'}`
      const told = counts.get(about + words) ?? { about, words, times: 0 }
      told.times += 1
      counts.set(about + words, told)
    }
  }
  return [...counts.values()].flatMap(({ about, words, times }) =>
    wrapSpans(
      [
        span(sanitizeLine(about), 'dim'),
        span(
          sanitizeLine(times > 1 ? `${words}, asked from ${times} hosts` : words),
          words === 'holds' ? 'good' : 'warn',
        ),
      ],
      width,
      4,
    ),
  )
}
