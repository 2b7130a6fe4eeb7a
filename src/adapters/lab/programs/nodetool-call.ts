import type { NodeState } from '../cluster/cluster-state.ts'
import type { VersionTraits } from '../cluster/version-traits.ts'
import type { World } from '../cluster/world.ts'
import type { ClusterModel } from '../cluster/create-cluster.ts'
import type { ProgramContext } from '../program.ts'

/** One call of nodetool that has reached its node: the arguments are those after the command's name. */
export type NodetoolCall = {
  readonly cluster: ClusterModel
  readonly world: World
  readonly node: NodeState
  readonly traits: VersionTraits
  readonly args: readonly string[]
  readonly context: ProgramContext
}

export type NodetoolCommand = (call: NodetoolCall) => number | Promise<number>
