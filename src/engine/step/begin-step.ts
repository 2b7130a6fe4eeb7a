import { LOCAL_HOST, type HostName, type StepId } from '../../core/base/ids.ts'
import type { HostStepWork, PlanStep } from '../../core/plan/model.ts'
import { workHosts } from '../../core/run/settled.ts'
import { renderWork, selectPlanStep, type EngineContext } from '../context.ts'
import { removeFixtures, writeFixtures } from '../file/fixtures.ts'
import { planFileChange } from '../file/plan-file-change.ts'
import { isEditShown, showEdit } from '../file/show-edit.ts'
import { prepareBase } from '../job/prepare-base.ts'
import { selectLink } from '../link/host-link.ts'
import { evaluateProbes } from '../probe/evaluate-probes.ts'
import { buildCheckFailure, endHost, failHost } from './end-host.ts'
import type { HostPlace } from './step-model.ts'

/**
 * Begins a step, touching nothing: chooses the host of `pick=any`, looks which hosts are done already, evaluates
 * the requirements on all of them, and computes the diffs that a person is asked to approve.
 */
export async function beginStep(context: EngineContext, id: StepId): Promise<void> {
  const step = selectPlanStep(context, id)
  if (step.pickAny) await pickHost(context, step)
  if (step.touches.actions > 0) {
    const hosts = workHosts(context.state.steps.get(id)!).filter(
      ({ phase, host }) => phase === 'pending' && !context.state.excluded.has(host),
    )
    await forEachAtOnce(hosts, context.limits.hostsAtOnce, ({ host }) => previewHost(context, step, host))
  }
  if (!context.detach.aborted) await context.record({ type: 'step-began', step: id })
}

/** The first host that can be reached is pinned for the run, whatever becomes of it later. */
async function pickHost(context: EngineContext, step: PlanStep): Promise<void> {
  if (context.state.steps.get(step.id)?.picked !== undefined) return
  let chosen = step.hosts[0]
  for (const host of step.hosts) {
    const opened = host === LOCAL_HOST ? { ok: true } : await selectLink(context, host).open(0)
    if (!opened.ok) continue
    chosen = host
    break
  }
  if (chosen !== undefined) await context.record({ type: 'host-picked', step: step.id, host: chosen })
}

/** One host's part: done already, not allowed, or to be changed by these diffs. */
async function previewHost(context: EngineContext, step: PlanStep, host: HostName): Promise<void> {
  const needsLook =
    step.touches.checks > 0 ||
    step.touches.requires > 0 ||
    step.repeat === 'idempotent' ||
    hasFiles(context, step, host)
  if (!needsLook) return
  const place: HostPlace = { step: step.id, host, beganMs: context.clock.monoMs() }
  const prepared = await prepareBase(context, {
    host,
    as: undefined,
    reconnectMs: context.limits.firstContactMs,
  })
  if (!prepared.ok) return failHost(context, place, prepared.failure)
  const work = renderWork(context, place)
  if (work.problem !== undefined || work.skipped !== undefined) return
  const target = { host, reconnectMs: context.limits.firstContactMs, neededMs: PREVIEW_MS }
  const failure = await writeFixtures(context, target, work.fixtures)
  try {
    if (failure !== undefined) await failHost(context, place, failure)
    else await previewWork(context, place, work)
  } finally {
    await removeFixtures(context, target, work.fixtures)
  }
}

/** Longest that temporary files of a preview may live if nobody removes them. */
const PREVIEW_MS = 10 * 60_000

function hasFiles(context: EngineContext, step: PlanStep, host: HostName): boolean {
  return renderWork(context, { step: step.id, host }).actions.some(({ file }) => file !== undefined)
}

async function previewWork(context: EngineContext, place: HostPlace, work: HostStepWork): Promise<void> {
  if (work.checks.length > 0) {
    const { verdict, worst } = await evaluateProbes(context, {
      ...place,
      probes: work.checks,
      moment: 'preview',
      polls: false,
    })
    if (verdict === 'inconclusive') return failHost(context, place, buildCheckFailure(worst))
    if (verdict === 'pass' && !work.actions.some(({ file }) => file !== undefined))
      return endHost(context, place, { outcome: 'satisfied' })
  }
  const required = await evaluateProbes(context, {
    ...place,
    probes: work.requires,
    moment: 'require',
    polls: true,
  })
  if (required.verdict !== 'pass') return failHost(context, place, buildCheckFailure(required.worst))
  await previewFiles(context, place, work)
}

async function previewFiles(context: EngineContext, place: HostPlace, work: HostStepWork): Promise<void> {
  const { step, host } = place
  let isOpen = work.actions.some(({ file }) => file === undefined)
  for (const action of work.actions) {
    if (action.file === undefined) continue
    const change = await planFileChange(context, host, action)
    if (change.kind === 'failed') return failHost(context, place, change.failure)
    if (change.kind === 'unchanged') continue
    isOpen = true
    const at = { step, host, action: action.index }
    if (!isEditShown(context, at, change)) await showEdit(context, at, change)
  }
  if (!isOpen) await endHost(context, place, { outcome: 'satisfied' })
}

async function forEachAtOnce<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items]
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
}
