import type { HostName } from '../../core/base/ids.ts'
import { buildQuestion, selectOpenQuestion } from '../../core/run/build-question.ts'
import type { StepState } from '../../core/run/state.ts'
import { selectPlanStep, type EngineContext } from '../context.ts'
import type { HostPlace, HostStepEnd } from './step-model.ts'

/** Waits until a person has ticked every manual item: once per step, or for each host. */
export async function awaitManual(context: EngineContext, place: HostPlace): Promise<HostStepEnd | 'go'> {
  const step = context.state.steps.get(place.step)!
  const { manual, eachHost } = selectPlanStep(context, place.step)
  const host = eachHost ? place.host : undefined
  const open = manual.find(({ number }) => !isTicked(step, number, host))
  if (open === undefined) return 'go'
  const about = { step: place.step, item: open.number, ...(host === undefined ? {} : { host }) }
  const known = selectOpenQuestion(context.state, 'manual', about)
  const question =
    known ??
    buildQuestion(context.state, {
      kind: 'manual',
      ...about,
      text: open.text,
      choices: ['tick', 'accept', 'abort'],
    })
  await context.record(...(known === undefined ? [{ type: 'question-asked' as const, question }] : []), {
    type: 'host-waited',
    step: place.step,
    host: place.host,
    question: question.id,
  })
  return 'parked'
}

function isTicked(step: StepState, item: number, host: HostName | undefined): boolean {
  return step.ticks.has(host === undefined ? String(item) : `${item}@${host}`)
}
