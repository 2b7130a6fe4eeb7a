import type { ClusterModel } from '../cluster/create-cluster.ts'
import { buildLabHost } from '../host/lab-host.ts'
import type { HostSnapshot, LabHost } from '../host/lab-host.ts'
import { rootUser } from '../fs/accounts.ts'
import type { LabClock, LabNetwork, LabUser, Program, ProgramTable } from '../program.ts'
import { bindHost } from '../programs/bind-host.ts'
import { clusterPrograms } from '../programs/cluster-programs.ts'
import { provisionClusterHost } from '../programs/provision-host.ts'
import { filePrograms } from '../shell/programs/table.ts'
import { buildSudo } from '../shell/programs/sudo.ts'
import type { FaultDirector } from './fault-director.ts'
import type { HostData, Scenario } from './load-scenario.ts'

export type ScenarioHostParts = {
  readonly host: HostData
  readonly scenario: Scenario
  readonly cluster: ClusterModel
  readonly clock: LabClock
  /** All hosts of the lab; this one is added later. */
  readonly hosts: ReadonlyMap<string, LabHost>
  readonly faults: FaultDirector
  readonly snapshot?: HostSnapshot
}

/** Builds one practice host of a scenario: its accounts, programs and files, bound to the cluster. */
export function buildScenarioHost(parts: ScenarioHostParts): LabHost {
  const { host, scenario, cluster, clock, snapshot } = parts
  const { machine } = scenario.data
  const users = [rootUser, ...machine.accounts.map(buildUser)]
  const login = users[1]?.name ?? 'ops'
  const built = buildLabHost({
    facts: {
      hostname: host.name,
      fqdn: host.fqdn ?? `${host.name}.example.com`,
      addresses: [host.address?.private ?? '127.0.1.1'],
      os: machine.os,
      kernel: machine.kernel,
      cpus: machine.cpus,
      memoryBytes: machine.memoryGb * 1024 ** 3,
    },
    users,
    programs: watchPrograms(
      new Map([...filePrograms, ...clusterPrograms(cluster), ['sudo', buildSudo(new Map([[login, {}]]))]]),
      parts,
    ),
    clock,
    network: buildNetwork(parts),
    ...(snapshot === undefined ? {} : { snapshot }),
  })
  if (snapshot === undefined) provision(built, scenario)
  const daemonUser = users.find((user) => user.name === machine.unit?.user) ?? rootUser
  bindHost(cluster, { handle: built.handle, fs: built.fs(daemonUser) })
  return built
}

function buildUser(name: string, index: number): LabUser {
  const uid = 1000 + index
  return { name, uid, gid: uid, group: name, groups: [name], home: `/home/${name}` }
}

function provision(host: LabHost, { data }: Scenario): void {
  const { archives, javas, pythons, unit } = data.machine
  const installed = data.state?.installed
  provisionClusterHost(host.fs(), {
    archives,
    javas,
    pythons,
    ...(unit === undefined ? {} : { unit }),
    ...(installed === undefined ? {} : { installed }),
  })
}

function buildNetwork({ hosts, cluster, scenario }: ScenarioHostParts): LabNetwork {
  const addresses = new Map(
    scenario.inventory.hosts.flatMap((each) =>
      [each.name, each.fqdn, each.address?.private, each.address?.public].flatMap((name) =>
        name === undefined ? [] : [[name, each.name] as const],
      ),
    ),
  )
  return {
    find: (name) => hosts.get(addresses.get(name) ?? name)?.handle,
    reaches: (from, to) => !cluster.world.state.partitions.includes(`${from}>${to}`),
  }
}

/** Lets the scenario's faults see when a program begins and ends. */
function watchPrograms(programs: ProgramTable, { host, faults }: ScenarioHostParts): ProgramTable {
  const watch =
    (name: string, program: Program): Program =>
    async (context) => {
      const moment = { host: host.name, program: name, args: context.args.join(' ') }
      faults.tell({ ...moment, at: 'start' })
      try {
        return await program(context)
      } finally {
        faults.tell({ ...moment, at: 'end' })
      }
    }
  return new Map([...programs].map(([key, program]) => [key, watch(key.split('/').at(-1) ?? key, program)]))
}
