import type { StepId } from '../base/ids.ts'
import type { PlanOutline } from './outline.ts'
import { isUnderWay } from './settled.ts'
import type { HostStepState, JobState, RunState } from './state.ts'

/** How an edited runbook differs from the one that a run goes by, step by step. */
export type PlanChange = {
  readonly step: StepId
  readonly kind: 'changed' | 'changed after it ran' | 'changed while it runs' | 'removed' | 'added' | 'moved'
  /** `added`: before a step that has begun already. */
  readonly isBehind: boolean
  /** `added`: something of it ran in this run, before it was taken out; adopted, it begins anew. */
  readonly hasRun?: true
}

/** Compares what a run goes by with a new plan; an empty list: nothing that decides what runs has changed. */
export function comparePlans(state: RunState, next: PlanOutline): readonly PlanChange[] {
  const before = state.outline
  const old = new Map(before.steps.map((step) => [step.id, step]))
  const known = new Set(next.steps.map(({ id }) => id))
  const cursor = next.steps.findLastIndex(({ id }) => state.steps.get(id)?.began === true)
  const order = before.steps.map(({ id }) => id).filter((id) => known.has(id))
  const common = next.steps.map(({ id }) => id).filter((id) => old.has(id))
  const changes: PlanChange[] = []
  next.steps.forEach((step, index) => {
    const was = old.get(step.id)
    const isBehind = index <= cursor
    if (was === undefined)
      changes.push({
        step: step.id,
        kind: 'added',
        isBehind,
        ...(hasRun(state, step.id) && { hasRun: true }),
      })
    else if (was.hash !== step.hash)
      changes.push({ step: step.id, kind: selectKind(state, step.id), isBehind })
    else if (order.indexOf(step.id) !== common.indexOf(step.id))
      changes.push({ step: step.id, kind: 'moved', isBehind })
  })
  for (const { id } of before.steps)
    if (!known.has(id))
      changes.push({
        step: id,
        kind: isHeld(state, id) ? 'changed while it runs' : 'removed',
        isBehind: true,
      })
  return changes
}

function selectKind(state: RunState, id: StepId): PlanChange['kind'] {
  if (isHeld(state, id)) return 'changed while it runs'
  return selectHostSteps(state, id).some(({ phase }) => phase === 'ended')
    ? 'changed after it ran'
    : 'changed'
}

/** Whether something of it may still be at work on a host, under the old text; a plain failure is not. */
function isHeld(state: RunState, id: StepId): boolean {
  return selectHostSteps(state, id).some(
    (host) =>
      isUnderWay(host) ||
      (host.phase === 'awaiting' &&
        (host.attempt?.kind === 'undo' || host.attempt?.jobs.some(isOpenJob) === true)),
  )
}

function isOpenJob({ state }: JobState): boolean {
  return state === 'intent' || state === 'running' || state === 'unknown'
}

function hasRun({ jobs }: RunState, id: StepId): boolean {
  return [...jobs.values()].some(({ step }) => step === id)
}

function selectHostSteps(state: RunState, id: StepId): readonly HostStepState[] {
  return [...(state.steps.get(id)?.hosts.values() ?? [])]
}
