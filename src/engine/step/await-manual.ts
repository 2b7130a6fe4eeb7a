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
  const waited = { type: 'host-waited', step: place.step, host: place.host, question: question.id } as const
  // Another host of this step may be asking the same at this moment; the order of the records is that of the calls.
  const underWay = asking.get(context) ?? new Set<string>()
  asking.set(context, underWay)
  if (known !== undefined || underWay.has(question.id)) {
    await context.record(waited)
    return 'parked'
  }
  underWay.add(question.id)
  await context.record({ type: 'question-asked', question }, waited)
  underWay.delete(question.id)
  return 'parked'
}

/** Questions on their way into the journal. */
const asking = new WeakMap<EngineContext, Set<string>>()

function isTicked(step: StepState, item: number, host: HostName | undefined): boolean {
  return step.ticks.has(host === undefined ? String(item) : `${item}@${host}`)
}
