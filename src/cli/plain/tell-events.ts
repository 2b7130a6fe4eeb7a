import type { SafeText } from '../../core/base/safe-text.ts'
import type { EventOf, RunEvent } from '../../core/run/events.ts'
import type { RunState } from '../../core/run/state.ts'
import { say } from '../output/say.ts'
import { formatEvent } from './format-event.ts'
import type { TellLine } from './tell-line.ts'

type Telling = {
  readonly tell: TellLine
  readonly state: RunState
  readonly hides: (event: RunEvent) => boolean
}

/** Makes a teller of events in words, each step's under its heading; a question that an option answers at once is never shown. */
export function createEventTeller({ tell, state, hides }: Telling) {
  let asked: { readonly event: EventOf<'question-asked'>; readonly at: Date } | undefined
  const headed = new Set<string>()
  const show = (event: RunEvent, at: Date): void => {
    const step =
      event.type === 'question-asked' ? event.question.step : 'step' in event ? event.step : undefined
    const line = formatEvent(event)
    const isHeading = event.type === 'step-began' || (line !== undefined && event.type !== 'step-skipped')
    if (step !== undefined && isHeading && !headed.has(step)) {
      headed.add(step)
      const heading = formatHeading(state, step)
      if (heading !== undefined) tell(heading, 'strong', at)
    }
    if (line !== undefined) tell(line.text, line.tone, at)
  }
  const flush = (): void => {
    if (asked !== undefined) show(asked.event, asked.at)
    asked = undefined
  }
  return {
    flush,
    tell: (event: RunEvent, at: Date): void => {
      if (isAnswer(asked?.event, event)) {
        asked = undefined
        return
      }
      flush()
      if (hides(event)) return
      if (event.type === 'question-asked') asked = { event, at }
      else show(event, at)
    },
  }
}

/** Hosts that a heading names; more are counted. */
const HOSTS_NAMED = 3

function formatHeading({ outline }: RunState, id: string): SafeText | undefined {
  const index = outline.steps.findIndex((step) => step.id === id)
  const step = outline.steps[index]
  if (step === undefined) return undefined
  const { title, danger, hosts } = step
  const where = hosts.length > HOSTS_NAMED ? `${hosts.length} hosts` : hosts.join(', ')
  return say`${id}: step ${index + 1} of ${outline.steps.length}: ${title} (${danger} on ${where})`
}

/** An option answered before anybody could; `confirmed by` follows and says it. */
function isAnswer(asked: EventOf<'question-asked'> | undefined, event: RunEvent): boolean {
  if (event.type !== 'question-answered' || event.how !== 'option' || asked?.question.id !== event.question)
    return false
  return asked.question.kind === 'plan' || asked.question.kind === 'confirm'
}
