import type { HostName, StepId } from '../core/base/ids.ts'
import { buildQuestion } from '../core/run/build-question.ts'
import type { EngineContext } from './context.ts'
import { releaseHosts } from './release-hosts.ts'
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
      const end = await undoHost(context, { step, host, beganMs: context.clock.monoMs() })
      if (end !== 'ended') return 'parked'
    }
  }
  await releaseHosts(context)
  await context.record({ type: 'run-aborted', by: aborting!.by, reason: aborting!.reason })
  return 'done'
}

async function offer(
  context: EngineContext,
  undo: readonly { readonly step: StepId; readonly host: HostName }[],
): Promise<'parked'> {
  for (const question of context.state.questions.values()) if (question.kind === 'undo-all') return 'parked'
  const places = undo.map(({ step, host }) => `${step} on ${host}`)
  const text = `The run ends. Undo what was done, last first: ${places.join('; ')}?`
  const question = buildQuestion(context.state, { kind: 'undo-all', text, choices: ['undo', 'go'] })
  await context.record({ type: 'question-asked', question })
  return 'parked'
}
