import { revealCommand } from '../../core/base/reveal-command.ts'
import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { Question } from '../../core/run/question.ts'
import type { HostStepState, RunState, StepState } from '../../core/run/state.ts'
import type { CommandText, RunClient, StepText } from '../run-client.ts'
import type { QuestionUi } from '../store/ui-state.ts'
import { ours, span, word, type Row } from '../term/row.ts'
import { expandTabs, wrapSpans } from '../term/wrap-text.ts'
import { describeCheckFacts } from './check-facts.ts'
import { paintDiff } from './diff-rows.ts'
import { selectHostItems, summarizeHosts } from './question-hosts.ts'
import { quoteOutput } from './quote-output.ts'
import { buildReadBackRows } from './read-back-rows.ts'
import { selectQuestionHosts } from './select-questions.ts'
import { selectReadBack } from './select-read-back.ts'
import { describeUnknown } from './unknown-rows.ts'
import { describeVerified } from './verified-rows.ts'
import type { ViewInput } from './view-input.ts'

export type FactsView = {
  readonly questions: readonly Question[]
  readonly overlay: QuestionUi
  readonly width: number
  /** Rows that are in sight. */
  readonly room: number
}

/** What a person has to know to answer: the command, the failure, what is known and what was looked at. */
export function describeQuestion(input: ViewInput, client: RunClient, view: FactsView): Row[] {
  const first = view.questions[0]!
  const step = first.step === undefined ? undefined : client.state.steps.get(first.step)
  if (first.kind === 'plan') return describePlan(client, first, view.width)
  if (step === undefined) return wrapSpans([span(sanitizeLine(first.text))], view.width)
  const items = view.questions.length > 1 ? selectHostItems(client.state, view.overlay.ids) : []
  const item = items[view.overlay.hostCursor]?.ids[0]
  const shown = view.questions.find(({ id }) => id === item) ?? first
  const hostStep = shown.host === undefined ? undefined : step.hosts.get(shown.host)
  const rows =
    items.length > 0
      ? summarizeHosts({ items, overlay: view.overlay, width: view.width, glyphs: input.glyphs })
      : describeText(step, first, { hostStep, width: view.width })
  if (first.kind === 'confirm' || first.kind === 'changed-file')
    return [...rows, ...describeCommands(input, client, { step, question: shown, width: view.width })]
  if (first.kind === 'manual') return [...rows, ...describeManual(input, client, { step, width: view.width })]
  if (hostStep === undefined) return [...rows, ...describeCheckFacts(step, first, { width: view.width })]
  if (first.kind === 'unknown')
    rows.push(...describeUnknown(client.state, step, { hostStep, width: view.width }))
  // What speaks against it comes first; that something holds explains no failure.
  rows.push(...describeCheckFacts(step, shown, { width: view.width, holds: false }))
  const good = describeCheckFacts(step, shown, { width: view.width, holds: true })
  const room = view.room - rows.length - good.length
  return [...rows, ...quoteOutput(input, { host: shown.host, width: view.width, room }), ...good]
}

/** The sentence of a question, without the step's title: that stands in the frame. */
function describeText(
  step: StepState,
  question: Question,
  { hostStep, width }: { readonly hostStep: HostStepState | undefined; readonly width: number },
): Row[] {
  const { title } = step.outline
  const tries = hostStep !== undefined && hostStep.attempts > 1 ? `   (try ${hostStep.attempts})` : ''
  if (question.kind === 'unknown')
    return wrapSpans([word('on '), span(sanitizeLine(question.host ?? ''), 'strong')], width)
  const rest = [`${title}: `, `${title} `].find((prefix) => question.text.startsWith(prefix))
  const text = rest === undefined ? question.text : question.text.slice(rest.length)
  return wrapSpans([span(sanitizeLine(text), 'strong'), word(tries, 'dim')], width)
}

/** The item and, live, what the step's checks say of it. */
function describeManual(
  input: ViewInput,
  client: RunClient,
  { step, width }: { readonly step: StepState; readonly width: number },
): Row[] {
  const readBack = selectReadBack(client, step)
  const text = input.texts.stepText(step.id, undefined)
  const hasProbes =
    text?.blocks.some(
      (block) => block.kind === 'command' && ['check', 'verify', 'require'].includes(block.command.verb),
    ) === true
  if (readBack === undefined || (readBack.byHost.size === 0 && !hasProbes)) return []
  return [[], ...buildReadBackRows({ readBack, width, wallMs: input.wallMs, glyphs: input.glyphs })]
}

function describePlan({ state }: RunClient, question: Question, width: number): Row[] {
  const steps = [...state.steps.values()]
  const count = (danger: string): number =>
    steps.filter(({ outline }) => outline.danger === danger && outline.skipped === undefined).length
  const parts = ['read', 'change', 'disruptive', 'irreversible']
    .map((danger) => ({ danger, steps: count(danger) }))
    .filter((each) => each.steps > 0)
    .map(({ danger, steps }) => `${steps} ${danger}`)
  const unneeded = steps.filter(({ outline }) => outline.skipped !== undefined).length
  const counts = unneeded === 0 ? parts : [...parts, `${unneeded} not needed`]
  const waivers = state.created?.waivers ?? []
  return [
    ...wrapSpans([span(sanitizeLine(question.text))], width),
    ...wrapSpans([word(counts.join(', '), 'strong')], width),
    ...wrapSpans([word('hosts: ', 'dim'), span(sanitizeLine(nameAll(state, question)), 'dim')], width, 7),
    ...waivers.flatMap((waiver) =>
      wrapSpans([word('warning: ', 'warn'), span(sanitizeLine(waiver))], width, 9),
    ),
  ]
}

/** A question names forty hosts; how many more there are is said. */
function nameAll({ outline }: RunState, { hosts = [] }: Question): string {
  const more = new Set(outline.steps.flatMap((step) => step.hosts)).size - hosts.length
  return `${hosts.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function describeCommands(
  input: ViewInput,
  { state }: RunClient,
  { step, question, width }: { readonly step: StepState; question: Question; width: number },
): Row[] {
  const host = question.host ?? [...step.hosts.values()].find(({ phase }) => phase === 'pending')?.host
  const text = input.texts.stepText(step.id, host)
  if (text === undefined) return [[word('reading what it runs …', 'dim')]]
  const hosts = selectQuestionHosts(state, question)
  const others = hosts.length - 1
  const head: Row =
    host === undefined
      ? []
      : [
          word('on ', 'dim'),
          span(sanitizeLine(host), 'strong'),
          word(others > 0 ? ` (the same, filled in for each, on ${others} more)` : '', 'dim'),
        ]
  const hostStep = host === undefined ? undefined : step.hosts.get(host)
  const verified =
    question.kind === 'confirm' && step.outline.danger !== 'change'
      ? describeVerified({ step, hosts, text, width })
      : []
  return [
    ...describeWayBack(step, text, width),
    head,
    ...text.blocks.flatMap((block) =>
      block.kind === 'command' && isChange(block.command)
        ? paintCommand(input, block.command, { hostStep, width })
        : [],
    ),
    ...verified,
  ]
}

/** Where there is no way back, that is said before the command is shown. */
function describeWayBack({ outline }: StepState, text: StepText, width: number): Row[] {
  const isOneWay = outline.undos === 0 && outline.danger === 'irreversible'
  if (!isOneWay && text.noWayBack === undefined) return []
  const why = text.noWayBack ?? 'it cannot be undone'
  return wrapSpans([word('no way back    ', 'bad'), span(sanitizeLine(why))], width, 15)
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
      wrapSpans([word('    '), span(ours(expandTabs(revealCommand(line))))], width, 4),
    ),
  ]
}
