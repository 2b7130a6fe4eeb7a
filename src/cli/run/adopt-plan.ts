import { completeEvent } from '../../adapters/journal/load-run-state.ts'
import type { JournalEvent } from '../../core/journal/record.ts'
import type { RunEvent } from '../../core/run/events.ts'
import { reduceEvent } from '../../core/run/reduce.ts'
import type { PreparedPlan } from '../prepare/prepare-plan.ts'
import type { PlanChange } from './compare-plans.ts'
import type { KeptRun } from './open-kept-run.ts'
import { storePlan } from './store-plan.ts'

/** Longest list of changes that one record holds. */
const CHANGES_NAMED = 30

/** Makes a run go by another plan from now on, durably; steps that ran under another text turn stale. */
export async function adoptPlan(
  { store, state }: KeptRun,
  prepared: PreparedPlan,
  by: {
    readonly operator: string
    readonly changes: readonly PlanChange[]
    /** What changes beside the steps: how hosts are reached, where secrets are read. */
    readonly surroundings?: readonly string[]
    readonly first?: readonly RunEvent[]
  },
): Promise<void> {
  const { outlineDigest, snapshot, inputs } = await storePlan(prepared, store)
  const { changes, operator, first = [], surroundings = [] } = by
  const told = [...changes.map(({ step, kind }) => `${step}: ${kind}`), ...surroundings]
  const more = told.length - CHANGES_NAMED
  const adopted: RunEvent = {
    type: 'plan-adopted',
    outlineDigest,
    snapshot,
    inputs,
    by: operator,
    changes: [...told.slice(0, CHANGES_NAMED), ...(more > 0 ? [`and ${more} more`] : [])],
    stale: changes.flatMap(({ step, kind }) => (kind === 'changed after it ran' ? [step] : [])),
    runbookSha256: prepared.plan.runbook.sha256,
  }
  const records = await store.append([...first, adopted] as unknown as readonly JournalEvent[])
  for (const record of records) {
    const event = record.event as unknown as RunEvent
    reduceEvent(state, await completeEvent(event, { get: store.getValue }), Date.parse(record.t))
  }
}
