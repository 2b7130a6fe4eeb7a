import { describe, expect, it } from 'vitest'
import { createCluster } from '../../../../src/adapters/lab/cluster/create-cluster.ts'
import { buildLabClock } from '../../../../src/adapters/lab/host/lab-clock.ts'
import { buildLabHost } from '../../../../src/adapters/lab/host/lab-host.ts'
import type { LabUser } from '../../../../src/adapters/lab/program.ts'
import { clusterPrograms } from '../../../../src/adapters/lab/programs/cluster-programs.ts'
import { provisionClusterHost } from '../../../../src/adapters/lab/programs/provision-host.ts'
import { filePrograms } from '../../../../src/adapters/lab/shell/programs/table.ts'
import { runScript } from '../../../../src/adapters/lab/shell/run-script.ts'
import type { ScriptResult } from '../../../../src/adapters/lab/shell/run-script.ts'

const NAME = 'dc1-cass1'
const ADDRESS = '192.168.10.1'
const account = (name: string, uid: number): LabUser => ({
  name,
  uid,
  gid: uid,
  group: name,
  groups: [name],
  home: uid === 0 ? '/root' : `/home/${name}`,
})
const ROOT = account('root', 0)
const CASSANDRA = account('cassandra', 500)

type Session = {
  readonly sh: (script: string, user?: LabUser) => Promise<ScriptResult>
  /** Repeats a script until it ends with 0, a bounded number of times. */
  readonly until: (script: string) => Promise<ScriptResult>
  readonly end: () => void
}

/** One host with a real shell and a file system with rights; its clock runs 300 times as fast. */
function openSession(version: string): Session {
  const clock = buildLabClock({ speed: 300 })
  const cluster = createCluster({
    hosts: [{ name: NAME, site: 'DC1', address: { private: ADDRESS } }],
    clock,
  })
  const host = buildLabHost({
    facts: {
      hostname: NAME,
      fqdn: `${NAME}.example.com`,
      addresses: [ADDRESS],
      os: { id: 'rhel', versionId: '7.9', prettyName: 'Practice Linux 7.9' },
      kernel: '3.10.0',
      cpus: 4,
      memoryBytes: 8 * 1024 ** 3,
    },
    users: [ROOT, CASSANDRA],
    programs: new Map([...filePrograms, ...clusterPrograms(cluster)]),
    clock,
  })
  provisionClusterHost(host.fs(), {
    archives: [version],
    javas: { '/opt/jre8': { version: '1.8.0_202', vendor: 'Oracle Corporation' } },
    pythons: ['python2.7'],
    unit: { name: 'cassandra', home: '/opt/cassandra', user: 'cassandra', javaHome: '/opt/jre8' },
  })
  const sh: Session['sh'] = (script, user = ROOT) =>
    runScript({ machine: host.machine, user, argv: ['sh', '-c', script] })
  return {
    sh,
    until: async (script) => {
      let result = await sh(script)
      for (let turn = 0; turn < 200 && result.status !== 0; turn += 1) {
        await clock.sleep(5000)
        result = await sh(script)
      }
      return result
    },
    end: () => cluster.dispose(),
  }
}

const INSTALL = `set -e
mkdir -p /opt/cassandra
tar -xzf /opt/stage/apache-cassandra-2.2.8-bin.tar.gz --strip-components=1 -C /opt/cassandra
cd /opt/cassandra/conf
sed -i -e "s/^cluster_name:.*/cluster_name: practice/" -e "s/^listen_address:.*/listen_address: ${ADDRESS}/" \\
  -e "s/^rpc_address:.*/rpc_address: ${ADDRESS}/" -e "s/- seeds:.*/- seeds: \\"${ADDRESS}\\"/" \\
  -e "s/^endpoint_snitch:.*/endpoint_snitch: GossipingPropertyFileSnitch/" \\
  -e "s/^authenticator:.*/authenticator: PasswordAuthenticator/" cassandra.yaml
printf 'dc=DC1\\nrack=RACK1\\n' > cassandra-rackdc.properties
mv cassandra-topology.properties cassandra-topology.properties.bak
chown -R cassandra:cassandra /opt/cassandra`

describe('a session on a host with a real shell', () => {
  it('installs, starts and uses a node', async () => {
    const { sh, until, end } = openSession('2.2.8')
    expect(await sh('command -v nodetool || echo none')).toMatchObject({ stdout: 'none\n' })
    expect(await sh(INSTALL)).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(await sh('systemctl start cassandra && systemctl is-active cassandra')).toEqual({
      status: 0,
      stdout: 'active\n',
      stderr: '',
    })
    const up = await until('/opt/cassandra/bin/nodetool status | grep "^UN"')
    expect(up.stdout).toMatch(/^UN {2}192\.168\.10\.1 .* RACK1$/m)
    await until('grep -q "Created default superuser" /opt/cassandra/logs/system.log')
    const listed = await sh(
      `/opt/cassandra/bin/cqlsh -u cassandra -p cassandra ${ADDRESS} <<'END'\nLIST ROLES;\nEND`,
      CASSANDRA,
    )
    expect(listed).toMatchObject({ status: 0, stderr: '' })
    expect(listed.stdout).toContain(' cassandra |  True |  True |      {}\n')
    expect((await sh('systemctl stop cassandra; systemctl is-active cassandra')).stdout).toBe('inactive\n')
    end()
  })

  it('fails to start where the data belongs to another user', async () => {
    const { sh, until, end } = openSession('2.2.8')
    await sh(INSTALL)
    await sh(
      'mkdir -p /opt/cassandra/data && chown root:root /opt/cassandra/data && chmod 0755 /opt/cassandra/data',
    )
    await sh('systemctl start cassandra')
    const failed = await until('grep "Insufficient permissions on directory" /opt/cassandra/logs/system.log')
    expect(failed.status).toBe(0)
    expect((await sh('systemctl is-active cassandra')).stdout).toBe('failed\n')
    end()
  })
})
