import { selectSeenNodes } from '../cluster/gossip-view.ts'
import { schemaOf } from '../cluster/schema.ts'
import { seededUuid } from '../cluster/seeded-ids.ts'
import { formatLoad } from './load-text.ts'
import type { NodetoolCall, NodetoolCommand } from './nodetool-call.ts'
import { selectRepairWork } from './repair-work.ts'

/** The commands that only tell something. */
export const NODETOOL_REPORTS: readonly (readonly [string, NodetoolCommand])[] = [
  ['version', ({ node, context }) => say(context, `ReleaseVersion: ${node.version}\n`)],
  ['info', info],
  ['statusbinary', ({ node, context }) => say(context, node.isServingCql ? 'running\n' : 'not running\n')],
  [
    'statusgossip',
    ({ node, context }) => say(context, isGossiping(node.phase) ? 'running\n' : 'not running\n'),
  ],
  ['netstats', netstats],
  ['compactionstats', compactionstats],
  ['gossipinfo', gossipinfo],
  ['tpstats', tpstats],
  ['getmaxhintwindow', maxHintWindow],
]

function say(context: NodetoolCall['context'], text: string): number {
  context.write(text)
  return 0
}

function isGossiping(phase: string): boolean {
  return phase === 'joining' || phase === 'normal'
}

function info({ world, node, traits, args, context }: NodetoolCall): number {
  const uptimeMs = world.clock.nowMs() - node.startedAtMs
  const showsTokens = args.includes('-T') || args.includes('--tokens')
  const tokens = node.saved?.tokens ?? []
  const rows: (readonly [string, string])[] = [
    ['ID', node.saved?.hostId ?? ''],
    ['Gossip active', String(isGossiping(node.phase))],
    ...(traits.hasThrift ? [['Thrift active', String(node.config?.isThriftEnabled ?? false)] as const] : []),
    ['Native Transport active', String(node.isServingCql)],
    ['Load', formatLoad(world, node, traits)],
    ['Generation No', String(Math.floor(node.startedAtMs / 1000))],
    ['Uptime (seconds)', String(Math.floor(uptimeMs / 1000))],
    ['Heap Memory (MB)', '412.36 / 3970.00'],
    ['Off Heap Memory (MB)', '0.01'],
    ['Data Center', node.saved?.dc ?? node.config?.dc ?? ''],
    ['Rack', node.saved?.rack ?? node.config?.rack ?? ''],
    ['Exceptions', '0'],
    [
      'Key Cache',
      `entries 12, size 1.05 ${traits.kilobyte}, capacity 100 M, 94 hits, 112 requests, 0.839 recent hit rate, 14400 save period in seconds`,
    ],
    [
      'Row Cache',
      'entries 0, size 0 bytes, capacity 0 bytes, 0 hits, 0 requests, NaN recent hit rate, 0 save period in seconds',
    ],
    [
      'Counter Cache',
      'entries 0, size 0 bytes, capacity 50 M, 0 hits, 0 requests, NaN recent hit rate, 7200 save period in seconds',
    ],
    ...(traits.line === '2.2' ? [] : [['Percent Repaired', '100.0%'] as const]),
    ...(showsTokens
      ? tokens.map((token) => ['Token', token] as const)
      : [['Token', `(invoke with -T/--tokens to see all ${tokens.length} tokens)`] as const]),
  ]
  return say(context, rows.map(([name, value]) => `${name.padEnd(23)}: ${value}\n`).join(''))
}

const MODES: Readonly<Record<string, string>> = {
  starting: 'STARTING',
  joining: 'JOINING',
  normal: 'NORMAL',
  draining: 'DRAINING',
  drained: 'DRAINED',
}

function netstats({ world, node, context }: NodetoolCall): number {
  context.write(`Mode: ${MODES[node.phase] ?? 'STARTING'}\n`)
  const streams = selectRepairWork(world, node.name).filter((work) => work.stage === 'streaming')
  if (node.phase === 'joining')
    context.write(`Bootstrap ${seededUuid(`${world.seed}:bootstrap:${node.name}:${node.starts}`)}\n`)
  else if (streams.length === 0) context.write('Not sending any streams.\n')
  for (const { repair } of streams) context.write(`Repair ${repair.id}\n`)
  context.write('Read Repair Statistics:\nAttempted: 0\nMismatch (Blocking): 0\nMismatch (Background): 0\n')
  context.write('Pool Name                    Active   Pending      Completed   Dropped\n')
  for (const pool of ['Large messages', 'Small messages', 'Gossip messages']) {
    context.write(`${pool.padEnd(28)}    n/a         0              0         0\n`)
  }
  return 0
}

function compactionstats({ world, node, context }: NodetoolCall): number {
  const work = selectRepairWork(world, node.name).filter((each) => each.stage === 'validating')
  context.write(`pending tasks: ${work.length}\n`)
  if (work.length > 0) {
    context.write(
      `${'id'.padStart(39)}   compaction type      keyspace   table   completed   total    unit   progress\n`,
    )
  }
  for (const { repair, percent } of work) {
    const cells = [
      'Validation',
      repair.keyspace,
      'roles',
      String(percent * 10),
      '1000',
      'bytes',
      `${percent}.00%`,
    ]
    context.write(`   ${repair.id}        ${cells.join('   ')}\n`)
  }
  return say(context, '')
}

function gossipinfo({ world, node, traits, context }: NodetoolCall): number {
  for (const seen of selectSeenNodes(world, node)) {
    const { saved, config, startedAtMs, version } = seen.node
    const status = seen.letter === 'J' ? 'BOOT' : 'NORMAL'
    const rows = [
      `generation:${Math.floor(startedAtMs / 1000)}`,
      `heartbeat:${Math.max(1, Math.floor((world.clock.nowMs() - startedAtMs) / 1000))}`,
      `STATUS:16:${status},${saved?.tokens[0] ?? ''}`,
      `LOAD:40:${Number.parseFloat(formatLoad(world, seen.node, traits)) * 1024}`,
      `SCHEMA:14:${schemaOf(world, seen.node).id}`,
      `DC:8:${saved?.dc ?? config?.dc ?? ''}`,
      `RACK:10:${saved?.rack ?? config?.rack ?? ''}`,
      `RELEASE_VERSION:4:${version}`,
      `INTERNAL_IP:6:${config?.listenAddress ?? ''}`,
      `RPC_ADDRESS:3:${config?.rpcAddress ?? ''}`,
      'NET_VERSION:1:10',
      `HOST_ID:2:${saved?.hostId ?? ''}`,
    ]
    context.write(`/${seen.address}\n${rows.map((row) => `  ${row}\n`).join('')}`)
  }
  return 0
}

function tpstats({ context }: NodetoolCall): number {
  context.write('Pool Name                    Active   Pending      Completed   Blocked  All time blocked\n')
  for (const pool of ['MutationStage', 'ReadStage', 'GossipStage', 'MigrationStage', 'ValidationExecutor']) {
    context.write(
      `${pool.padEnd(28)}${'0'.padStart(7)}${'0'.padStart(10)}${'0'.padStart(15)}${'0'.padStart(10)}${'0'.padStart(18)}\n`,
    )
  }
  return 0
}

function maxHintWindow({ node, traits, context }: NodetoolCall): number {
  if (!traits.isModern) {
    context.writeError(
      "nodetool: Found unexpected parameters: [getmaxhintwindow]\nSee 'nodetool help' or 'nodetool help <command>'.\n",
    )
    return 1
  }
  return say(context, `Current max hint window: ${node.config?.maxHintWindowMs ?? 0} ms\n`)
}
