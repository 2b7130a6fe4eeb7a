import type { Question } from '../../core/run/question.ts'
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
    return choice === 'tick' && isNotYet
      ? { ...words, cost: 'its check does not hold yet: the step would fail' }
      : words
  })
}
