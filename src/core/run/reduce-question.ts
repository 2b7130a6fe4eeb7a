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
    case 'host-waited': {
      const hostStep = state.steps.get(event.step)?.hosts.get(event.host)
      if (hostStep === undefined || !state.questions.has(event.question)) return true
      hostStep.phase = 'awaiting'
      hostStep.question = event.question
      return true
    }
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
  if (question.kind === 'undo-all' && state.aborting !== undefined)
    state.aborting.undo = event.choice === 'undo'
  // What was decided holds even if a crash cut off the events that spell it out.
  if (event.choice === 'abort') state.aborting ??= { by: event.by, reason: event.reason ?? question.text }
  if (event.choice === 'exclude' && question.host !== undefined)
    state.excluded.set(question.host, event.reason ?? '')
  const decision = {
    choice: event.choice,
    by: event.by,
    question,
    ...(event.reason === undefined ? {} : { reason: event.reason }),
  }
  const step = question.step === undefined ? undefined : state.steps.get(question.step)
  for (const hostStep of step?.hosts.values() ?? []) {
    if (hostStep.question !== question.id) continue
    hostStep.question = undefined
    hostStep.phase = 'decided'
    hostStep.decision = decision
  }
}
