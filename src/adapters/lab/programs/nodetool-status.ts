import type { Keyspace } from '../cluster/cluster-state.ts'
import { selectRing, selectSeenNodes } from '../cluster/gossip-view.ts'
import type { SeenNode } from '../cluster/gossip-view.ts'
import { isSameReplication, schemaOf } from '../cluster/schema.ts'
import { formatLoad } from './load-text.ts'
import type { NodetoolCall } from './nodetool-call.ts'

/** `nodetool status [keyspace]`. */
export function statusCommand(call: NodetoolCall): number {
  const { world, node, args, context } = call
  if (node.phase === 'starting') {
    context.writeError(
      'error: The node does not have system_traces yet, probably still bootstrapping\n-- StackTrace --\n',
    )
    return 2
  }
  const owner = selectOwner(call, args[0])
  if (owner === undefined) {
    context.writeError(`Error: The keyspace ${args[0] ?? ''}, does not exist\n`)
    return 1
  }
  const seen = selectSeenNodes(world, node)
  const dcs = [...new Set(seen.map((each) => each.dc))].toSorted()
  for (const dc of dcs) {
    const header = `Datacenter: ${dc}`
    context.write(`${header}\n${'='.repeat(header.length)}\n`)
    context.write('Status=Up/Down\n|/ State=Normal/Leaving/Joining/Moving\n')
    const members = seen.filter((each) => each.dc === dc)
    context.write(formatRows(call, { members, keyspace: owner.keyspace, all: seen }))
    if (call.traits.isModern) context.write('\n')
  }
  if (!call.traits.isModern) context.write('\n')
  if (owner.keyspace === undefined) context.write(`Note: ${MEANINGLESS}\n`)
  return 0
}

const MEANINGLESS =
  "Non-system keyspaces don't have the same replication settings, effective ownership information is meaningless"

/** The keyspace whose replication the ownership follows; none where the keyspaces differ. */
function selectOwner(
  { world, node, traits }: NodetoolCall,
  wanted: string | undefined,
): { keyspace?: Keyspace } | undefined {
  const { keyspaces } = schemaOf(world, node)
  if (wanted !== undefined)
    return keyspaces[wanted] === undefined ? undefined : { keyspace: keyspaces[wanted] }
  const all = Object.values(keyspaces).filter((each) => each.strategy !== 'LocalStrategy')
  const isCounted = (each: Keyspace): boolean => traits.line === '2.2' || !each.name.startsWith('system')
  const counted = all.filter(isCounted)
  const first = counted[0] ?? keyspaces['system_traces']
  if (first === undefined || counted.some((each) => !isSameReplication(each, first))) return {}
  return { keyspace: first }
}

type Table = { members: readonly SeenNode[]; all: readonly SeenNode[]; keyspace: Keyspace | undefined }

function formatRows(call: NodetoolCall, table: Table): string {
  const head = [
    '--',
    'Address',
    'Load',
    'Tokens',
    table.keyspace === undefined ? 'Owns' : 'Owns (effective)',
    'Host ID',
    'Rack',
  ]
  const rows = table.members.map((seen) => [
    `${seen.isUp ? 'U' : 'D'}${seen.letter}`,
    seen.address,
    seen.letter === 'J' ? '?' : formatLoad(call.world, seen.node, call.traits),
    String(seen.node.saved?.tokens.length || seen.node.config?.numTokens || 0),
    table.keyspace === undefined ? '?' : formatShare(call, seen, table.keyspace),
    seen.node.saved?.hostId ?? '?',
    seen.rack,
  ])
  const lines = [head, ...rows]
  const address = Math.max('Address'.length, ...table.all.map((seen) => seen.address.length))
  const fixed = [2, address, 9, 11, table.keyspace === undefined ? 6 : 16, 36, 0]
  const widths = call.traits.isModern ? head.map((_, column) => columnWidth(lines, column)) : fixed
  return lines
    .map(
      (cells) =>
        `${cells
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

function columnWidth(lines: readonly (readonly string[])[], column: number): number {
  return Math.max(...lines.map((line) => line[column]?.length ?? 0))
}

/** The share of the rows that a node holds, as if the tokens were spread evenly. */
function formatShare({ world, node }: NodetoolCall, seen: SeenNode, keyspace: Keyspace): string {
  const ring = selectRing(world, node)
  const isSimple = keyspace.strategy === 'SimpleStrategy'
  const members = isSimple ? ring : ring.filter((member) => member.dc === seen.node.saved?.dc)
  const factor = keyspace.options[isSimple ? 'replication_factor' : (seen.node.saved?.dc ?? '')] ?? 0
  const share = members.length === 0 ? 0 : Math.min(1, factor / members.length)
  return `${(share * 100).toFixed(1)}%`
}
