import type { Question } from '../../core/run/question.ts'
import type { StepState } from '../../core/run/state.ts'
import { isUntouched } from '../../core/run/untouched.ts'
import type { RunClient } from '../run-client.ts'
import { formatChoice, type ChoiceWords } from './choice-words.ts'
import { isReadBackGood, selectReadBack } from './select-read-back.ts'
import { selectShownChoices } from './select-questions.ts'

/** The choices of a question as they stand on its sheet, in words as things are now. */
export function describeChoices(client: RunClient, question: Question): ChoiceWords[] {
  const step = question.step === undefined ? undefined : client.state.steps.get(question.step)
  const readBack = step === undefined ? undefined : selectReadBack(client, step)
  const isNotYet = readBack !== undefined && isReadBackGood(readBack) === false
  return selectShownChoices(question, step?.outline.danger).map((choice) => {
    if (choice === 'not-now') return { label: 'Not now', cost: 'answers nothing; the question stays' }
    const words = formatChoice(choice, question)
    if (choice === 'tick' && isNotYet)
      return { ...words, cost: 'its check does not hold yet: the step would fail' }
    if (choice === 'retry' && (question.kind === 'failed' || question.kind === 'inconclusive'))
      return { ...words, cost: describeRetry(step) ?? words.cost }
    return words
  })
}

/** What a new try finds, where the hosts that wait are as they were. */
function describeRetry(step: StepState | undefined): string | undefined {
  if (step === undefined) return undefined
  if (step.outline.danger === 'read') return 'its checks are asked again; only reads'
  const waiting = [...step.hosts.values()].filter(({ phase }) => phase === 'awaiting')
  return waiting.every(isUntouched) ? 'a new try; nothing has run here yet' : undefined
}
