import { selectSeenNodes } from '../cluster/gossip-view.ts'
import type { SeenNode } from '../cluster/gossip-view.ts'
import { schemaOf } from '../cluster/schema.ts'
import type { NodetoolCall } from './nodetool-call.ts'

/** `nodetool describecluster`: short up to 3.11, with statistics since 4.0. */
export function describeClusterCommand(call: NodetoolCall): number {
  const { world, node, traits, context } = call
  const seen = selectSeenNodes(world, node)
  const snitch = traits.isModern ? (node.config?.snitch ?? '') : 'DynamicEndpointSnitch'
  context.write('Cluster Information:\n')
  context.write(`\tName: ${node.saved?.clusterName ?? ''}\n`)
  context.write(`\tSnitch: org.apache.cassandra.locator.${snitch}\n`)
  if (traits.isModern) context.write('\tDynamicEndPointSnitch: enabled\n')
  context.write('\tPartitioner: org.apache.cassandra.dht.Murmur3Partitioner\n')
  context.write('\tSchema versions:\n')
  for (const [version, addresses] of groupBySchema(call, seen)) {
    context.write(`\t\t${version}: [${addresses.join(', ')}]\n\n`)
  }
  if (traits.isModern) context.write(formatStatistics(call, seen))
  return 0
}

function groupBySchema({ world }: NodetoolCall, seen: readonly SeenNode[]): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  const live = seen.filter((each) => each.isUp)
  const dead = seen.filter((each) => !each.isUp)
  for (const each of live) {
    const { id } = schemaOf(world, each.node)
    groups.set(id, [...(groups.get(id) ?? []), each.address])
  }
  if (dead.length > 0)
    groups.set(
      'UNREACHABLE',
      dead.map((each) => each.address),
    )
  return groups
}

function formatStatistics({ world, node }: NodetoolCall, seen: readonly SeenNode[]): string {
  const count = (test: (each: SeenNode) => boolean): number => seen.filter(test).length
  const dcs = [...new Set(seen.map((each) => each.dc))].toSorted()
  const versions = [...new Set(seen.map((each) => each.node.version))].toSorted()
  const lines = [
    'Stats for all nodes:',
    `\tLive: ${count((each) => each.isUp)}`,
    `\tJoining: ${count((each) => each.letter === 'J')}`,
    '\tMoving: 0',
    '\tLeaving: 0',
    `\tUnreachable: ${count((each) => !each.isUp)}`,
    '',
    'Data Centers: ',
    ...dcs.map((dc) => {
      const down = count((each) => each.dc === dc && !each.isUp)
      return `\t${dc} #Nodes: ${count((each) => each.dc === dc)} #Down: ${down}`
    }),
    '',
    'Database versions:',
    ...versions.map((version) => {
      const members = seen.filter((each) => each.node.version === version)
      return `\t${version}: [${members.map((each) => `${each.address}:${each.node.config?.storagePort ?? 7000}`).join(', ')}]`
    }),
    '',
    'Keyspaces:',
    ...Object.values(schemaOf(world, node).keyspaces).map((keyspace) => {
      const options = Object.entries(keyspace.options).map(([key, factor]) => `${key}=${factor}`)
      return `\t${keyspace.name} -> Replication class: ${keyspace.strategy} {${options.join(', ')}}`
    }),
  ]
  return `${lines.join('\n')}\n`
}
