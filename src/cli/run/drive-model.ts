import type { RunStore } from '../../adapters/journal/run-store.ts'
import type { JournalRecord } from '../../core/journal/record.ts'
import type { RunState } from '../../core/run/state.ts'
import type { PreparedPlan } from '../prepare/prepare-plan.ts'

/** A run that this process holds, ready to be driven. */
export type DriveRequest = {
  readonly prepared: PreparedPlan
  readonly store: RunStore
  readonly state: RunState
  readonly operator: string
  /** Records that are durable already and not shown yet. */
  readonly shown: readonly JournalRecord[]
  /** Look first whether what succeeded still holds. */
  readonly rechecks: boolean
  readonly epoch: number
}
