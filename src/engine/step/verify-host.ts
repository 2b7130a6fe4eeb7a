import type { HostStepWork, ProbeWork } from '../../core/plan/model.ts'
import type { Failure } from '../../core/run/failure.ts'
import { requireHostStep, type EngineContext } from '../context.ts'
import { planFileChange } from '../file/plan-file-change.ts'
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
  const different = await findDifferentFile(context, place, work)
  if (different !== undefined) {
    await failHost(context, place, different)
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
  const probes = selectProof(work)
  return evaluateProbes(context, { step: place.step, host: place.host, probes, moment: 'after', polls: true })
}

/** The probes that prove a step, in document order. */
export function selectProof({ checks, verifies, requires, actions }: HostStepWork): ProbeWork[] {
  return [...checks, ...verifies, ...(actions.length > 0 ? [] : requires)].toSorted(
    (left, right) => left.index - right.index,
  )
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

/** An `edit` or `file` is its own check: read back, it must have nothing left to do. */
async function findDifferentFile(
  context: EngineContext,
  { host }: HostPlace,
  { actions }: HostStepWork,
): Promise<Failure | undefined> {
  for (const action of actions) {
    if (action.file === undefined) continue
    const change = await planFileChange(context, host, action)
    if (change.kind === 'failed') return change.failure
    if (change.kind === 'change')
      return {
        kind: 'edit',
        path: action.file.path,
        reason: 'it is not as it was written: something changed it since',
      }
  }
  return undefined
}
