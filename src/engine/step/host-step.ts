import type { HostName, StepId } from '../../core/base/ids.ts'
import type { HostStepWork } from '../../core/plan/model.ts'
import { baseKey } from '../../core/run/base-key.ts'
import { renderWork, requireHostStep, selectPlanStep, type EngineContext } from '../context.ts'
import { prepareBase } from '../job/prepare-base.ts'
import { evaluateBefore } from './before-actions.ts'
import { carryOutDecision } from './carry-out-decision.ts'
import { endHost, failHost } from './end-host.ts'
import type { HostPlace, HostStepEnd } from './step-model.ts'
import { runActions } from './run-actions.ts'
import { settleOpenJobs } from './settle-open-jobs.ts'
import { undoHost } from './undo-host.ts'
import { verifyHost } from './verify-host.ts'
import { withFixtures } from './with-fixtures.ts'
import { awaitManual } from './await-manual.ts'

/**
 * Takes a host-step as far as it goes: from wherever its journal says it is, to its end, to a question, or to
 * the point where this process lets go. Safe to call again after any crash.
 */
export async function runHostStep(
  context: EngineContext,
  step: StepId,
  host: HostName,
): Promise<HostStepEnd> {
  const hostStep = requireHostStep(context, step, host)
  const place: HostPlace = { step, host, beganMs: context.clock.monoMs() }
  if (context.state.aborting === undefined) context.links.get(host)?.waitAgain()
  // A look that the answer cut off may still take its temporary files away.
  await context.readBacks.get(hostStep.decision?.question.id ?? '')
  if (context.state.aborting !== undefined || isDecision(hostStep.decision?.choice)) {
    const next = await carryOutDecision(context, place)
    if (next !== 'proceed') return next
  } else if (hostStep.phase === 'pending') {
    await context.record({ type: 'host-began', step, host })
  }
  if (hostStep.attempt?.kind === 'undo' && hostStep.decision?.choice !== 'retry')
    return undoHost(context, place)
  const settled = await settleOpenJobs(context, place)
  return settled === 'go' ? proceed(context, place) : settled
}

/** Choices that change what happens next; the others (`go`, `tick`, `wait`, `cancel`) let the work go on. */
function isDecision(choice: string | undefined): boolean {
  return choice !== undefined && !['go', 'tick', 'wait', 'cancel'].includes(choice)
}

/** The normal way: fixtures, checks, requirements, actions, manual items, verification. */
async function proceed(context: EngineContext, place: HostPlace): Promise<HostStepEnd> {
  const failure = await prepareHost(context, place)
  if (failure !== undefined) {
    await failHost(context, place, failure)
    return 'parked'
  }
  const work = renderWork(context, place)
  if (work.problem !== undefined) {
    await failHost(context, place, { kind: 'expression', reason: work.problem })
    return 'parked'
  }
  if (work.skipped !== undefined) {
    await endHost(context, place, { outcome: 'skipped', reason: work.skipped })
    return 'ended'
  }
  return withFixtures(context, { place, work }, () => runWork(context, place, work))
}

/** A base directory is needed where something runs detached, or where files of the run are named. */
async function prepareHost(
  context: EngineContext,
  { step, host }: HostPlace,
): Promise<Parameters<typeof failHost>[2] | undefined> {
  const { touches } = selectPlanStep(context, step)
  const isKnown = context.state.bases.has(baseKey(host, undefined))
  if (touches.actions === 0 && touches.fixtures === 0 && (isKnown || touches.undos === 0)) return undefined
  const prepared = await prepareBase(context, {
    host,
    as: undefined,
    reconnectMs: context.limits.firstContactMs,
  })
  return prepared.ok ? undefined : prepared.failure
}

async function runWork(
  context: EngineContext,
  place: HostPlace,
  planned: HostStepWork,
): Promise<HostStepEnd> {
  const hostStep = requireHostStep(context, place.step, place.host)
  if (hostStep.attempt === undefined || isRetry(hostStep.decision?.choice)) {
    const before = await evaluateBefore(context, place, planned)
    if (before !== 'go') return before
  }
  // The probes may have captured what the actions name.
  const work = renderWork(context, place)
  if (work.problem !== undefined) {
    await failHost(context, place, { kind: 'expression', reason: work.problem })
    return 'parked'
  }
  const acted = await runActions(context, place, work)
  if (acted !== 'go') return acted
  const ticked = await awaitManual(context, place)
  if (ticked !== 'go') return ticked
  return verifyHost(context, place, work)
}

function isRetry(choice: string | undefined): boolean {
  return choice === 'retry'
}
