import type { Keyspace } from './cluster-state.ts'
import { seededToken } from './seeded-ids.ts'

/** A member of the ring: its place and its tokens. */
export type RingMember = {
  readonly name: string
  readonly dc: string
  readonly rack: string
  readonly tokens: readonly string[]
}

/** The names of the nodes that hold the row with this key, the primary one first. */
export function selectReplicas(members: readonly RingMember[], keyspace: Keyspace, rowKey: string): string[] {
  if (keyspace.strategy === 'LocalStrategy') return []
  const walk = walkRing(members, rowKey)
  if (keyspace.strategy === 'SimpleStrategy') {
    return walk.slice(0, keyspace.options['replication_factor'] ?? 1).map((member) => member.name)
  }
  const chosen = new Set(
    Object.entries(keyspace.options).flatMap(([dc, factor]) => selectInDatacenter(walk, dc, factor)),
  )
  return walk.filter((member) => chosen.has(member.name)).map((member) => member.name)
}

/** One node per rack first, then the ones that were passed over, as NetworkTopologyStrategy does. */
function selectInDatacenter(walk: readonly RingMember[], dc: string, factor: number): string[] {
  const local = walk.filter((member) => member.dc === dc)
  const racks = new Set<string>()
  const first = local.filter((member) => !racks.has(member.rack) && racks.add(member.rack))
  const rest = local.filter((member) => !first.includes(member))
  return [...first, ...rest].slice(0, factor).map((member) => member.name)
}

function walkRing(members: readonly RingMember[], rowKey: string): RingMember[] {
  const start = BigInt(seededToken(`row:${rowKey}`))
  const ordered = members
    .map((member) => ({ member, distance: distanceTo(member.tokens, start) }))
    .toSorted((left, right) => (left.distance < right.distance ? -1 : 1))
  return ordered.map((entry) => entry.member)
}

const RING_SIZE = 1n << 64n

/** How far clockwise the member's nearest token lies; the walk meets members in this order. */
function distanceTo(tokens: readonly string[], start: bigint): bigint {
  let nearest = RING_SIZE
  for (const token of tokens) {
    const distance = (BigInt(token) - start + RING_SIZE) % RING_SIZE
    if (distance < nearest) nearest = distance
  }
  return nearest
}
