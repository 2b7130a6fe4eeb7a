import type { Keyspace, NodeState, RoleRow } from './cluster-state.ts'
import { seesAlive, selectRowReplicas } from './gossip-view.ts'
import { replicationFactor, schemaOf } from './schema.ts'
import { seededHash } from './seeded-ids.ts'
import { storeRow } from './settle-cluster.ts'
import { listNodes, nextCount, traitsOf, updateNode } from './world.ts'
import type { World } from './world.ts'

export type Consistency = 'ONE' | 'LOCAL_ONE' | 'QUORUM' | 'LOCAL_QUORUM' | 'EACH_QUORUM'

/** Too few replicas are alive for the consistency asked for. */
export type Unavailable = {
  readonly kind: 'unavailable'
  readonly consistency: Consistency
  readonly required: number
  readonly alive: number
}

export const DEFAULT_ROLE = 'cassandra'

/** The consistency at which a role is looked up: the default superuser's is QUORUM over all datacenters. */
export function readConsistencyOf(coordinator: NodeState, role: string): Consistency {
  if (role === DEFAULT_ROLE) return 'QUORUM'
  return traitsOf(coordinator).hasQuorumAuth ? 'LOCAL_QUORUM' : 'LOCAL_ONE'
}

/** The consistency at which a role is written: since 4.1 a quorum in every datacenter must be up. */
export function writeConsistencyOf(coordinator: NodeState, role: string): Consistency {
  return traitsOf(coordinator).hasQuorumAuth ? 'EACH_QUORUM' : readConsistencyOf(coordinator, role)
}

/** Reads a role's row as its coordinator would; `repair` also mends the replicas that were asked. */
export function readRole(
  world: World,
  coordinator: NodeState,
  query: { readonly role: string; readonly consistency: Consistency; readonly repair?: boolean },
): Unavailable | { readonly kind: 'row'; readonly row: RoleRow | undefined } {
  const picked = pickReplicas(world, coordinator, { key: query.role, consistency: query.consistency })
  if (picked.kind === 'unavailable') return picked
  const rows = picked.asked.flatMap((node) => node.roles[query.role] ?? [])
  const newest = rows.reduce<RoleRow | undefined>(
    (best, row) => (best === undefined || row.writtenAt > best.writtenAt ? row : best),
    undefined,
  )
  if (query.repair === true && newest !== undefined) {
    for (const node of picked.asked) storeRow(world, node.name, newest)
  }
  return { kind: 'row', row: newest?.deleted === true ? undefined : newest }
}

/** All roles as a node's coordinator sees them, sorted by name. */
export function readAllRoles(
  world: World,
  coordinator: NodeState,
  consistency: Consistency,
): Unavailable | { readonly kind: 'rows'; readonly rows: readonly RoleRow[] } {
  const names = [...new Set(listNodes(world).flatMap((node) => Object.keys(node.roles)))].toSorted()
  const rows: RoleRow[] = []
  for (const role of names.length === 0 ? [DEFAULT_ROLE] : names) {
    const read = readRole(world, coordinator, { role, consistency })
    if (read.kind === 'unavailable') return read
    if (read.row !== undefined) rows.push(read.row)
  }
  return { kind: 'rows', rows }
}

/** Writes a role's row to all living replicas and hints for the dead ones. */
export function writeRole(
  world: World,
  coordinator: NodeState,
  row: Omit<RoleRow, 'writtenAt'>,
): Unavailable | { readonly kind: 'written' } {
  const consistency = writeConsistencyOf(coordinator, row.name)
  const picked = pickReplicas(world, coordinator, { key: row.name, consistency })
  if (picked.kind === 'unavailable') return picked
  const written: RoleRow = { ...row, writtenAt: nextCount(world) }
  for (const node of picked.alive) storeRow(world, node.name, written)
  for (const node of picked.dead) {
    const hints = world.state.nodes[coordinator.name]?.hints ?? []
    const hint = { to: node.name, row: written, sinceMs: world.clock.nowMs() }
    updateNode(world, coordinator.name, { hints: [...hints, hint] })
  }
  return { kind: 'written' }
}

type Picked =
  | Unavailable
  | {
      readonly kind: 'picked'
      readonly asked: NodeState[]
      readonly alive: NodeState[]
      readonly dead: NodeState[]
    }

/** The replicas that answer a request: the nearest ones that are alive, as many as the consistency needs. */
function pickReplicas(
  world: World,
  coordinator: NodeState,
  query: { readonly key: string; readonly consistency: Consistency },
): Picked {
  const keyspace = schemaOf(world, coordinator).keyspaces['system_auth']
  if (keyspace === undefined)
    return { kind: 'unavailable', consistency: query.consistency, required: 1, alive: 0 }
  const replicas = selectRowReplicas(world, coordinator, { keyspace, key: query.key })
  const ordered = [...replicas].toSorted(
    (one, other) => distance(coordinator, one) - distance(coordinator, other),
  )
  const alive = ordered.filter((node) => seesAlive(world, coordinator, node))
  const dead = ordered.filter((node) => !alive.includes(node))
  const dc = coordinator.saved?.dc ?? ''
  const short = lackingReplicas({ keyspace, alive, dc, consistency: query.consistency })
  if (short !== undefined) return short
  const pool = query.consistency.startsWith('LOCAL') ? alive.filter((node) => node.saved?.dc === dc) : alive
  const needed = neededReplicas(keyspace, dc, query.consistency)
  return { kind: 'picked', asked: pool.slice(0, needed), alive, dead }
}

function lackingReplicas(query: {
  keyspace: Keyspace
  alive: readonly NodeState[]
  dc: string
  consistency: Consistency
}): Unavailable | undefined {
  const { keyspace, alive, dc, consistency } = query
  if (consistency === 'EACH_QUORUM' && keyspace.strategy === 'NetworkTopologyStrategy') {
    const short = Object.entries(keyspace.options).find(
      ([name, factor]) => countIn(alive, name) < majority(factor),
    )
    if (short === undefined) return undefined
    return { kind: 'unavailable', consistency, required: majority(short[1]), alive: countIn(alive, short[0]) }
  }
  const count = consistency.startsWith('LOCAL') ? countIn(alive, dc) : alive.length
  const required = neededReplicas(keyspace, dc, consistency)
  return count >= required ? undefined : { kind: 'unavailable', consistency, required, alive: count }
}

function neededReplicas(keyspace: Keyspace, dc: string, consistency: Consistency): number {
  if (consistency === 'ONE' || consistency === 'LOCAL_ONE') return 1
  if (consistency === 'LOCAL_QUORUM' && isPerDatacenter(keyspace)) return majority(keyspace.options[dc] ?? 0)
  return majority(replicationFactor(keyspace))
}

function isPerDatacenter(keyspace: Keyspace): boolean {
  return keyspace.strategy === 'NetworkTopologyStrategy'
}

function majority(factor: number): number {
  return Math.floor(factor / 2) + 1
}

function countIn(nodes: readonly NodeState[], dc: string): number {
  return nodes.filter((node) => node.saved?.dc === dc).length
}

/** Itself, its rack, its datacenter, the rest; inside each in an order that every coordinator has of its own. */
function distance(from: NodeState, to: NodeState): number {
  if (from.name === to.name) return 0
  const order = Number(seededHash(`${from.name}>${to.name}`) % 1000n) / 1000
  if (from.saved?.dc !== to.saved?.dc) return 3 + order
  return (from.saved?.rack === to.saved?.rack ? 1 : 2) + order
}
