import type { EventOf, RunEvent } from './events.ts'
import type { RunState } from './state.ts'

/** Applies an event about a question or an exclusion; false when the event is about something else. */
export function reduceQuestionEvent(state: RunState, event: RunEvent): boolean {
  switch (event.type) {
    case 'question-asked':
      ask(state, event)
      return true
    case 'question-answered':
      answer(state, event)
      return true
    case 'host-excluded':
      state.excluded.set(event.host, event.reason)
      return true
    default:
      return false
  }
}

function ask(state: RunState, { question }: EventOf<'question-asked'>): void {
  state.questions.set(question.id, question)
  const stem = question.id.replace(/#\d+$/, '')
  state.asked.set(stem, (state.asked.get(stem) ?? 0) + 1)
  if (question.step === undefined || question.host === undefined) return
  const hostStep = state.steps.get(question.step)?.hosts.get(question.host)
  if (hostStep === undefined) return
  hostStep.phase = 'awaiting'
  hostStep.question = question.id
}

function answer(state: RunState, event: EventOf<'question-answered'>): void {
  const question = state.questions.get(event.question)
  if (question === undefined) return
  state.questions.delete(event.question)
  if (question.step === undefined || question.host === undefined) return
  const hostStep = state.steps.get(question.step)?.hosts.get(question.host)
  if (hostStep === undefined || hostStep.question !== question.id) return
  hostStep.question = undefined
  hostStep.phase = 'decided'
  hostStep.decision = {
    choice: event.choice,
    by: event.by,
    question,
    ...(event.reason === undefined ? {} : { reason: event.reason }),
  }
}
