import { revealCommand } from '../../core/base/reveal-command.ts'
import type { Digest } from '../../core/base/ids.ts'
import type { Intent } from '../../core/run/intents.ts'
import type { Choice, Question } from '../../core/run/question.ts'
import { CHOICES_WITH_REASON } from '../../core/run/question.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Output } from '../output/output.ts'
import { indent, say } from '../output/say.ts'
import { askAboutWaits, isOnlyWaiting } from './ask-about-waits.ts'
import type { Keyboard } from './keyboard.ts'
import { parseAnswer } from './parse-answer.ts'

/** How long the engine may take to answer a question itself, by an option, before a person is asked. */
const SETTLE_MS = 50

/** What asking needs. */
export type Asking = {
  /** Where answers go: an engine in this process, or a runner. */
  readonly engine: Pick<Engine, 'state' | 'submit'>
  readonly keyboard: Keyboard
  readonly output: Output
  readonly by: string
  readonly getValue: (digest: Digest) => Promise<string | undefined>
  /** `--ref`, or asked for where production wants it. */
  readonly ref: string | undefined
  readonly signal: AbortSignal
}

/** Asks the open questions of a run one after the other until `signal` aborts; `wake` says that there may be a new one. */
export function openAsker(asking: Asking): { readonly wake: () => void; readonly done: Promise<void> } {
  let wake = rest
  asking.signal.addEventListener('abort', () => wake(), { once: true })
  const changed = (): Promise<void> =>
    new Promise<void>((resolve) => {
      wake = resolve
      if (asking.signal.aborted) resolve()
    })
  const loop = async (): Promise<void> => {
    while (!asking.signal.aborted) {
      const next = changed()
      await settle()
      const [question] = asking.engine.state.questions.values()
      if (question === undefined && isOnlyWaiting(asking)) await askAboutWaits(asking, changed)
      else if (question === undefined) await next
      else if (!asking.signal.aborted) await askOne(question, asking)
    }
  }
  return { wake: () => wake(), done: loop() }
}

/** Nothing waits yet. */
function rest(): void {}

function settle(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, SETTLE_MS)
  })
}

async function askOne(question: Question, asking: Asking): Promise<void> {
  const { output, keyboard, engine, signal } = asking
  output.warn(say`needs you: ${question.text}`, 'warning')
  await showDiffs(question, asking)
  const enter = selectEnter(question, engine)
  output.warn(say`  ${describeChoices(question, enter)}`)
  while (!signal.aborted && engine.state.questions.has(question.id)) {
    const line = await keyboard.ask(say`> `, { signal })
    if (line === undefined) return
    const answer = parseAnswer(question, line, enter)
    const intent = answer.ok ? await complete(question, answer, asking) : undefined
    if (!answer.ok) output.warn(say`  ${answer.problem}`, 'bad')
    if (intent === undefined) continue
    const decision = await engine.submit(intent)
    if (decision.ok) return
    const { message, hint } = decision.refusal
    output.warn(say`  ${message}${hint === undefined ? '' : ` (${hint})`}`, 'bad')
  }
}

/** Asks for the reason or the ticket that is still missing. */
async function complete(
  question: Question,
  answer: { readonly choice: Choice; readonly text: string },
  { keyboard, by, ref, signal }: Asking,
): Promise<Intent | undefined> {
  const { choice } = answer
  let { text } = answer
  const wantsReason = CHOICES_WITH_REASON.has(choice) || (choice === 'go' && question.outsideWindow === true)
  if (wantsReason && text === '') text = (await keyboard.ask(say`  why? `, { signal }))?.trim() ?? ''
  if (wantsReason && text === '') return undefined
  const isProduction = question.kind === 'plan' && question.word !== undefined && choice === 'go'
  const ticket = ref ?? (isProduction ? await keyboard.ask(say`  change ticket: `, { signal }) : undefined)
  return {
    type: 'answer',
    question: question.id,
    choice,
    by,
    how: 'asked',
    text,
    ...(ticket === undefined || ticket.trim() === '' ? {} : { ref: ticket.trim() }),
  }
}

/** Enter alone goes on with a plan and with a change; what is graver must be typed. */
function selectEnter(
  { kind, step, choices, word }: Question,
  { state }: Asking['engine'],
): Choice | undefined {
  if (word !== undefined) return undefined
  if (kind === 'manual') return choices.includes('tick') ? 'tick' : undefined
  if (kind === 'plan') return 'go'
  const danger = step === undefined ? undefined : state.steps.get(step)?.outline.danger
  return kind === 'confirm' && (danger === 'read' || danger === 'change') ? 'go' : undefined
}

function describeChoices({ choices, word }: Question, enter: Choice | undefined): string {
  const named = choices.map((choice, index) => {
    if (choice === 'go' && word !== undefined) return `type ${word} to go on`
    const reason = CHOICES_WITH_REASON.has(choice) ? ' WHY' : ''
    return `${index + 1} ${choice}${reason}${choice === enter ? ' (Enter)' : ''}`
  })
  return named.join('   ')
}

/** The diffs that a confirmation is about; hosts with the same one are named together. */
async function showDiffs(question: Question, { engine, output, getValue }: Asking): Promise<void> {
  if (question.kind !== 'confirm' || question.step === undefined) return
  const byDiff = new Map<Digest, string[]>()
  for (const { host, shownEdits, phase } of engine.state.steps.get(question.step)?.hosts.values() ?? [])
    if (phase !== 'ended')
      for (const { diff } of shownEdits.values()) byDiff.set(diff, [...(byDiff.get(diff) ?? []), host])
  for (const [diff, hosts] of byDiff) {
    const text = await getValue(diff)
    output.warn(say`  on ${hosts.join(', ')}:`, 'quiet')
    if (text !== undefined) output.warn(indent(revealCommand(text.replace(/\n$/, '')), 4))
  }
}
