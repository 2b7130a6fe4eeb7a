import type { HostName, StepId } from '../base/ids.ts'
import type { EventOf, RunEvent } from './events.ts'
import type { Choice, Question } from './question.ts'
import { tallyHostStep } from './tally.ts'
import type { RunState, StepState } from './state.ts'

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
  const isNew = !state.questions.has(question.id)
  state.questions.set(question.id, question)
  const stem = question.id.replace(/#\d+$/, '')
  if (isNew) state.asked.set(stem, (state.asked.get(stem) ?? 0) + 1)
  // A clock's question is about a job that goes on: the host-step does not wait for it.
  if (question.step === undefined || question.host === undefined || question.kind === 'clock') return
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
  if (question.kind === 'clock') return settleClock(step, question, event.choice)
  if (step === undefined) return
  for (const hostStep of question.host === undefined
    ? step.hosts.values()
    : [step.hosts.get(question.host)]) {
    if (hostStep?.question !== question.id) continue
    hostStep.question = undefined
    hostStep.phase = 'decided'
    hostStep.decision = decision
    tallyHostStep(state, step, hostStep)
  }
}

/** The person has spoken about the job: its clocks run anew, or it is to be ended, also by a later session. */
function settleClock(step: StepState | undefined, { host }: Question, choice: Choice): void {
  const jobs = host === undefined ? undefined : step?.hosts.get(host)?.attempt?.jobs
  for (const job of jobs ?? []) {
    job.clockExpired = undefined
    if (choice === 'cancel') job.isToBeCancelled = true
  }
}

/** Takes back what was asked about a host-step that has ended, or about a job that is over. */
export function dropQuestions(
  state: RunState,
  place: { readonly step: StepId; readonly host: HostName },
  kind?: Question['kind'],
): void {
  if (state.questions.size === 0) return
  for (const question of state.questions.values()) {
    const isAbout = question.step === place.step && question.host === place.host
    if (isAbout && (kind === undefined || question.kind === kind)) state.questions.delete(question.id)
  }
}
