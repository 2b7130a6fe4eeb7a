import type { EventOf, RunEvent } from './events.ts'
import type { Question } from './question.ts'
import { isUnderWay } from './settled.ts'
import type { HostStepState, RunState } from './state.ts'

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
  for (const hostStep of selectWaiting(state, question)) {
    hostStep.phase = 'awaiting'
    hostStep.question = question.id
  }
}

/** The host-steps that a question holds up: one, or for a manual item all that reached it. */
function selectWaiting(state: RunState, { step: id, host, kind }: Question): HostStepState[] {
  const step = id === undefined ? undefined : state.steps.get(id)
  if (step === undefined) return []
  if (host !== undefined) return [step.hosts.get(host)].filter((hostStep) => hostStep !== undefined)
  if (kind !== 'manual') return []
  return [...step.hosts.values()].filter(isUnderWay)
}

function answer(state: RunState, event: EventOf<'question-answered'>): void {
  const question = state.questions.get(event.question)
  if (question === undefined) return
  state.questions.delete(event.question)
  if (question.kind === 'undo-all' && state.aborting !== undefined)
    state.aborting.undo = event.choice === 'undo'
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
