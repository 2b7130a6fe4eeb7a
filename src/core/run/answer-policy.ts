import type { Danger } from '../runbook/model.ts'
import type { Intent } from './intents.ts'
import type { Choice, Question } from './question.ts'
import { CHOICES_WITH_REASON } from './question.ts'
import type { RunState } from './state.ts'

/** An answer that was given beforehand for one step, or for one host of it. */
export type GivenAnswer<T> = { readonly step: string; readonly host?: string } & T

/** Everything that options say in a person's stead. */
export type AnswerOptions = {
  readonly by: string
  /** Go on unasked up to this danger; accepts the plan as well. */
  readonly approve?: 'change' | 'disruptive'
  readonly environment?: string
  readonly ref?: string
  readonly confirms: readonly GivenAnswer<{ readonly word: string }>[]
  readonly answers: readonly GivenAnswer<{ readonly item: number; readonly text: string }>[]
  readonly decisions: readonly GivenAnswer<{ readonly choice: Choice; readonly reason?: string }>[]
}

type Reply = { readonly choice: Choice; readonly text?: string }

/**
 * Answers questions from options, or leaves them open. Each question is answered at most once, and each decision
 * used once per host: a `retry` that fails again comes before a person.
 */
export function createAnswerPolicy(
  options: AnswerOptions,
): (question: Question, state: RunState) => Intent | undefined {
  const answered = new Set<string>()
  const used = new Set<string>()
  return (question, state) => {
    if (answered.has(question.id)) return undefined
    const reply = selectReply(question, state, { options, used })
    if (reply === undefined || !question.choices.includes(reply.choice)) return undefined
    answered.add(question.id)
    const { by, ref } = options
    return {
      type: 'answer',
      question: question.id,
      choice: reply.choice,
      by,
      how: 'option',
      ...(reply.text === undefined ? {} : { text: reply.text }),
      ...(ref === undefined || question.kind !== 'plan' ? {} : { ref }),
    }
  }
}

type Policy = { readonly options: AnswerOptions; readonly used: Set<string> }

function selectReply(question: Question, state: RunState, policy: Policy): Reply | undefined {
  switch (question.kind) {
    case 'plan':
      return answerPlan(question, state, policy.options)
    case 'confirm':
      return decide(question, policy) ?? answerConfirm(question, state, policy.options)
    case 'manual':
      return answerManual(question, policy.options) ?? decide(question, policy)
    default:
      return decide(question, policy)
  }
}

/**
 * A production environment wants its name and the change ticket; whoever names another environment than that of the
 * inventory has taken the wrong one.
 */
function answerPlan(
  { word }: Question,
  { created }: RunState,
  { approve, environment, ref }: AnswerOptions,
): Reply | undefined {
  if (approve === undefined) return undefined
  const wanted = word ?? created?.inventory.environment
  if (environment !== undefined && environment !== wanted) return undefined
  if (word === undefined) return { choice: 'go' }
  return environment === word && ref !== undefined ? { choice: 'go', text: word } : undefined
}

const APPROVED: Readonly<Record<'change' | 'disruptive', ReadonlySet<Danger>>> = {
  change: new Set(['read', 'change']),
  disruptive: new Set(['read', 'change', 'disruptive']),
}

function answerConfirm(question: Question, state: RunState, options: AnswerOptions): Reply | undefined {
  if (question.outsideWindow === true) return undefined
  if (question.word !== undefined) {
    const given = options.confirms.filter((each) => isFor(each, question))
    return given.some(({ word }) => word === question.word)
      ? { choice: 'go', text: question.word }
      : undefined
  }
  const danger = question.step === undefined ? undefined : state.steps.get(question.step)?.outline.danger
  const { approve } = options
  const isApproved = approve !== undefined && danger !== undefined && APPROVED[approve].has(danger)
  return isApproved ? { choice: 'go' } : undefined
}

function answerManual(question: Question, { answers }: AnswerOptions): Reply | undefined {
  const given = answers.find((each) => each.item === question.item && isFor(each, question))
  return given === undefined ? undefined : { choice: 'tick', text: given.text }
}

function decide(question: Question, { options, used }: Policy): Reply | undefined {
  const index = options.decisions.findIndex(
    (each, position) =>
      isFor(each, question) &&
      question.choices.includes(each.choice) &&
      !used.has(`${position}@${question.host ?? ''}`) &&
      (each.reason !== undefined || !CHOICES_WITH_REASON.has(each.choice)),
  )
  const decision = options.decisions[index]
  if (decision === undefined) return undefined
  used.add(`${index}@${question.host ?? ''}`)
  return { choice: decision.choice, ...(decision.reason === undefined ? {} : { text: decision.reason }) }
}

/** Stands for the run where a question is about no step. */
export const WHOLE_RUN = 'all'

/** An answer for a step counts on all its hosts; one for a host on that host alone; `all` for the run itself. */
function isFor(given: GivenAnswer<object>, question: Question): boolean {
  if (question.step === undefined) return given.step === WHOLE_RUN && given.host === undefined
  return given.step === question.step && (given.host === undefined || given.host === question.host)
}
