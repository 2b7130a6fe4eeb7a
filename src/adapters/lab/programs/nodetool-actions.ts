import { snapshotManifest } from '../cluster/node-disk.ts'
import { schemaOf } from '../cluster/schema.ts'
import { drainNode, stopNode } from '../cluster/stop-node.ts'
import { findNode, updateNode } from '../cluster/world.ts'
import type { NodetoolCall, NodetoolCommand } from './nodetool-call.ts'

/** The commands that do something besides repairs. */
export const NODETOOL_ACTIONS: readonly (readonly [string, NodetoolCommand])[] = [
  ['snapshot', snapshot],
  ['listsnapshots', listSnapshots],
  ['clearsnapshot', clearSnapshot],
  ['drain', drain],
  ['flush', () => 0],
  ['stopdaemon', stopDaemon],
  ['disablebinary', (call) => setBinary(call, false)],
  ['enablebinary', (call) => setBinary(call, true)],
]

function snapshot({ world, node, args, context }: NodetoolCall): number {
  const { keyspaces } = schemaOf(world, node)
  const tagAt = args.findIndex((arg) => arg === '-t' || arg === '--tag')
  const tag = tagAt < 0 ? String(world.clock.nowMs()) : (args[tagAt + 1] ?? '')
  const named = args.filter((arg, index) => !arg.startsWith('-') && (tagAt < 0 || index !== tagAt + 1))
  const unknown = named.find((name) => keyspaces[name] === undefined)
  if (unknown !== undefined) {
    context.writeError(
      `nodetool: Keyspace [${unknown}] does not exist.\nSee 'nodetool help' or 'nodetool help <command>'.\n`,
    )
    return 1
  }
  if (
    node.snapshots.some((each) => each.tag === tag && (named.length === 0 || named.includes(each.keyspace)))
  ) {
    context.writeError(
      `error: Snapshot ${tag} already exists.\n-- StackTrace --\njava.io.IOException: Snapshot ${tag} already exists.\n`,
    )
    return 2
  }
  const wanted = named.length > 0 ? named : Object.keys(keyspaces)
  const taken = wanted.map((keyspace) => ({ tag, keyspace, atMs: world.clock.nowMs() }))
  updateNode(world, node.name, { snapshots: [...node.snapshots, ...taken] })
  for (const each of taken)
    world.bindings.get(node.name)?.files.write(snapshotManifest(node, each), '{"files":[]}\n')
  const what = named.length > 0 ? named.join(', ') : 'all keyspaces'
  context.write(
    `Requested creating snapshot(s) for [${what}] with snapshot name [${tag}] and options {skipFlush=false}\n`,
  )
  context.write(`Snapshot directory: ${tag}\n`)
  return 0
}

function listSnapshots({ world, node, context }: NodetoolCall): number {
  const files = world.bindings.get(node.name)?.files
  const kept = node.snapshots.filter(
    (each) => files === undefined || files.exists(snapshotManifest(node, each)),
  )
  if (kept.length === 0) {
    context.write('Snapshot Details: \nThere are no snapshots\n')
    return 0
  }
  context.write('Snapshot Details: \nSnapshot name Keyspace name Column family name True size Size on disk\n')
  for (const each of kept) context.write(`${each.tag} ${each.keyspace} roles 5.1 KB 5.2 KB\n`)
  context.write('\nTotal TrueDiskSpaceUsed: 5.1 KB\n\n')
  return 0
}

function clearSnapshot({ world, node, traits, args, context }: NodetoolCall): number {
  const tagAt = args.indexOf('-t')
  const tag = tagAt < 0 ? undefined : args[tagAt + 1]
  if (tag === undefined && traits.isModern && !args.includes('--all')) {
    context.writeError('nodetool: Specify snapshot name or --all\n')
    return 1
  }
  const isGone = (each: { tag: string }): boolean => tag === undefined || each.tag === tag
  for (const each of node.snapshots.filter(isGone)) {
    world.bindings.get(node.name)?.files.remove(snapshotManifest(node, each))
  }
  updateNode(world, node.name, { snapshots: node.snapshots.filter((each) => !isGone(each)) })
  context.write(
    `Requested clearing snapshot(s) for [all keyspaces]${tag === undefined ? '' : ` with snapshot name [${tag}]`}\n`,
  )
  return 0
}

async function drain({ cluster, world, node, context }: NodetoolCall): Promise<number> {
  if (node.phase === 'drained') return 0
  drainNode(world, node.name)
  await context.clock.sleep(world.timings.drainMs, context.signal)
  cluster.advance()
  return 0
}

function stopDaemon({ world, node, context }: NodetoolCall): number {
  stopNode(world, node.name, 'shutdown')
  context.write('Cassandra has shutdown.\n')
  return 0
}

function setBinary({ world, node }: NodetoolCall, isServing: boolean): number {
  const now = findNode(world, node.name)
  if (now?.phase === 'normal') updateNode(world, node.name, { isServingCql: isServing })
  return 0
}
