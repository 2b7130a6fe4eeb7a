import { createHash } from 'node:crypto'
import { BugError, UsageError } from '../../../core/base/errors.ts'
import type { Digest } from '../../../core/base/ids.ts'
import { parseInventory } from '../../../core/inventory/parse-inventory.ts'
import type { ClusterState } from '../cluster/cluster-state.ts'
import { createCluster, REAL_TIMINGS } from '../cluster/create-cluster.ts'
import type { ClusterModel } from '../cluster/create-cluster.ts'
import { buildLabClock } from '../host/lab-clock.ts'
import type { LabHost, HostSnapshot } from '../host/lab-host.ts'
import { buildHostKey, startLabHost } from '../server/start-lab-host.ts'
import type { RunningLabHost } from '../server/start-lab-host.ts'
import { buildScenarioHost } from './build-scenario-host.ts'
import { createFaultDirector } from './fault-director.ts'
import type { FaultDirector } from './fault-director.ts'
import { checkGoals } from './goals.ts'
import type { GoalResult } from './goals.ts'
import { formatLabInventory } from './lab-inventory.ts'
import type { LabAccess } from './lab-inventory.ts'
import type { Scenario } from './load-scenario.ts'
import { prepareState } from './prepare-state.ts'
import type { Goal } from './scenario-schema.ts'

/** All that brings a lab back: plain data. */
export type SavedLab = {
  readonly format: 1
  readonly identity: { readonly private: string; readonly public: string }
  readonly hosts: Readonly<Record<string, SavedHost>>
  readonly cluster: ClusterState
}
type SavedHost = {
  readonly port: number
  readonly hostKey: { readonly private: string; readonly public: string }
  readonly snapshot: HostSnapshot
}

export type LabOptions = {
  readonly scenario: Scenario
  /** A lab to go on with; its faults are those of the scenario again. */
  readonly saved?: SavedLab
  /** How much faster than told the cluster works. */
  readonly haste?: number
  /** Told of everything that somebody does on a host. */
  readonly onContact?: () => void
}

/** The running practice hosts of one scenario. */
export type Lab = {
  readonly scenario: Scenario
  readonly cluster: ClusterModel
  readonly faults: FaultDirector
  /** The private key with which the login account gets in. */
  readonly identity: string
  /** As a known_hosts file has it. */
  readonly knownHosts: string
  readonly user: string
  readonly ports: Readonly<Record<string, number>>
  formatInventory(access: Pick<LabAccess, 'identity' | 'knownHosts' | 'secrets'>): string
  /** What a host's file holds; for goals and tests. */
  readFile(host: string, path: string): string | undefined
  checkGoals(goals?: readonly Goal[]): readonly GoalResult[]
  openConnections(): number
  snapshot(): SavedLab
  stop(): Promise<void>
}

const ADDRESS = '127.0.0.1'

/** Starts the practice hosts of a scenario in this process, on loopback. */
export async function startLab(options: LabOptions): Promise<Lab> {
  const { scenario, saved } = options
  const { data } = scenario
  const clock = buildLabClock()
  const specs = scenario.inventory.hosts.map((host) => ({
    name: host.name,
    site: host.dc ?? '',
    address: { private: host.address?.private ?? '', ...publicAddress(host.address) },
  }))
  const cluster = createCluster({
    hosts: specs,
    clock,
    seed: scenario.name,
    timings: hasten({ ...REAL_TIMINGS, ...data.timings }, options.haste ?? 1),
    ...(saved === undefined ? {} : { state: saved.cluster }),
  })
  const faults = createFaultDirector({ cluster, now: () => cluster.describe() })
  const hosts = new Map<string, LabHost>()
  for (const host of scenario.inventory.hosts) {
    const snapshot = saved?.hosts[host.name]?.snapshot
    hosts.set(
      host.name,
      buildScenarioHost({ host, scenario, cluster, clock, hosts, faults, ...(snapshot && { snapshot }) }),
    )
  }
  if (saved === undefined)
    prepareState({ scenario, inventory: ownInventory(scenario), hosts, cluster, clock })
  const identity = saved?.identity ?? buildHostKey()
  const running = await startServers(options, { hosts, publicKey: identity.public })
  faults.begin(
    { hosts, running: new Map([...running].map(([name, each]) => [name, each.server])) },
    data.faults,
  )
  return buildLab({ scenario, cluster, faults, identity, hosts, running })
}

type RunningHost = { readonly server: RunningLabHost; readonly hostKey: SavedHost['hostKey'] }

async function startServers(
  { scenario, saved, onContact }: LabOptions,
  place: { readonly hosts: ReadonlyMap<string, LabHost>; readonly publicKey: string },
): Promise<ReadonlyMap<string, RunningHost>> {
  const running = new Map<string, RunningHost>()
  for (const [name, host] of place.hosts) {
    const before = saved?.hosts[name]
    const hostKey = before?.hostKey ?? buildHostKey()
    const start = (port: number) =>
      startLabHost({
        host,
        hostKey: hostKey.private,
        accounts: new Map([[loginUser(scenario), { authorizedKeys: [place.publicKey] }]]),
        port,
        address: ADDRESS,
        ...(onContact === undefined ? {} : { onContact }),
      })
    // A port that somebody else has taken meanwhile is no reason to refuse: the inventory is made anew.
    const server = await start(before?.port ?? 0).catch(() => start(0))
    running.set(name, { server, hostKey })
  }
  return running
}

type LabParts = {
  readonly scenario: Scenario
  readonly cluster: ClusterModel
  readonly faults: FaultDirector
  readonly identity: SavedLab['identity']
  readonly hosts: ReadonlyMap<string, LabHost>
  readonly running: ReadonlyMap<string, RunningHost>
}

function buildLab({ scenario, cluster, faults, identity, hosts, running }: LabParts): Lab {
  const each = [...running]
  const ports = Object.fromEntries(each.map(([name, { server }]) => [name, server.port]))
  const user = loginUser(scenario)
  const saveHost = ([name, { server, hostKey }]: [string, RunningHost]): [string, SavedHost] => {
    const host = hosts.get(name)
    if (host === undefined) throw new BugError(`no practice host ${name}`)
    return [name, { port: server.port, hostKey, snapshot: host.snapshot() }]
  }
  return {
    scenario,
    cluster,
    faults,
    identity: identity.private,
    knownHosts: each.map(([name, { hostKey }]) => knownHostLine(ports[name] ?? 0, hostKey.public)).join(''),
    user,
    ports,
    formatInventory: (access) => formatLabInventory(scenario, { ...access, user, address: ADDRESS, ports }),
    readFile: (host, path) => {
      const read = hosts.get(host)?.fs().readFile(path)
      return read?.ok === true ? read.value : undefined
    },
    checkGoals: (goals = scenario.data.goals) => checkGoals(goals, cluster.describe()),
    openConnections: () => each.reduce((sum, [, { server }]) => sum + server.openConnections(), 0),
    snapshot: () => ({
      format: 1,
      identity,
      hosts: Object.fromEntries(each.map(saveHost)),
      cluster: cluster.snapshot(),
    }),
    stop: async () => {
      cluster.dispose()
      await Promise.all(each.map(([, { server }]) => server.close()))
      // Ends what still runs on the hosts, so that nothing of a lab outlives it.
      for (const host of hosts.values()) host.reboot()
    },
  }
}

function knownHostLine(port: number, publicKey: string): string {
  return `[${ADDRESS}]:${port} ${publicKey.split(' ').slice(0, 2).join(' ')}\n`
}

function publicAddress(address: { readonly public?: string } | undefined): { readonly public?: string } {
  return address?.public === undefined ? {} : { public: address.public }
}

function hasten<T extends Readonly<Record<string, number>>>(timings: T, haste: number): T {
  return Object.fromEntries(Object.entries(timings).map(([name, ms]) => [name, ms / haste])) as unknown as T
}

/** The first account of the machines logs in. */
function loginUser(scenario: Scenario): string {
  return scenario.data.machine.accounts[0] ?? 'ops'
}

function ownInventory(scenario: Scenario) {
  const access = { user: loginUser(scenario), identity: '', knownHosts: '', address: ADDRESS, secrets: {} }
  const ports = Object.fromEntries(scenario.inventory.hosts.map(({ name }, index) => [name, 1024 + index]))
  const text = formatLabInventory(scenario, { ...access, identity: 'key', knownHosts: 'hosts', ports })
  const { value, diagnostics } = parseInventory(text, scenario.data.inventory, hashText)
  if (value !== undefined) return value
  throw new UsageError(
    `the inventory of the scenario ${scenario.name} has errors: ${diagnostics[0]?.message ?? ''}`,
    [`handrail inventory ${scenario.data.inventory}`],
  )
}

function hashText(text: string): Digest {
  return createHash('sha256').update(text).digest('hex') as Digest
}
