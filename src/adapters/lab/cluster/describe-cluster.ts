import type { NodeState, RepairState } from './cluster-state.ts'
import { addressOf, seesAlive, selectRowReplicas, selectSeenNodes } from './gossip-view.ts'
import { login } from './login.ts'
import { DEFAULT_ROLE } from './role-storage.ts'
import { schemaOf } from './schema.ts'
import { replicationMap } from './system-tables.ts'
import { hostSpec, isRunning, listNodes } from './world.ts'
import type { World } from './world.ts'

/** The cluster as plain data; a scenario's goals are expressions over it, so fields are added, never renamed. */
export type ClusterDescription = {
  readonly nowMs: number
  readonly nodes: Readonly<Record<string, NodeDescription>>
  /** Of the newest schema. */
  readonly keyspaces: Readonly<Record<string, { readonly replication: Readonly<Record<string, string>> }>>
  /** How many versions of the schema the running nodes hold; 1 is agreement. */
  readonly schemaVersions: number
  readonly roles: Readonly<Record<string, RoleDescription>>
  readonly repairs: readonly RepairDescription[]
  /** Per keyspace: hosts whose repair succeeded after the last change of its replication, without another beside it. */
  readonly repairedSinceAlter: Readonly<Record<string, readonly string[]>>
  /** Per keyspace: how often its replication was changed. */
  readonly alters: Readonly<Record<string, number>>
}

export type NodeDescription = {
  /** Of the last start; empty before the first. */
  readonly version: string
  readonly running: boolean
  readonly phase: string
  /** `UN`, `DN`, `UJ`, or `--` where it never joined; as all others see it, the worst counts. */
  readonly status: string
  readonly joined: boolean
  readonly dc: string
  readonly rack: string
  readonly address: string
  readonly clusterName: string
  readonly tokens: number
  readonly servesCql: boolean
  readonly rpcAddress: string
  readonly authenticator: string
  readonly authorizer: string
  readonly hasTopologyFile: boolean
  /** Hosts that this one sees as down. */
  readonly seesDown: readonly string[]
  readonly starts: number
  readonly failure: string
  readonly snapshots: readonly string[]
  /** What `cassandra`/`cassandra` gets here: `ok`, `refused`, `unavailable`, `open` (nobody is asked) or `closed`. */
  readonly defaultLogin: string
}

export type RoleDescription = {
  readonly superuser: boolean
  readonly login: boolean
  readonly replicas: readonly string[]
  /** Replicas that lack the newest row. */
  readonly missing: readonly string[]
}

export type RepairDescription = {
  readonly host: string
  readonly keyspace: string
  readonly full: boolean
  readonly state: RepairState
  readonly overlapped: boolean
  readonly afterAlter: boolean
}

/** Reads the whole cluster without changing it. */
export function describeCluster(world: World): ClusterDescription {
  const nodes = listNodes(world)
  const running = nodes.filter((node) => node.phase === 'normal' || node.phase === 'joining')
  const newest = [...(running.length > 0 ? running : nodes)].toSorted(
    (a, b) => b.schemaSequence - a.schemaSequence,
  )[0]
  const keyspaces = newest === undefined ? [] : Object.values(schemaOf(world, newest).keyspaces)
  const repairs = world.state.repairs.map((repair) => ({
    host: repair.host,
    keyspace: repair.keyspace,
    full: repair.options.full,
    state: repair.state,
    overlapped: repair.overlapped,
    afterAlter: repair.schemaSequence >= (world.state.altered[repair.keyspace]?.sequence ?? 0),
  }))
  const done = repairs.filter(
    (each) => each.afterAlter && each.full && each.state === 'succeeded' && !each.overlapped,
  )
  return {
    nowMs: world.clock.nowMs(),
    nodes: Object.fromEntries(world.hosts.map((host) => [host.name, describeNode(world, host.name)])),
    keyspaces: Object.fromEntries(
      keyspaces.map((each) => [each.name, { replication: replicationMap(each) }]),
    ),
    schemaVersions: new Set(running.map((node) => node.schemaSequence)).size,
    roles: newest === undefined ? {} : describeRoles(world, newest),
    repairs,
    repairedSinceAlter: Object.fromEntries(
      keyspaces.map(({ name }) => [name, hostsOf(done.filter((each) => each.keyspace === name))]),
    ),
    alters: Object.fromEntries(
      Object.entries(world.state.altered).map(([name, { writes }]) => [name, writes]),
    ),
  }
}

function hostsOf(repairs: readonly RepairDescription[]): string[] {
  return [...new Set(repairs.map((repair) => repair.host))].toSorted()
}

function describeNode(world: World, name: string): NodeDescription {
  const node = world.state.nodes[name]
  const seen = node === undefined || !isRunning(node) ? [] : selectSeenNodes(world, node)
  return {
    version: node?.version ?? '',
    running: node !== undefined && isRunning(node),
    phase: node?.phase ?? 'stopped',
    status: node === undefined ? '--' : statusOf(world, node),
    joined: node?.saved?.joined ?? false,
    dc: node?.saved?.dc ?? '',
    rack: node?.saved?.rack ?? '',
    address: node === undefined ? (hostSpec(world, name)?.address.private ?? '') : addressOf(node),
    clusterName: node?.saved?.clusterName ?? '',
    tokens: node?.saved?.tokens.length ?? 0,
    servesCql: node?.isServingCql ?? false,
    rpcAddress: node?.config?.rpcAddress ?? '',
    authenticator: node?.config?.authenticator ?? '',
    authorizer: node?.config?.authorizer ?? '',
    hasTopologyFile: node?.config?.hasTopologyFile ?? false,
    seesDown: seen.filter((each) => !each.isUp).map((each) => each.node.name),
    starts: node?.starts ?? 0,
    failure: node?.failure ?? '',
    snapshots: node?.snapshots.map((each) => `${each.keyspace}/${each.tag}`) ?? [],
    defaultLogin: node === undefined ? 'closed' : defaultLoginOf(world, node),
  }
}

function statusOf(world: World, node: NodeState): string {
  if (node.phase === 'joining') return 'UJ'
  if (node.saved?.joined !== true) return '--'
  const observers = listNodes(world).filter(
    (each) => each.phase === 'normal' && each.known.includes(node.name),
  )
  const isUp = node.phase === 'normal' && observers.every((each) => seesAlive(world, each, node))
  return isUp ? 'UN' : 'DN'
}

function defaultLoginOf(world: World, node: NodeState): string {
  if (!node.isServingCql) return 'closed'
  const credentials = { user: DEFAULT_ROLE, password: DEFAULT_ROLE }
  const outcome = login(world, node, { credentials, repair: false })
  if (outcome.kind === 'anonymous') return 'open'
  if (outcome.kind === 'role') return 'ok'
  return outcome.kind === 'unavailable' ? 'unavailable' : 'refused'
}

function describeRoles(world: World, from: NodeState): Record<string, RoleDescription> {
  const keyspace = schemaOf(world, from).keyspaces['system_auth']
  const names = [...new Set(listNodes(world).flatMap((node) => Object.keys(node.roles)))].toSorted()
  const entries = names.flatMap((name): [string, RoleDescription][] => {
    const rows = listNodes(world).flatMap((node) => node.roles[name] ?? [])
    const newest = rows.reduce((best, row) => (row.writtenAt > best.writtenAt ? row : best))
    if (newest.deleted || keyspace === undefined) return []
    const replicas = selectRowReplicas(world, from, { keyspace, key: name })
    const missing = replicas.filter((node) => node.roles[name]?.writtenAt !== newest.writtenAt)
    const { superuser, login: canLogin } = newest
    return [[name, { superuser, login: canLogin, replicas: namesOf(replicas), missing: namesOf(missing) }]]
  })
  return Object.fromEntries(entries)
}

function namesOf(nodes: readonly NodeState[]): string[] {
  return nodes.map((node) => node.name).toSorted()
}
