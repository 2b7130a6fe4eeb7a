import type { NodeState } from './cluster-state.ts'
import { addressOf } from './gossip-view.ts'
import { traitsOf } from './world.ts'

/** An endpoint as Java prints it: `/192.168.10.1`, since 4.0 with the port. */
export function formatSlash(node: NodeState): string {
  return traitsOf(node).isModern
    ? `/${addressOf(node)}:${node.config?.storagePort ?? 7000}`
    : `/${addressOf(node)}`
}
