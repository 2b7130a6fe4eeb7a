import type { HostName, StepId } from '../base/ids.ts'
import type { Failure } from './failure.ts'
import { formatFailure } from './failure-words.ts'
import type { Choice, Question, QuestionKind } from './question.ts'
import type { HostStepState, RunState, StepState } from './state.ts'

/** Makes a question with the next free id of its kind and place. */
export function buildQuestion(state: RunState, parts: Omit<Question, 'id'>): Question {
  const place = [parts.step, parts.host && `@${parts.host}`, parts.item && `/${parts.item}`]
    .filter(Boolean)
    .join('')
  const stem = `${parts.kind}/${place}`
  return { ...parts, id: `${stem}#${(state.asked.get(stem) ?? 0) + 1}` }
}

/** Whether a question of this kind about this place is open. */
export function selectOpenQuestion(
  state: RunState,
  kind: QuestionKind,
  place: { step?: StepId; host?: HostName; item?: number },
): Question | undefined {
  for (const question of state.questions.values()) {
    if (
      question.kind === kind &&
      question.step === place.step &&
      question.host === place.host &&
      question.item === place.item
    )
      return question
  }
  return undefined
}

/** The question about a host-step that did not succeed: its kind and choices follow from the failure. */
export function buildFailureQuestion(
  state: RunState,
  step: StepState,
  trouble: {
    hostStep: HostStepState
    failure: Failure
    /** Something can be looked at: a check, a verification, a file. */ canLook: boolean
  },
): Question {
  const { hostStep, failure, canLook } = trouble
  const kind = kindOf(failure)
  return buildQuestion(state, {
    kind,
    step: step.id,
    host: hostStep.host,
    text: `${step.outline.title} on ${hostStep.host}: ${formatFailure(failure)}`,
    choices: selectChoices(kind, step, { hostStep, canLook }),
    ...(failure.kind === 'unknown' ? { cause: failure.cause } : {}),
  })
}

function kindOf(failure: Failure): QuestionKind {
  if (failure.kind === 'locked') return 'locked'
  if (failure.kind === 'unknown' || failure.kind === 'unreachable' || failure.kind === 'inconclusive')
    return failure.kind
  return 'failed'
}

function selectChoices(
  kind: QuestionKind,
  step: StepState,
  { hostStep, canLook }: { hostStep: HostStepState; canLook: boolean },
): Choice[] {
  if (kind === 'locked') return ['go', 'retry', 'defer', 'abort']
  const { outline } = step
  const tried = hostStep.attempts > 0
  const choices: Choice[] = kind === 'unknown' ? ['recheck', 'retry'] : ['retry']
  if (kind !== 'unknown' && kind !== 'unreachable' && tried && canLook) choices.push('recheck')
  choices.push('accept', 'skip', 'defer', 'exclude')
  if (tried && outline.undos > 0) choices.push('undo')
  return [...choices, 'abort']
}
