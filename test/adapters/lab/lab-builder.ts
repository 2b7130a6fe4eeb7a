import { distributionFiles } from '../../../src/adapters/lab/cluster/default-conf/conf-files.ts'
import { createCluster } from '../../../src/adapters/lab/cluster/create-cluster.ts'
import type { ClusterModel } from '../../../src/adapters/lab/cluster/create-cluster.ts'
import type { ClusterHostSpec, ClusterTimings } from '../../../src/adapters/lab/cluster/world.ts'
import { launchNode } from '../../../src/adapters/lab/cluster/start-node.ts'
import { bindHost } from '../../../src/adapters/lab/programs/bind-host.ts'
import type {
  LabHostHandle,
  LabProcess,
  LabService,
  ProcessOptions,
} from '../../../src/adapters/lab/program.ts'
import { createMemoryFs } from './memory-fs.ts'

/** 2017-05-06 01:00:00 UTC */
export const LAB_START_MS = Date.UTC(2017, 4, 6, 1, 0, 0)
export const HOME = '/opt/cassandra'

/** A clock that jumps: sleeping moves it. */
export type JumpingClock = {
  nowMs(): number
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>
  move(durationMs: number): void
}

export function createJumpingClock(): JumpingClock {
  let now = LAB_START_MS
  const move = (durationMs: number): void => void (now += durationMs)
  return {
    nowMs: () => now,
    move,
    sleep: (durationMs, signal) => {
      if (signal?.aborted !== true) move(durationMs)
      return Promise.resolve()
    },
  }
}

export type FakeHost = {
  readonly name: string
  readonly address: string
  readonly fs: ReturnType<typeof createMemoryFs>
  readonly handle: LabHostHandle
}

export type TestLab = {
  readonly cluster: ClusterModel
  readonly clock: JumpingClock
  readonly version: string
  readonly hosts: ReadonlyMap<string, FakeHost>
  host(name: string): FakeHost
  /** Unpacks the distribution without any program's help. */
  install(name: string): void
  /** Changes the text of a configuration file. */
  edit(name: string, file: string, change: (text: string) => string): void
  start(name: string): void
  /** Lets lab time pass. */
  pass(seconds: number): void
}

/** The names of the six nodes, in the order in which they are started. */
export const SIX = ['dc1-cass1', 'dc1-cass2', 'dc1-cass3', 'dc2-cass1', 'dc2-cass2', 'dc2-cass3']

export function specOf(name: string): ClusterHostSpec {
  const dc = Number(name[2])
  const number = Number(name.at(-1))
  return { name, site: `DC${dc}`, address: { private: `192.168.${dc}0.${number}` } }
}

/** Six empty hosts in two datacenters. */
export function createTestLab(
  version: string,
  options: { timings?: Partial<ClusterTimings>; specs?: readonly ClusterHostSpec[] } = {},
): TestLab {
  const clock = createJumpingClock()
  const specs = options.specs ?? SIX.map(specOf)
  const cluster = createCluster({
    hosts: specs,
    clock: { nowMs: clock.nowMs },
    seed: 'test',
    ...(options.timings === undefined ? {} : { timings: options.timings }),
  })
  const hosts = new Map<string, FakeHost>()
  for (const spec of specs) {
    const fs = createMemoryFs()
    const host = { name: spec.name, address: spec.address.private, fs, handle: createHandle(spec, hosts) }
    hosts.set(spec.name, host)
    bindHost(cluster, host)
  }
  const host = (name: string): FakeHost => {
    const found = hosts.get(name)
    if (found === undefined) throw new Error(`no host ${name}`)
    return found
  }
  const pass = (seconds: number): void => {
    clock.move(seconds * 1000)
    cluster.advance()
  }
  return {
    cluster,
    clock,
    version,
    hosts,
    host,
    pass,
    install: (name) => {
      for (const [path, text] of distributionFiles(version)) host(name).fs.writeFile(`${HOME}/${path}`, text)
    },
    edit: (name, file, change) => {
      const path = `${HOME}/conf/${file}`
      const read = host(name).fs.readFile(path)
      host(name).fs.writeFile(path, change(read.ok ? read.value : ''))
    },
    start: (name) => {
      cluster.advance()
      const java = { version: version.startsWith('5') ? '17.0.9' : '1.8.0_202', vendor: 'Oracle Corporation' }
      launchNode(cluster.world, { host: name, home: HOME, version, user: 'cassandra', java })
    },
  }
}

export const SEEDS = '192.168.10.1,192.168.10.2,192.168.20.1,192.168.20.2'

/** Sets a top-level key of cassandra.yaml, wherever it stands, commented out or not. */
export function setKey(text: string, key: string, value: string): string {
  const pattern = new RegExp(`^(# )?${key}:.*(\\n {2}class_name:.*)?$`, 'm')
  return pattern.test(text) ? text.replace(pattern, `${key}: ${value}`) : `${text}${key}: ${value}\n`
}

/** Writes the configuration that the runbook would write. */
export function configure(lab: TestLab, name: string): void {
  const { address } = lab.host(name)
  const keys: Record<string, string> = {
    cluster_name: 'cassandra-cluster1',
    endpoint_snitch: 'GossipingPropertyFileSnitch',
    listen_address: address,
    rpc_address: address,
    authenticator: 'PasswordAuthenticator',
    authorizer: 'CassandraAuthorizer',
  }
  lab.edit(name, 'cassandra.yaml', (text) => {
    const edited = Object.entries(keys).reduce((each, [key, value]) => setKey(each, key, value), text)
    return edited.replace(/- seeds: .*/, `- seeds: "${SEEDS}"`)
  })
  lab.edit(
    name,
    'cassandra-rackdc.properties',
    () => `dc=DC${name[2]}\nrack=RACK${name.at(-1)}\nprefer_local=true\n`,
  )
  lab.host(name).fs.remove(`${HOME}/conf/cassandra-topology.properties`)
}

/** Installs, configures and starts the nodes one by one, seeds first. */
export function bringUp(lab: TestLab, names: readonly string[] = SIX): void {
  const order = names.toSorted((a, b) => Number(a.endsWith('3')) - Number(b.endsWith('3')))
  for (const name of order) {
    lab.install(name)
    configure(lab, name)
    lab.start(name)
    lab.pass(90)
  }
}

function createHandle(spec: ClusterHostSpec, hosts: ReadonlyMap<string, FakeHost>): LabHostHandle {
  let lastPid = 1000
  const running = new Map<number, LabProcess & { onEnd: ProcessOptions['onEnd'] }>()
  const services = new Map<number, LabService>()
  const end = (pid: number, cause: Parameters<NonNullable<ProcessOptions['onEnd']>>[0]): boolean => {
    const process = running.get(pid)
    running.delete(pid)
    process?.onEnd?.(cause)
    return process !== undefined
  }
  return {
    name: spec.name,
    facts: {
      hostname: spec.name,
      fqdn: `${spec.name}.example.com`,
      addresses: [spec.address.private],
      os: { id: 'rhel', versionId: '7.9', prettyName: 'Practice Linux 7.9' },
      kernel: '3.10.0',
      cpus: 4,
      memoryBytes: 16e9,
    },
    network: {
      find: (text) => [...hosts.values()].find((each) => each.name === text || each.address === text)?.handle,
      reaches: () => true,
    },
    bootId: () => 'boot',
    bootedAtMs: () => LAB_START_MS,
    users: () => [],
    processes: () => [...running.values()],
    startProcess: ({ user, command, onEnd }) => {
      lastPid += 1
      const process = {
        pid: lastPid,
        ppid: 1,
        group: lastPid,
        user,
        command,
        startedAtMs: 0,
        ports: [],
        onEnd,
      }
      running.set(lastPid, process)
      return process
    },
    changeProcess: () => {},
    endProcess: (pid) => void end(pid, { kind: 'exit' }),
    signalProcess: (pid, signal) => end(pid, { kind: 'signal', signal }),
    listen: (port, service) => void services.set(port, service),
    unlisten: (port) => void services.delete(port),
    ports: () => [...services.keys()],
    service: (port) => services.get(port),
  }
}
