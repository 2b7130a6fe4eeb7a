import type { NodeState } from '../cluster/cluster-state.ts'
import { seededHash } from '../cluster/seeded-ids.ts'
import type { VersionTraits } from '../cluster/version-traits.ts'
import type { World } from '../cluster/world.ts'

/** The amount of data of a node, such as `212.4 KB`: made up, but the same at every look. */
export function formatLoad(world: World, node: NodeState, traits: VersionTraits): string {
  const tenths =
    1000n +
    (seededHash(`${world.seed}:load:${node.name}`) % 1500n) +
    BigInt(Object.keys(node.roles).length * 7)
  return `${Number(tenths) / 10} ${traits.kilobyte}`
}
