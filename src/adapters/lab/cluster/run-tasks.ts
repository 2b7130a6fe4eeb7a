import type { Task } from './cluster-state.ts'
import { beginGossip, finishJoin, setUpSuperuser } from './join-ring.ts'
import { finishRepair } from './repair.ts'
import { validateStart } from './start-node.ts'
import { finishDrain } from './stop-node.ts'
import { findNode } from './world.ts'
import type { World } from './world.ts'

/** The task that is due next. */
export function selectNextTask(world: World): Task | undefined {
  return world.state.tasks.reduce<Task | undefined>((first, task) => {
    if (first === undefined || task.dueMs < first.dueMs) return task
    return task.dueMs === first.dueMs && task.order < first.order ? task : first
  }, undefined)
}

/** Does what a task planned, unless its node has been started anew since. */
export function runTask(world: World, task: Task): void {
  world.state = { ...world.state, tasks: world.state.tasks.filter((each) => each.order !== task.order) }
  if (task.kind === 'repair') return finishRepair(world, task.repair ?? '')
  const node = findNode(world, task.node)
  if (node === undefined || node.starts !== task.starts || node.phase === 'stopped') return
  if (task.kind === 'validate') return validateStart(world, task.node)
  if (task.kind === 'gossip') return beginGossip(world, task.node)
  if (task.kind === 'finish') return finishJoin(world, task.node)
  if (task.kind === 'drained') return finishDrain(world, task.node)
  return setUpSuperuser(world, task.node)
}
