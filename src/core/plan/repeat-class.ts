import type { Fence } from '../runbook/model.ts'
import type { PlanStep, RepeatClass } from './model.ts'

/** How a step may be repeated when it is not known whether it ran. */
export function decideRepeat(fences: readonly Fence[]): RepeatClass {
  const actions = fences.filter((fence) => ACTIONS.has(fence.verb))
  const runs = actions.filter((fence) => fence.verb === 'run')
  if (actions.length === 0) return 'probe-only'
  if (runs.some((fence) => fence.options.interactive)) return 'interactive'
  if (runs.length === 0) return 'idempotent'
  if (runs.every((fence) => fence.options.repeatSafe)) return 'safe'
  return fences.some((fence) => fence.verb === 'check' && !fence.options.warn) ? 'guarded' : 'once'
}

/** How many fences of each kind a step has. */
export function countFences(fences: readonly Fence[], fixtures: number): PlanStep['touches'] {
  const count = (verb: Fence['verb']) => fences.filter((fence) => fence.verb === verb).length
  return {
    actions: fences.filter((fence) => ACTIONS.has(fence.verb)).length,
    checks: count('check'),
    verifies: count('verify'),
    requires: count('require'),
    undos: count('undo'),
    files: count('edit') + count('file'),
    fixtures,
  }
}

const ACTIONS: ReadonlySet<Fence['verb']> = new Set(['run', 'edit', 'file'])
