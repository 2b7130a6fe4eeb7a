import { hasLink, isLoopback, reachesAddress, seesAlive } from './gossip-view.ts'
import type { NodeState, RoleRow } from './cluster-state.ts'
import { findNode, listNodes, updateNode } from './world.ts'
import type { World } from './world.ts'

/** Lets gossip, schema and hints come to rest after any change; done at once, as nobody can see the seconds between. */
export function settleCluster(world: World): void {
  spreadGossip(world)
  spreadSchema(world)
  deliverHints(world)
}

/** Whether a node may learn of another: same cluster name, and both ways of the link open. */
export function canGossip(world: World, one: NodeState, other: NodeState): boolean {
  if (one.config === undefined || other.config === undefined) return false
  if (one.config.clusterName !== other.config.clusterName) return false
  return hasLink(world, one, other) && hasLink(world, other, one)
}

/** Whether one of the node's seed entries leads to the other node. */
export function hasSeed(world: World, node: NodeState, other: NodeState): boolean {
  const target = other.config
  if (node.config === undefined || target === undefined || isLoopback(target.listenAddress)) return false
  return node.config.seeds.some((seed) => {
    const isItsAddress = seed === target.listenAddress || seed === target.broadcastAddress
    return isItsAddress && reachesAddress(world, { from: node.name, to: other.name, address: seed })
  })
}

/** Whether a node takes itself for a seed: it compares the list with its *broadcast* address. */
export function isSeed(node: NodeState): boolean {
  return node.config?.seeds.includes(node.config.broadcastAddress) ?? false
}

function spreadGossip(world: World): void {
  for (let isChanged = true; isChanged;) {
    isChanged = false
    const members = listNodes(world).filter((node) => node.phase === 'joining' || node.phase === 'normal')
    for (const one of members) {
      for (const other of members) {
        if (one.name < other.name && meet(world, one.name, other.name)) isChanged = true
      }
    }
  }
}

function meet(world: World, oneName: string, otherName: string): boolean {
  const one = findNode(world, oneName)
  const other = findNode(world, otherName)
  if (one === undefined || other === undefined) return false
  const knows = one.known.includes(otherName) || other.known.includes(oneName)
  if (!knows && !hasSeed(world, one, other) && !hasSeed(world, other, one)) return false
  if (!canGossip(world, one, other)) return false
  const union = [...new Set([...one.known, ...other.known, oneName, otherName])].toSorted()
  if (one.known.length === union.length && other.known.length === union.length) return false
  updateNode(world, oneName, { known: union })
  updateNode(world, otherName, { known: union })
  return true
}

function spreadSchema(world: World): void {
  for (let isChanged = true; isChanged;) {
    isChanged = false
    const members = listNodes(world).filter((node) => node.phase === 'joining' || node.phase === 'normal')
    for (const node of members) {
      const newest = Math.max(
        ...members
          .filter((peer) => seesAlive(world, node, peer) && seesAlive(world, peer, node))
          .map(sequenceOf),
      )
      if (newest > node.schemaSequence) {
        updateNode(world, node.name, { schemaSequence: newest })
        isChanged = true
      }
    }
  }
}

function sequenceOf(node: NodeState): number {
  return node.schemaSequence
}

function deliverHints(world: World): void {
  for (const node of listNodes(world)) {
    if (node.phase !== 'normal' || node.hints.length === 0) continue
    const left = node.hints.filter((hint) => !deliverHint(world, node, hint))
    if (left.length < node.hints.length) updateNode(world, node.name, { hints: left })
  }
}

function deliverHint(world: World, from: NodeState, hint: NodeState['hints'][number]): boolean {
  const to = findNode(world, hint.to)
  if (to === undefined || to.phase !== 'normal' || !seesAlive(world, from, to)) return false
  storeRow(world, to.name, hint.row)
  return true
}

/** Puts a row on one replica unless it holds a newer one. */
export function storeRow(world: World, name: string, row: RoleRow): void {
  const node = findNode(world, name)
  if (node === undefined) return
  const held = node.roles[row.name]
  if (held !== undefined && held.writtenAt >= row.writtenAt) return
  updateNode(world, name, { roles: { ...node.roles, [row.name]: row } })
}
