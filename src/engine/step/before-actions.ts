import type { HostStepWork } from '../../core/plan/model.ts'
import type { EngineContext } from '../context.ts'
import { planFileChange } from '../file/plan-file-change.ts'
import { evaluateProbes } from '../probe/evaluate-probes.ts'
import { buildCheckFailure, endHost, failHost } from './end-host.ts'
import type { HostPlace, HostStepEnd } from './step-model.ts'

/**
 * At the host's turn, before anything changes: is it done already, and may it be done at all? An inconclusive
 * probe stops and asks; it never acts.
 */
export async function evaluateBefore(
  context: EngineContext,
  place: HostPlace,
  work: HostStepWork,
): Promise<HostStepEnd | 'go'> {
  const changes = work.actions.length > 0
  if (!changes) return 'go'
  if (work.checks.length > 0) {
    const { verdict, worst } = await evaluateProbes(context, {
      ...place,
      probes: work.checks,
      moment: 'before',
      polls: false,
    })
    if (verdict === 'inconclusive') return park(context, place, buildCheckFailure(worst))
    if (verdict === 'pass' && !(await isFileWorkOpen(context, place, work))) {
      await endHost(context, place, { outcome: 'satisfied' })
      return 'ended'
    }
  } else if (isFileWorkOnly(work) && !(await isFileWorkOpen(context, place, work))) {
    await endHost(context, place, { outcome: 'satisfied' })
    return 'ended'
  }
  const required = await evaluateProbes(context, {
    ...place,
    probes: work.requires,
    moment: 'require',
    polls: true,
  })
  return required.verdict === 'pass' ? 'go' : park(context, place, buildCheckFailure(required.worst))
}

async function park(
  context: EngineContext,
  place: HostPlace,
  failure: Parameters<typeof failHost>[2],
): Promise<HostStepEnd> {
  await failHost(context, place, failure)
  return 'parked'
}

function isFileWorkOnly({ actions }: HostStepWork): boolean {
  return actions.every(({ kind }) => kind === 'edit' || kind === 'file')
}

/** Whether an `edit` or `file` of the step would change something; one that cannot be read counts as open. */
async function isFileWorkOpen(
  context: EngineContext,
  { host }: HostPlace,
  { actions }: HostStepWork,
): Promise<boolean> {
  for (const action of actions) {
    if (action.file !== undefined && (await planFileChange(context, host, action)).kind !== 'unchanged')
      return true
  }
  return false
}
