import type { Repair } from '../cluster/cluster-state.ts'
import type { World } from '../cluster/world.ts'

/** What a running repair does on a node: it compares first (`Validation`), then it streams. */
export type RepairWork = {
  readonly repair: Repair
  readonly percent: number
  readonly stage: 'validating' | 'streaming'
}

/** The part of a repair's time after which it streams. */
const VALIDATION_PERCENT = 60

/** The repairs that a node works for now, whoever asked for them. */
export function selectRepairWork(world: World, host: string): readonly RepairWork[] {
  return world.state.repairs
    .filter((repair) => repair.state === 'running' && repair.participants.includes(host))
    .map((repair) => {
      const length = Math.max(1, repair.endsAtMs - repair.startedAtMs)
      const percent = Math.min(99, Math.floor(((world.clock.nowMs() - repair.startedAtMs) / length) * 100))
      return { repair, percent, stage: percent < VALIDATION_PERCENT ? 'validating' : 'streaming' }
    })
}
