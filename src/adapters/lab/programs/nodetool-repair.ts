import type { Repair } from '../cluster/cluster-state.ts'
import { findRepair, startRepair } from '../cluster/repair.ts'
import { seededToken } from '../cluster/seeded-ids.ts'
import { schemaOf } from '../cluster/schema.ts'
import { formatLogTime } from '../cluster/world.ts'
import type { NodetoolCall, NodetoolCommand } from './nodetool-call.ts'

/** `nodetool repair` and what tells of repairs. */
export const REPAIR_COMMANDS: readonly (readonly [string, NodetoolCommand])[] = [
  ['repair', repairCommand],
  ['repair_admin', repairAdminCommand],
]

async function repairCommand(call: NodetoolCall): Promise<number> {
  const { world, node, args, context } = call
  const flags = args.filter((arg) => arg.startsWith('-'))
  const named = args.filter((arg) => !arg.startsWith('-')).slice(0, 1)
  const { keyspaces } = schemaOf(world, node)
  const wanted =
    named.length > 0
      ? named
      : Object.keys(keyspaces).filter((name) => keyspaces[name]?.strategy !== 'LocalStrategy')
  for (const keyspace of wanted) {
    if (keyspaces[keyspace] === undefined) {
      context.writeError(
        `nodetool: Keyspace [${keyspace}] does not exist.\nSee 'nodetool help' or 'nodetool help <command>'.\n`,
      )
      return 1
    }
  }
  for (const keyspace of wanted) {
    const code = await repairKeyspace(call, keyspace, flags)
    if (code !== 0) return code
  }
  return 0
}

async function repairKeyspace(
  call: NodetoolCall,
  keyspace: string,
  flags: readonly string[],
): Promise<number> {
  const { world, node, traits, context } = call
  const full = ['-full', '--full', '-f'].some((flag) => flags.includes(flag))
  const primaryRange = flags.includes('-pr') || flags.includes('--partitioner-range')
  const parallelism = flags.includes('-seq') || flags.includes('--sequential') ? 'sequential' : 'parallel'
  const started = startRepair(world, { host: node.name, keyspace, full, primaryRange, parallelism })
  if (started.kind === 'unknown-keyspace') return 1
  if (started.kind === 'nothing') {
    const text = traits.isModern
      ? `Replication factor is 1. No repair is needed for keyspace '${keyspace}'`
      : `Nothing to repair for keyspace '${keyspace}'`
    context.write(`${stamp(call)} ${text}\n`)
    return 0
  }
  const { repair } = started
  const options = [
    `parallelism: ${parallelism}`,
    `primary range: ${primaryRange}`,
    `incremental: ${!full}`,
    'job threads: 1',
    'ColumnFamilies: []',
    'dataCenters: []',
    'hosts: []',
    ...(traits.isModern ? ['previewKind: NONE'] : []),
    `# of ranges: ${started.ranges}`,
    ...(traits.isModern
      ? [
          'pull repair: false',
          'force repair: false',
          'optimise streams: false',
          'ignore unreplicated keyspaces: false',
        ]
      : []),
  ]
  context.write(
    `${stamp(call)} Starting repair command #${repair.command}${traits.isModern ? ` (${repair.id})` : ''}, repairing keyspace ${keyspace} with repair options (${options.join(', ')})\n`,
  )
  return followRepair(call, repair)
}

/** Prints what the servers tell; when it is killed they go on. */
async function followRepair(call: NodetoolCall, repair: Repair): Promise<number> {
  const { cluster, world, context } = call
  const lengthMs = repair.endsAtMs - repair.startedAtMs
  for (const percent of PROGRESS_PERCENT) {
    await context.clock.sleep(
      Math.max(0, repair.startedAtMs + (lengthMs * percent) / 100 - world.clock.nowMs()),
      context.signal,
    )
    if (context.signal.aborted) return SIGNALLED
    cluster.advance()
    const now = findRepair(world, repair.id)
    if (now === undefined || now.state === 'failed' || (now.state !== 'running' && percent < 100)) break
    const range = formatRange(call, `${repair.id}:${percent}`)
    context.write(
      `${stamp(call)} Repair session ${repair.id} for range ${range} finished (progress: ${percent}%)\n`,
    )
  }
  const isOver = await waitForEnd(call, repair)
  return isOver ? reportEnd(call, findRepair(world, repair.id) ?? repair) : SIGNALLED
}

/** A clock may wake a little early, and then the servers are not quite there; false when nodetool is killed. */
async function waitForEnd(
  { cluster, world, context }: NodetoolCall,
  { id, endsAtMs }: Repair,
): Promise<boolean> {
  cluster.advance()
  while (findRepair(world, id)?.state === 'running') {
    await context.clock.sleep(Math.max(1, endsAtMs - world.clock.nowMs()), context.signal)
    if (context.signal.aborted) return false
    cluster.advance()
  }
  return true
}

function formatRange({ traits }: NodetoolCall, key: string): string {
  const range = `(${seededToken(`${key}:from`)},${seededToken(`${key}:to`)}]`
  return traits.isModern ? `[${range}]` : range
}

const PROGRESS_PERCENT = [25, 50, 75, 100]
/** 128 + SIGTERM. */
const SIGNALLED = 143

function reportEnd(call: NodetoolCall, repair: Repair): number {
  const { context } = call
  const seconds = Math.max(0, Math.round((repair.endsAtMs - repair.startedAtMs) / 1000))
  const finished = `Repair command #${repair.command} finished`
  if (repair.state === 'succeeded') {
    context.write(`${stamp(call)} Repair completed successfully\n`)
    context.write(`${stamp(call)} ${finished} in ${seconds} second${seconds === 1 ? '' : 's'}\n`)
    return 0
  }
  const cause = repair.failure ?? 'Some repair failed'
  context.write(`${stamp(call)} ${cause}\n`)
  context.write(`${stamp(call)} ${finished} with error\n`)
  context.writeError(
    `error: Repair job has failed with the error message: ${stamp(call)} ${cause}\n-- StackTrace --\njava.lang.RuntimeException: Repair job has failed with the error message: ${stamp(call)} ${cause}\n`,
  )
  return 2
}

/** Since 4.0; it knows incremental sessions only, as the real one. */
function repairAdminCommand({ world, traits, args, context }: NodetoolCall): number {
  if (!traits.isModern) {
    context.writeError(
      "nodetool: Found unexpected parameters: [repair_admin]\nSee 'nodetool help' or 'nodetool help <command>'.\n",
    )
    return 1
  }
  if (args[0] !== undefined && args[0] !== 'list') {
    context.writeError(`nodetool: the practice cluster knows only 'repair_admin list'\n`)
    return 1
  }
  const sessions = world.state.repairs.filter(
    (repair) => !repair.options.full && (repair.state === 'running' || args.includes('--all')),
  )
  if (sessions.length === 0) {
    context.write('no sessions\n')
    return 0
  }
  context.write(
    'id                                   | state     | last activity | coordinator | participants | participants_wp\n',
  )
  for (const repair of sessions) {
    const state =
      repair.state === 'running' ? 'REPAIRING' : repair.state === 'succeeded' ? 'FINALIZED' : 'FAILED'
    const seconds = Math.floor((world.clock.nowMs() - repair.startedAtMs) / 1000)
    context.write(
      `${repair.id} | ${state.padEnd(9)} | ${seconds} (s) | ${repair.host} | ${repair.participants.join(',')} | \n`,
    )
  }
  return 0
}

function stamp({ context }: NodetoolCall): string {
  return `[${formatLogTime(context.clock.nowMs())}]`
}
