import type { AnswerOptions } from '../../core/run/answer-policy.ts'
import type { RunState } from '../../core/run/state.ts'
import { selectUnusedAnswers } from '../../core/run/unused-answers.ts'
import type { Output } from '../output/output.ts'
import { say } from '../output/say.ts'

/**
 * Before a command ends because the run waits: tells the questions that were asked before it (`known`) and are
 * still open, and which of its answers did not fit.
 */
export function tellOpenQuestions(
  output: Output,
  state: RunState,
  given: { readonly known: ReadonlySet<string>; readonly answers: AnswerOptions },
): void {
  for (const { id, text } of state.questions.values())
    if (given.known.has(id)) output.tell(say`needs you: ${text}`, 'warning')
  for (const text of selectUnusedAnswers(given.answers, state)) output.warn(say`${text}`, 'warning')
}
