import type { Keyspace, NodeState, Repair } from './cluster-state.ts'
import { formatSlash } from './endpoint-text.ts'
import { seesAlive, selectRing } from './gossip-view.ts'
import { selectReplicas } from './ring.ts'
import { replicationFactor, schemaOf } from './schema.ts'
import { seededUuid } from './seeded-ids.ts'
import { storeRow } from './settle-cluster.ts'
import { findNode, listNodes, logLine, nextCount, scheduleTask, traitsOf, updateNode } from './world.ts'
import type { World } from './world.ts'

export type RepairRequest = {
  readonly host: string
  readonly keyspace: string
  readonly full: boolean
  readonly primaryRange: boolean
  readonly parallelism: 'parallel' | 'sequential' | 'dc_parallel'
}

export type RepairStart =
  | { readonly kind: 'started'; readonly repair: Repair; readonly ranges: number }
  | { readonly kind: 'nothing'; readonly command: number }
  | { readonly kind: 'unknown-keyspace' }

/** Starts a repair on the servers; it goes on whether or not anybody watches it. */
export function startRepair(world: World, request: RepairRequest): RepairStart {
  const node = findNode(world, request.host)
  const keyspace = node === undefined ? undefined : schemaOf(world, node).keyspaces[request.keyspace]
  if (node === undefined || keyspace === undefined) return { kind: 'unknown-keyspace' }
  const command = node.repairCommands + 1
  updateNode(world, node.name, { repairCommands: command })
  const participants = selectParticipants(world, node, keyspace)
  if (replicationFactor(keyspace) <= 1 || participants.length <= 1) return { kind: 'nothing', command }
  const now = world.clock.nowMs()
  const others = world.state.repairs.filter(
    (each) => each.state === 'running' && each.keyspace === request.keyspace,
  )
  const repair: Repair = {
    id: seededUuid(`${world.seed}:repair:${nextCount(world)}`),
    host: node.name,
    command,
    keyspace: keyspace.name,
    options: request,
    startedAtMs: now,
    endsAtMs: now + world.timings.repairMs * participants.length,
    state: 'running',
    failure: refuseRepair(world, node, { participants, others }),
    participants: participants.map((each) => each.name),
    overlapped: others.length > 0,
    schemaSequence: node.schemaSequence,
  }
  const marked = world.state.repairs.map((each) =>
    others.includes(each) ? { ...each, overlapped: true } : each,
  )
  world.state = { ...world.state, repairs: [...marked, repair] }
  const afterMs = repair.failure === undefined ? repair.endsAtMs - now : 0
  scheduleTask(world, { kind: 'repair', node: node.name, afterMs, repair: repair.id })
  if (afterMs === 0) finishRepair(world, repair.id)
  const text = `Starting repair command #${command}, repairing keyspace ${keyspace.name}`
  logLine(world, node.name, { thread: `Thread-${command}`, source: 'RepairRunnable.java:125', text })
  return {
    kind: 'started',
    repair: findRepair(world, repair.id) ?? repair,
    ranges: countRanges(world, node, keyspace),
  }
}

/** The end of a repair: its replicas now agree, or it has failed. */
export function finishRepair(world: World, id: string): void {
  const repair = findRepair(world, id)
  const node = repair === undefined ? undefined : findNode(world, repair.host)
  if (repair?.state !== 'running' || node === undefined) return
  if (repair.failure !== undefined) {
    endRepair(world, id, { state: 'failed', endsAtMs: world.clock.nowMs() })
    const text = `Repair session ${id} failed: ${repair.failure}`
    logLine(world, node.name, {
      level: 'ERROR',
      thread: 'Repair-Task',
      source: 'RepairSession.java:340',
      text,
    })
    return
  }
  mergeRows(world, node, repair)
  endRepair(world, id, { state: 'succeeded' })
  const text = `Repair command #${repair.command} finished`
  logLine(world, node.name, {
    thread: `Repair-Task-${repair.command}`,
    source: 'RepairRunnable.java:350',
    text,
  })
}

export function findRepair(world: World, id: string): Repair | undefined {
  return world.state.repairs.find((repair) => repair.id === id)
}

function endRepair(world: World, id: string, change: Partial<Repair>): void {
  const repairs = world.state.repairs.map((each) => (each.id === id ? { ...each, ...change } : each))
  world.state = { ...world.state, repairs }
}

function refuseRepair(
  world: World,
  node: NodeState,
  state: { participants: readonly NodeState[]; others: readonly Repair[] },
): string | undefined {
  const dead = state.participants.find((each) => !seesAlive(world, node, each) || each.phase !== 'normal')
  if (dead !== undefined) return `Endpoint not alive: ${formatSlash(dead)}`
  if (state.others.length > 0 && !traitsOf(node).isModern) {
    return 'Cannot start multiple repair sessions over the same sstables'
  }
  return undefined
}

/** All nodes that share a range with this one. */
function selectParticipants(world: World, node: NodeState, keyspace: Keyspace): NodeState[] {
  const ring = selectRing(world, node)
  const sharing = new Set<string>()
  for (const token of ring.flatMap((member) => member.tokens.slice(0, SAMPLED_TOKENS))) {
    const replicas = selectReplicas(ring, keyspace, token)
    if (replicas.includes(node.name)) replicas.forEach((name) => sharing.add(name))
  }
  return listNodes(world).filter((each) => sharing.has(each.name))
}

/** Enough places of the ring to meet every set of replicas that matters. */
const SAMPLED_TOKENS = 8

function countRanges(world: World, node: NodeState, keyspace: Keyspace): number {
  const ring = selectRing(world, node)
  const total = ring.reduce((sum, member) => sum + member.tokens.length, 0)
  const share = Math.min(1, replicationFactor(keyspace) / Math.max(1, ring.length))
  return Math.round(total * share)
}

/** Every row of the repaired ranges gets its newest version on all its replicas. */
function mergeRows(world: World, node: NodeState, repair: Repair): void {
  if (repair.keyspace !== 'system_auth') return
  const keyspace = schemaOf(world, node).keyspaces['system_auth']
  if (keyspace === undefined) return
  const ring = selectRing(world, node)
  for (const peer of listNodes(world)) {
    for (const row of Object.values(peer.roles)) {
      const replicas = selectReplicas(ring, keyspace, row.name)
      const isMine = repair.options.primaryRange ? replicas[0] === node.name : replicas.includes(node.name)
      if (isMine && replicas.includes(peer.name)) replicas.forEach((name) => storeRow(world, name, row))
    }
  }
}
