import { completeEvent } from '../../adapters/journal/load-run-state.ts'
import type { JournalEvent } from '../../core/journal/record.ts'
import { buildAdoption, type Adoption } from '../../core/run/decide-correction.ts'
import type { RunEvent } from '../../core/run/events.ts'
import { reduceEvent } from '../../core/run/reduce.ts'
import type { PreparedPlan } from '../prepare/prepare-plan.ts'
import type { KeptRun } from './open-kept-run.ts'
import { storePlan } from './store-plan.ts'

/** Makes a run go by another plan from now on, durably; steps that ran under another text turn stale. */
export async function adoptPlan(kept: KeptRun, prepared: PreparedPlan, adoption: Adoption): Promise<void> {
  const stored = await storePlan(prepared, kept.store)
  const runbookSha256 = prepared.plan.runbook.sha256
  await recordKept(kept, buildAdoption(kept.state, { ...stored, runbookSha256 }, adoption))
}

/** Records events about a run that this process holds and no engine drives. */
export async function recordKept({ store, state }: KeptRun, events: readonly RunEvent[]): Promise<void> {
  const records = await store.append(events as unknown as readonly JournalEvent[])
  for (const record of records) {
    const event = record.event as unknown as RunEvent
    reduceEvent(state, await completeEvent(event, { get: store.getValue }), Date.parse(record.t))
  }
}
