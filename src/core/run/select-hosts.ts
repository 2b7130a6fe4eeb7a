import type { Outcome } from './events.ts'
import { isSettled, isUnderWay, workHosts } from './settled.ts'
import type { HostStepState, StepState } from './state.ts'

const WELL: ReadonlySet<Outcome> = new Set(['succeeded', 'satisfied', 'accepted'])

/**
 * Selects the hosts of a begun and confirmed step that may start now: by its order, its groups, its batch,
 * and never past its threshold of failures. What runs already is not in it.
 */
export function selectHostsToStart(step: StepState): HostStepState[] {
  if (step.counts.pending === 0 || isOverThreshold(step)) return []
  const hosts = workHosts(step)
  const group = selectGroup(step, hosts)
  const busy = group.filter(isUnderWay).length
  const pending = group.filter(({ phase }) => phase === 'pending')
  return pending.slice(0, Math.max(0, selectLimit(step, group) - busy))
}

/** Whether so many hosts failed that nothing more of the step starts until somebody has decided. */
export function isOverThreshold({ outline, counts }: StepState): boolean {
  return outline.maxFailures !== undefined && counts.failing >= outline.maxFailures
}

/** The first group of `by=` that is not settled; without `by=` all hosts. */
function selectGroup(step: StepState, hosts: readonly HostStepState[]): readonly HostStepState[] {
  const { groups } = step.outline
  if (step.outline.pickAny || groups.length < 2) return hosts
  for (const [index, begin] of groups.entries()) {
    const group = hosts.slice(begin, groups[index + 1])
    if (!group.every(isSettled)) return group
  }
  return []
}

function selectLimit(step: StepState, group: readonly HostStepState[]): number {
  const { order, batch } = step.outline
  if (order === 'serial') return selectSerialLimit(group, batch ?? 1)
  const limit = batch ?? Number.POSITIVE_INFINITY
  const hosts = workHosts(step)
  const [first] = hosts
  if (order !== 'first-then-parallel' || first === undefined) return limit
  if (isSettled(first) && hosts.some(hasGoneWell)) return limit
  return hosts.some(({ phase }) => phase === 'awaiting') ? 0 : 1
}

/** The rest follows only where one host has shown that it works: an undone or skipped first proves nothing. */
function hasGoneWell(hostStep: HostStepState): boolean {
  return isSettled(hostStep) && hostStep.outcome !== undefined && WELL.has(hostStep.outcome)
}

/** In serial order a host that waits for a person holds its place: nothing overtakes it. */
function selectSerialLimit(group: readonly HostStepState[], batch: number): number {
  return batch - group.filter(({ phase }) => phase === 'awaiting').length
}
