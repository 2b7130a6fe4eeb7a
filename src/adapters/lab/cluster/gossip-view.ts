import type { NodeState } from './cluster-state.ts'
import { parseJavaProperties } from './rackdc.ts'
import { selectReplicas } from './ring.ts'
import type { RingMember } from './ring.ts'
import { faultsOf, findNode, hostSpec, isRunning, listNodes } from './world.ts'
import type { World } from './world.ts'
import type { Keyspace } from './cluster-state.ts'

/** One node as another one sees it. */
export type SeenNode = {
  readonly node: NodeState
  readonly isUp: boolean
  readonly letter: 'N' | 'J'
  readonly dc: string
  readonly rack: string
  readonly address: string
}

/** The ring as one node sees it: itself and all that it knows from gossip. */
export function selectSeenNodes(world: World, from: NodeState): readonly SeenNode[] {
  return listNodes(world)
    .filter((node) => from.known.includes(node.name) && addressOf(node) !== '')
    .map((node) => describeSeen(world, from, node))
}

/** Whether one node counts another as alive. */
export function seesAlive(world: World, from: NodeState, to: NodeState): boolean {
  if (from.name === to.name) return isMember(to)
  return isMember(to) && from.known.includes(to.name) && hasLink(world, from, to)
}

/** Whether packets of one node reach the other at the address that it announces. */
export function hasLink(world: World, from: NodeState, to: NodeState): boolean {
  if (from.name === to.name) return true
  if (!hasNetwork(world, from.name, to.name)) return false
  const target = to.config
  if (target === undefined || from.config === undefined) return false
  if (isLoopback(target.listenAddress) || isLoopback(from.config.listenAddress)) return false
  if (from.config.isInternodeEncrypted !== target.isInternodeEncrypted) return false
  if (reachesAddress(world, { from: from.name, to: to.name, address: target.broadcastAddress })) return true
  return from.config.preferLocal && from.config.dc === target.dc && isSameSite(world, from.name, to.name)
}

/** Whether the network between two machines lets packets through in this direction. */
export function hasNetwork(world: World, from: string, to: string): boolean {
  if (world.state.partitions.includes(`${from}>${to}`)) return false
  return world.bindings.get(from)?.reaches(to) ?? true
}

/** Whether an address of a machine works from another one: private addresses end at the NAT of their site. */
export function reachesAddress(world: World, path: { from: string; to: string; address: string }): boolean {
  const target = hostSpec(world, path.to)
  if (target === undefined) return false
  if (path.address === target.address.public && target.address.public !== target.address.private) return true
  if (path.address !== target.address.private) return false
  return !isBehindNat(target.address) || isSameSite(world, path.from, path.to)
}

/** The members of the ring that a node counts with, dead ones included. */
export function selectRing(world: World, from: NodeState): readonly RingMember[] {
  return listNodes(world).flatMap((node) => {
    if (!from.known.includes(node.name) || node.saved?.joined !== true) return []
    const { dc, rack, tokens } = node.saved
    return [{ name: node.name, dc, rack, tokens }]
  })
}

/** The nodes that hold a row, as the coordinator sees the ring. */
export function selectRowReplicas(
  world: World,
  from: NodeState,
  row: { keyspace: Keyspace; key: string },
): NodeState[] {
  const names = selectReplicas(selectRing(world, from), row.keyspace, row.key)
  return names.flatMap((name) => findNode(world, name) ?? [])
}

/** The address under which a node is known. */
export function addressOf(node: NodeState): string {
  return node.saved?.address ?? node.config?.broadcastAddress ?? ''
}

export function isLoopback(address: string): boolean {
  return address === 'localhost' || address.startsWith('127.')
}

function isMember(node: NodeState): boolean {
  return node.phase === 'joining' || node.phase === 'normal'
}

function isBehindNat(address: { readonly private: string; readonly public?: string }): boolean {
  return address.public !== undefined && address.public !== address.private
}

function isSameSite(world: World, one: string, other: string): boolean {
  return hostSpec(world, one)?.site === hostSpec(world, other)?.site
}

function describeSeen(world: World, from: NodeState, node: NodeState): SeenNode {
  const isUp = faultsOf(world, from.name).staleHealth || seesAlive(world, from, node)
  const place = placeOf(world, from, { node, isUp })
  const letter = node.saved?.joined === true ? 'N' : 'J'
  return { node, isUp, letter, ...place, address: addressOf(node) }
}

/** With a topology file left in place, what is down is looked up there: a wrong datacenter appears. */
function placeOf(
  world: World,
  from: NodeState,
  seen: { node: NodeState; isUp: boolean },
): { dc: string; rack: string } {
  const { node, isUp } = seen
  const own = {
    dc: node.saved?.dc ?? node.config?.dc ?? '',
    rack: node.saved?.rack ?? node.config?.rack ?? '',
  }
  if (isUp || from.config?.hasTopologyFile !== true || !isRunning(from)) return own
  const text = world.bindings.get(from.name)?.files.read(`${from.home}/conf/cassandra-topology.properties`)
  const table = parseJavaProperties(text ?? '')
  const [dc, rack] = (table.get(addressOf(node)) ?? table.get('default') ?? '').split(':')
  return dc === undefined || rack === undefined ? own : { dc, rack }
}
