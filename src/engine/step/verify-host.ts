import type { HostStepWork } from '../../core/plan/model.ts'
import { requireHostStep, type EngineContext } from '../context.ts'
import { evaluateProbes } from '../probe/evaluate-probes.ts'
import { buildCheckFailure, endHost, failHost } from './end-host.ts'
import type { HostPlace, HostStepEnd } from './step-model.ts'

/** Proves the result: every check and verify passes (polling if asked), or the step failed on this host. */
export async function verifyHost(
  context: EngineContext,
  place: HostPlace,
  work: HostStepWork,
): Promise<HostStepEnd> {
  const { verdict, worst } = await evaluateAfter(context, place, work)
  if (context.detach.aborted && verdict !== 'pass') return 'detached'
  if (verdict !== 'pass') {
    await failHost(context, place, buildCheckFailure(worst))
    return 'parked'
  }
  await endHost(context, place, { outcome: selectOutcome(context, place, work) })
  return 'ended'
}

/** Evaluates what proves the step, in document order; in a step without actions that is all it does. */
export function evaluateAfter(
  context: EngineContext,
  place: HostPlace,
  work: HostStepWork,
): ReturnType<typeof evaluateProbes> {
  const hasActions = work.actions.length > 0
  const probes = [...work.checks, ...work.verifies, ...(hasActions ? [] : work.requires)].toSorted(
    (left, right) => left.index - right.index,
  )
  return evaluateProbes(context, { step: place.step, host: place.host, probes, moment: 'after', polls: true })
}

/** Nothing was sent in this attempt: every action was done before. */
function selectOutcome(
  context: EngineContext,
  { step, host }: HostPlace,
  work: HostStepWork,
): 'succeeded' | 'satisfied' {
  const { attempt } = requireHostStep(context, step, host)
  return work.actions.length > 0 && attempt?.jobs.length === 0 ? 'satisfied' : 'succeeded'
}
