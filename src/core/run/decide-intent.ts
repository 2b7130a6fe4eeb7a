import { selectCorrectionRefusal } from './decide-correction.ts'
import { decideWait, endWaits } from './decide-wait.ts'
import type { EventOf, RunEvent } from './events.ts'
import type { Decision } from './decision.ts'
import type { Intent } from './intents.ts'
import { CHOICES_WITH_REASON, type Question } from './question.ts'
import type { RunState } from './state.ts'

/** Decides about a wish: pure, and the only way by which a person changes a run. */
export function decideIntent(state: RunState, intent: Intent): Decision {
  if (state.status === 'finished' || state.status === 'aborted') return refuse(`the run is ${state.status}`)
  switch (intent.type) {
    case 'answer':
      return decideAnswer(state, intent)
    case 'pause':
      if (state.status !== 'open') return refuse(`the run is ${state.status}, not open`)
      return accept({
        type: 'run-paused',
        reason: 'operator',
        ...(intent.reason === undefined ? {} : { detail: intent.reason }),
      })
    case 'resume':
      return state.status === 'paused'
        ? accept({ type: 'run-resumed', operator: intent.by })
        : refuse(`the run is ${state.status}, not paused`)
    case 'abort':
      return intent.reason.trim() === ''
        ? refuse('an abort needs a reason')
        : {
            ok: true,
            events: [
              { type: 'abort-requested', by: intent.by, reason: intent.reason },
              ...endWaits(state, { by: intent.by }),
            ],
          }
    case 'cancel-job': {
      const job = state.steps
        .get(intent.step)
        ?.hosts.get(intent.host)
        ?.attempt?.jobs.find(({ state }) => state === 'running')
      return job === undefined
        ? refuse(`nothing runs for ${intent.step} on ${intent.host}`)
        : { ok: true, events: [] }
    }
    case 'exclude-host':
      if (intent.reason.trim() === '') return refuse('excluding a host needs a reason')
      return accept({ type: 'host-excluded', host: intent.host, by: intent.by, reason: intent.reason })
    case 'stop-waiting':
    case 'try-now':
      return decideWait(state, intent)
    case 'correct-params': {
      // What comes of it is decided when its plan was made anew.
      const refusal = selectCorrectionRefusal(state, intent)
      return refusal === undefined ? { ok: true, events: [] } : { ok: false, refusal }
    }
    default:
      return refuseUnknown(intent)
  }
}

/** A client of a newer version may have wishes that this one does not know: that is no reason to end. */
function refuseUnknown(intent: never): Decision {
  const { type } = intent as { readonly type: string }
  return refuse(`this version of handrail does not know the wish ${type}`, 'use the same handrail for both')
}

type Answer = Extract<Intent, { readonly type: 'answer' }>

function decideAnswer(state: RunState, intent: Answer): Decision {
  const question = state.questions.get(intent.question)
  if (question === undefined)
    return refuse('this question is not open any more', 'look again: somebody else may have answered it')
  if (!question.choices.includes(intent.choice)) {
    return refuse(`${intent.choice} is not a choice here`, `choices: ${question.choices.join(', ')}`)
  }
  const problem = selectProblem(question, intent)
  if (problem !== undefined) return refuse(problem)
  // Whoever aborts does not wait for a host either.
  const ends = intent.choice === 'abort' ? endWaits(state, { by: intent.by }) : []
  return { ok: true, events: [...buildAnswerEvents(question, intent), ...ends] }
}

function selectProblem(question: Question, intent: Answer): string | undefined {
  const text = intent.text?.trim() ?? ''
  if (intent.choice === 'go' && question.word !== undefined && text !== question.word) {
    return `the word does not match: type ${question.word} to go on`
  }
  if (intent.choice === 'go' && question.outsideWindow === true && text === '')
    return 'it does not fit into the maintenance window: going on needs a reason'
  if (CHOICES_WITH_REASON.has(intent.choice) && text === '') return `${intent.choice} needs a reason`
  return undefined
}

function* buildAnswerEvents(question: Question, intent: Answer): Generator<RunEvent> {
  const { choice, by, how } = intent
  const text = intent.text?.trim() ?? ''
  const reason = text === '' ? {} : { reason: text }
  const answered: EventOf<'question-answered'> = {
    type: 'question-answered',
    question: question.id,
    choice,
    by,
    how,
    ...reason,
  }
  yield answered
  if (choice === 'abort') yield { type: 'abort-requested', by, reason: text === '' ? question.text : text }
  else if (question.kind === 'plan') yield* buildPlanAnswer(question, intent)
  else if (question.kind === 'confirm') yield* buildConfirmation(question, intent)
  else if (question.kind === 'manual') yield* buildTick(question, intent)
  if (choice === 'exclude' && question.host !== undefined)
    yield { type: 'host-excluded', host: question.host, by, reason: text }
}

function* buildPlanAnswer(question: Question, { by, how, ref }: Answer): Generator<RunEvent> {
  const environment = question.word === undefined ? {} : { environment: question.word }
  yield { type: 'run-confirmed', by, how, ...environment, ...(ref === undefined ? {} : { ref }) }
}

function* buildConfirmation(question: Question, { choice, by, how, text }: Answer): Generator<RunEvent> {
  const step = question.step
  if (step === undefined) return
  if (choice === 'skip') {
    yield { type: 'step-skipped', step, by: 'person', detail: text?.trim() ?? '' }
    return
  }
  const typed = question.word !== undefined && how === 'asked'
  yield {
    type: 'step-confirmed',
    step,
    by,
    how: typed ? 'typed' : how,
    ...(question.host && { host: question.host }),
  }
}

function* buildTick(question: Question, { by, text, choice }: Answer): Generator<RunEvent> {
  yield {
    type: 'manual-ticked',
    step: question.step!,
    item: question.item!,
    evidence: choice === 'tick' ? (text ?? '') : '',
    by,
    ...(question.host && { host: question.host }),
    ...(choice === 'accept' ? { acceptedBecause: text ?? '' } : {}),
  }
}

function accept(event: RunEvent): Decision {
  return { ok: true, events: [event] }
}

function refuse(message: string, hint?: string): Decision {
  return { ok: false, refusal: hint === undefined ? { message } : { message, hint } }
}
