import type { RunId } from '../../core/base/ids.ts'
import type { Question } from '../../core/run/question.ts'
import { CHOICES_WITH_REASON } from '../../core/run/question.ts'
import type { RunState } from '../../core/run/state.ts'

/** What to type next about a run that has stopped: the answer to its first open question, or its report. */
export function selectNext(run: RunId, state: RunState): string {
  if (state.status === 'finished' || state.status === 'aborted') return `handrail report ${run} --format md`
  const [question] = state.questions.values()
  return question === undefined
    ? `handrail resume ${run}`
    : `handrail resume ${run} ${suggestOption(question, state)}`
}

function suggestOption(question: Question, state: RunState): string {
  const { kind, step, host, item, word, choices } = question
  if (kind === 'plan')
    return word === undefined ? '--approve change' : `--approve change --environment ${word} --ref TICKET`
  const place = `${step ?? 'all'}${host === undefined ? '' : `@${host}`}`
  if (kind === 'manual' && choices.includes('tick')) return `--answer ${place}/${item ?? 1}=EVIDENCE`
  if (kind === 'confirm' && word !== undefined) return `--confirm ${place}=${word}`
  if (kind === 'confirm' && question.outsideWindow !== true) {
    const danger = step === undefined ? undefined : state.steps.get(step)?.outline.danger
    return `--approve ${danger === 'disruptive' ? 'disruptive' : 'change'}`
  }
  const wantsReason = kind === 'confirm'
  const choice =
    kind === 'locked' || kind === 'confirm' ? 'go' : (choices.find((each) => each !== 'go') ?? 'abort')
  return `--decide ${place}=${choice}${wantsReason || CHOICES_WITH_REASON.has(choice) ? ':WHY' : ''}`
}
