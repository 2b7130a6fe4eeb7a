import type { HostStepState } from '../core/run/state.ts'
import { formatFailure } from '../core/run/failure-words.ts'
import { renderWork, type EngineContext } from './context.ts'
import { removeFixtures, writeFixtures } from './file/fixtures.ts'
import { evaluateProbes } from './probe/evaluate-probes.ts'

/**
 * One read-only pass over the checks of everything that succeeded: after hours, for another operator, or after a
 * host's restart. What no longer holds turns stale, durably, before anything that changes a host may begin.
 */
export async function recheckRun(
  context: EngineContext,
): Promise<{ readonly checked: number; readonly stale: number }> {
  const done = [...context.state.steps.values()].flatMap((step) =>
    [...step.hosts.values()].filter(
      ({ phase, outcome, stale }) =>
        phase === 'ended' && stale === undefined && (outcome === 'succeeded' || outcome === 'satisfied'),
    ),
  )
  let stale = 0
  for (const hostStep of done) {
    if (context.detach.aborted) break
    const reason = await recheckHost(context, hostStep)
    if (reason === undefined) continue
    stale += 1
    await context.record({ type: 'host-stale', step: hostStep.step, host: hostStep.host, reason })
  }
  return { checked: done.length, stale }
}

/** Why a host-step no longer counts as done; undefined while it does, or has nothing to look at. */
async function recheckHost(
  context: EngineContext,
  { step, host }: HostStepState,
): Promise<string | undefined> {
  const work = renderWork(context, { step, host })
  if (work.checks.length === 0 || work.problem !== undefined) return undefined
  const target = { host, reconnectMs: 0, neededMs: context.limits.firstContactMs }
  const failure = await writeFixtures(context, target, work.fixtures)
  try {
    if (failure !== undefined) return `it could not be looked at: ${formatFailure(failure)}`
    const { verdict, worst } = await evaluateProbes(context, {
      step,
      host,
      probes: work.checks,
      moment: 'recheck',
      polls: false,
    })
    if (verdict === 'pass') return undefined
    return worst?.reason ?? (verdict === 'fail' ? 'its check fails' : 'its check cannot tell')
  } finally {
    await removeFixtures(context, target, work.fixtures)
  }
}
