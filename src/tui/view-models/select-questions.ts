import type { HostName, StepId } from '../../core/base/ids.ts'
import { MAX_QUESTION_HOSTS, type Choice, type Question } from '../../core/run/question.ts'
import type { RunState } from '../../core/run/state.ts'
import type { SentAnswer } from '../store/ui-state.ts'

/** "Not now" stands first: it answers nothing. */
export type ShownChoice = Choice | 'not-now'

/** Choices as they are listed; the first is where the cursor stands. What changes much never stands first. */
export function selectShownChoices(question: Question, danger: string | undefined): readonly ShownChoice[] {
  const isMild =
    (question.kind === 'confirm' && danger === 'change') ||
    (question.kind === 'plan' && question.word === undefined)
  if (isMild && question.outsideWindow !== true) return [...question.choices, 'not-now']
  if (question.kind === 'manual') return [...question.choices, 'not-now']
  if (question.choices[0] === 'recheck' || question.choices[0] === 'wait')
    return [...question.choices, 'not-now']
  return ['not-now', ...question.choices]
}

/** Open questions that may be answered together: the same step and kind, and the same choices. */
export function selectQuestionGroup(
  state: RunState,
  first: Question,
  sent: readonly SentAnswer[] = [],
): readonly Question[] {
  const others = selectUnanswered(state, sent).filter(
    (question) =>
      question.id !== first.id &&
      question.kind === first.kind &&
      question.step === first.step &&
      question.item === first.item &&
      question.word === first.word &&
      question.choices.join() === first.choices.join(),
  )
  return [first, ...others]
}

/** The question that Enter is for: of this step and host, else of this step, else the oldest. */
export function selectNextQuestion(
  state: RunState,
  place: {
    readonly step: StepId | undefined
    readonly host: HostName | undefined
    readonly sent: readonly SentAnswer[]
  },
): Question | undefined {
  const open = selectUnanswered(state, place.sent)
  return (
    open.find(({ step, host }) => step === place.step && host === place.host && host !== undefined) ??
    open.find(({ step }) => step === place.step && step !== undefined) ??
    open[0]
  )
}

/** Open questions without those whose answer is on its way: nothing is answered twice. */
export function selectUnanswered(state: RunState, sent: readonly SentAnswer[]): readonly Question[] {
  const open = [...state.questions.values()]
  return sent.length === 0 ? open : open.filter(({ id }) => !sent.some(({ question }) => question === id))
}

/** All hosts that a question is about: where it does not name them all, those that its step still has to begin on. */
export function selectQuestionHosts(
  state: RunState,
  { host, hosts = [], moreHosts, step }: Question,
): readonly HostName[] {
  if (host !== undefined) return [host]
  const namesAll = moreHosts === undefined && hosts.length < MAX_QUESTION_HOSTS
  if (namesAll || step === undefined) return hosts
  return [...(state.steps.get(step)?.hosts.values() ?? [])]
    .filter(({ phase }) => phase === 'pending')
    .map((each) => each.host)
}
