import type { HostName, StepId } from '../core/base/ids.ts'
import { nameSome } from '../core/journal/name-some.ts'
import { buildQuestion } from '../core/run/build-question.ts'
import { formatHosts } from '../core/run/name-hosts.ts'
import type { Choice } from '../core/run/question.ts'
import { requireHostStep, type EngineContext } from './context.ts'
import { releaseHosts } from './release-hosts.ts'
import { endHost } from './step/end-host.ts'
import type { HostPlace } from './step/step-model.ts'
import { undoHost } from './step/undo-host.ts'

/** Ends an aborted run; first it offers to undo what can be undone, in reverse order. */
export async function undoAll(
  context: EngineContext,
  undo: readonly { readonly step: StepId; readonly host: HostName }[],
): Promise<'done' | 'parked'> {
  const { aborting } = context.state
  if (undo.length > 0 && aborting!.undo === undefined) return offer(context, undo)
  if (aborting!.undo === true) {
    for (const { step, host } of undo) {
      if (context.detach.aborted) return 'parked'
      const place = { step, host, beganMs: context.clock.monoMs() }
      context.links.get(host)?.waitAgain()
      const end = (await giveUp(context, place)) ? 'ended' : await undoHost(context, place)
      if (end !== 'ended') return 'parked'
    }
  }
  await releaseHosts(context)
  await context.record({ type: 'run-aborted', by: aborting!.by, reason: aborting!.reason })
  return 'done'
}

/** A person let an undo be that did not work. */
async function giveUp(context: EngineContext, place: HostPlace): Promise<boolean> {
  const { attempt, decision } = requireHostStep(context, place.step, place.host)
  if (attempt?.kind !== 'undo' || decision === undefined || !GIVING_UP.has(decision.choice)) return false
  const outcome = decision.choice === 'accept' ? 'accepted' : 'skipped'
  await endHost(context, place, { outcome, by: decision.by, reason: decision.reason ?? '' })
  return true
}

const GIVING_UP: ReadonlySet<Choice> = new Set(['accept', 'skip', 'defer', 'exclude', 'abort'])

async function offer(
  context: EngineContext,
  undo: readonly { readonly step: StepId; readonly host: HostName }[],
): Promise<'parked'> {
  for (const question of context.state.questions.values()) if (question.kind === 'undo-all') return 'parked'
  const text = `The run ends. Undo what was done, last first: ${nameSome(namePlaces(context, undo), { sizeBytes: PLACES_BYTES }).join('; ')}?`
  const question = buildQuestion(context.state, { kind: 'undo-all', text, choices: ['undo', 'go'] })
  await context.record({ type: 'question-asked', question })
  return 'parked'
}

/** What is named of it; a record has 4 KiB, and all of it stands in the run. */
const PLACES_BYTES = 2500

/** What would be undone, in its order; the hosts of a step that follow each other together. */
function namePlaces(
  { state }: EngineContext,
  undo: readonly { readonly step: StepId; readonly host: HostName }[],
): string[] {
  const places: { readonly step: StepId; readonly hosts: HostName[] }[] = []
  for (const { step, host } of undo) {
    const last = places.at(-1)
    if (last?.step === step) last.hosts.push(host)
    else places.push({ step, hosts: [host] })
  }
  return places.map(
    ({ step, hosts }) => `${state.steps.get(step)?.outline.title ?? step} on ${formatHosts(hosts)}`,
  )
}
