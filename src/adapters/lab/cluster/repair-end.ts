import type { Repair } from './cluster-state.ts'
import { formatSlash } from './endpoint-text.ts'
import { seesAlive } from './gossip-view.ts'
import { findNode, logLine } from './world.ts'
import type { World } from './world.ts'

/** Repairs that a node takes part in fail when it goes away. */
export function failRepairsOn(world: World, name: string): void {
  endRepairs(world, (repair) => {
    if (!repair.participants.includes(name)) return undefined
    const node = findNode(world, name)
    return `Endpoint ${node === undefined ? name : formatSlash(node)} died`
  })
}

/** Repairs whose coordinator lost sight of a participant fail; called after a partition. */
export function failSeparatedRepairs(world: World): void {
  endRepairs(world, (repair) => {
    const coordinator = findNode(world, repair.host)
    if (coordinator === undefined) return undefined
    const lost = repair.participants
      .flatMap((each) => findNode(world, each) ?? [])
      .find((node) => !seesAlive(world, coordinator, node))
    return lost === undefined ? undefined : `Endpoint ${formatSlash(lost)} died`
  })
}

function endRepairs(world: World, reason: (repair: Repair) => string | undefined): void {
  const repairs = world.state.repairs.map((repair) => {
    const failure = repair.state === 'running' ? reason(repair) : undefined
    if (failure === undefined) return repair
    const text = `Repair session ${repair.id} failed: ${failure}`
    logLine(world, repair.host, {
      level: 'ERROR',
      thread: 'Repair-Task',
      source: 'RepairSession.java:340',
      text,
    })
    return { ...repair, state: 'failed' as const, failure, endsAtMs: world.clock.nowMs() }
  })
  world.state = { ...world.state, repairs }
}
