import { describe, expect, it } from 'vitest'
import { bringUp, configure, createTestLab, HOME, setKey, SIX } from '../lab-builder.ts'
import type { TestLab } from '../lab-builder.ts'

const [FIRST, SECOND, THIRD] = SIX

type Case = {
  name: string
  version?: string
  prepare: (lab: TestLab) => void
  host?: string
  failure: string | RegExp
  seconds?: number
}

const set = (lab: TestLab, host: string, key: string, value: string): void =>
  lab.edit(host, 'cassandra.yaml', (text) => setKey(text, key, value))

function prepared(lab: TestLab, host: string): void {
  lab.install(host)
  configure(lab, host)
}

const CASES: Case[] = [
  {
    name: 'a list item without a blank',
    prepare: (lab) => lab.edit(FIRST, 'cassandra.yaml', (text) => text.replace('- seeds:', '-seeds:')),
    failure: `Invalid yaml: file:${HOME}/conf/cassandra.yaml`,
  },
  {
    name: 'a seed list that is empty',
    prepare: (lab) => lab.edit(FIRST, 'cassandra.yaml', (text) => text.replace(/- seeds: .*/, '- seeds: ""')),
    failure: 'The seed provider lists no seeds.',
  },
  {
    name: 'a key that the version does not know',
    version: '5.0.2',
    prepare: (lab) => set(lab, FIRST, 'start_rpc', 'true'),
    failure: 'Invalid yaml. Please remove properties [start_rpc] from your cassandra.yaml',
  },
  {
    name: 'an authorizer without an authenticator',
    prepare: (lab) => set(lab, FIRST, 'authenticator', 'AllowAllAuthenticator'),
    failure: "AllowAllAuthenticator can't be used with CassandraAuthorizer",
  },
  {
    name: 'a misspelt authenticator',
    prepare: (lab) => set(lab, FIRST, 'authenticator', 'PasswordAuthentication'),
    failure: /Unable to find authenticator class/,
  },
  {
    name: 'an address of another machine',
    prepare: (lab) => set(lab, FIRST, 'listen_address', '192.168.10.9'),
    failure: /^Unable to bind to address \/192\.168\.10\.9:7000/,
  },
  {
    name: 'a wildcard to listen on',
    prepare: (lab) => set(lab, FIRST, 'listen_address', '0.0.0.0'),
    failure: 'listen_address cannot be a wildcard address (0.0.0.0)!',
  },
  {
    name: 'a client address of another machine',
    prepare: (lab) => set(lab, FIRST, 'rpc_address', '192.168.10.9'),
    failure: 'Failed to bind port 9042 on 192.168.10.9.',
  },
  {
    name: 'a rackdc file without a rack',
    prepare: (lab) => lab.edit(FIRST, 'cassandra-rackdc.properties', () => 'dc=DC1\n'),
    failure: /^DC or rack not found in snitch properties/,
  },
  {
    name: 'TLS without its store',
    prepare: (lab) =>
      lab.edit(FIRST, 'cassandra.yaml', (text) =>
        text.replace('internode_encryption: none', 'internode_encryption: all'),
      ),
    failure:
      /^Error creating the initializing the SSL Context: .*conf\/\.keystore \(No such file or directory\)$/,
  },
  {
    name: 'a topology file that is missing',
    prepare: (lab) => set(lab, FIRST, 'endpoint_snitch', 'PropertyFileSnitch'),
    failure: 'Unable to read cassandra-topology.properties',
  },
  {
    name: 'seeds that do not answer, 2.2',
    prepare: () => undefined,
    host: THIRD,
    seconds: 120,
    failure: 'Unable to gossip with any seeds',
  },
  {
    name: 'seeds that do not answer, 5.0',
    version: '5.0.2',
    prepare: () => undefined,
    host: THIRD,
    seconds: 120,
    failure: 'Unable to gossip with any peers',
  },
]

describe('a start that fails', () => {
  it.each(CASES)('tells of $name', ({ version = '2.2.8', prepare, host = FIRST, failure, seconds = 20 }) => {
    const lab = createTestLab(version)
    prepared(lab, host)
    prepare(lab)
    lab.start(host)
    lab.pass(seconds)
    const node = lab.cluster.describe().nodes[host]
    expect(node).toMatchObject({ running: false, phase: 'stopped' })
    expect(node.failure).toMatch(failure)
    const log = lab.host(host).fs.readFile(`${HOME}/logs/system.log`)
    expect(log).toMatchObject({
      ok: true,
      value: expect.stringContaining(`Exception encountered during startup: ${node.failure}`),
    })
    expect(lab.host(host).handle.processes()).toEqual([])
  })

  const past: [string, (lab: TestLab) => void, RegExp][] = [
    [
      'the cluster name',
      (lab) => set(lab, FIRST, 'cluster_name', 'other'),
      /^Saved cluster name cassandra-cluster1 != configured name other$/,
    ],
    [
      'the datacenter',
      (lab) => lab.edit(FIRST, 'cassandra-rackdc.properties', () => 'dc=DC9\nrack=RACK1\n'),
      /^Cannot start node if snitch's data center \(DC9\) differs from previous data center \(DC1\)/,
    ],
    [
      'the rack',
      (lab) => lab.edit(FIRST, 'cassandra-rackdc.properties', () => 'dc=DC1\nrack=RACK1 \n'),
      /^Cannot start node if snitch's rack \(RACK1 \) differs from previous rack \(RACK1\)/,
    ],
    [
      'the tokens',
      (lab) => set(lab, FIRST, 'num_tokens', '16'),
      /^Cannot change the number of tokens from 256 to 16$/,
    ],
  ]
  it.each(past)('follows a change of %s after the first start', (_, change, failure) => {
    const lab = createTestLab('2.2.8')
    prepared(lab, FIRST)
    lab.start(FIRST)
    lab.pass(60)
    expect(lab.cluster.describe().nodes[FIRST].status).toBe('UN')
    lab.cluster.stopNode(FIRST, 'shutdown')
    change(lab)
    lab.start(FIRST)
    lab.pass(20)
    expect(lab.cluster.describe().nodes[FIRST].failure).toMatch(failure)
  })

  it('follows a first start before the configuration: the name of the cluster stays', () => {
    const lab = createTestLab('2.2.8')
    lab.install(FIRST)
    lab.start(FIRST)
    lab.pass(60)
    expect(lab.cluster.describe().nodes[FIRST]).toMatchObject({
      clusterName: 'Test Cluster',
      dc: 'datacenter1',
    })
    lab.cluster.stopNode(FIRST)
    configure(lab, FIRST)
    lab.start(FIRST)
    lab.pass(20)
    expect(lab.cluster.describe().nodes[FIRST].failure).toBe(
      'Saved cluster name Test Cluster != configured name cassandra-cluster1',
    )
  })

  it('is forgotten with the data directory, as long as the node never joined', () => {
    const lab = createTestLab('2.2.8')
    prepared(lab, THIRD)
    lab.start(THIRD)
    lab.pass(120)
    expect(lab.cluster.describe().nodes[THIRD]).toMatchObject({
      joined: false,
      failure: 'Unable to gossip with any seeds',
    })
    prepared(lab, FIRST)
    lab.start(FIRST)
    lab.pass(60)
    lab.host(THIRD).fs.remove(`${HOME}/data`)
    lab.start(THIRD)
    lab.pass(90)
    expect(lab.cluster.describe().nodes[THIRD]).toMatchObject({ joined: true, status: 'UN', failure: '' })
  })

  it('refuses a member whose data was wiped', () => {
    const lab = createTestLab('2.2.8')
    bringUp(lab)
    lab.cluster.stopNode(THIRD)
    lab.host(THIRD).fs.remove(`${HOME}/data`)
    lab.start(THIRD)
    lab.pass(60)
    expect(lab.cluster.describe().nodes[THIRD].failure).toMatch(
      /^A node with address \/192\.168\.10\.3 already exists, cancelling join/,
    )
  })

  for (const [version, more] of [
    ['2.2.8', /is true$/],
    ['5.0.2', /Nodes detected, bootstrapping: 192\.168\.10\.3/],
  ] as const) {
    it(`refuses a second bootstrap at the same time on ${version}`, () => {
      const lab = createTestLab(version)
      const seeds = SIX.filter((name) => !name.endsWith('3'))
      bringUp(lab, seeds)
      prepared(lab, THIRD)
      prepared(lab, SIX[5])
      lab.start(THIRD)
      lab.pass(15)
      expect(lab.cluster.describe().nodes[THIRD].status).toBe('UJ')
      lab.start(SIX[5])
      lab.pass(15)
      const { failure } = lab.cluster.describe().nodes[SIX[5]]
      expect(failure).toContain('Other bootstrapping/leaving/moving nodes detected, cannot bootstrap')
      expect(failure).toMatch(more)
      lab.pass(60)
      lab.start(SIX[5])
      lab.pass(60)
      expect(lab.cluster.describe().nodes[SIX[5]].status).toBe('UN')
    })
  }

  it('leaves two clusters where a seed is named by an address that it does not announce', () => {
    const specs = SIX.map((name, index) => ({
      name,
      site: `DC${name[2]}`,
      address: { private: `192.168.${name[2]}0.${name.at(-1)}`, public: `203.0.113.${index + 1}` },
    }))
    const lab = createTestLab('2.2.8', { specs })
    prepared(lab, FIRST)
    set(lab, FIRST, 'broadcast_address', '203.0.113.1')
    lab.start(FIRST)
    lab.pass(120)
    expect(lab.cluster.describe().nodes[FIRST].failure).toBe('Unable to gossip with any seeds')
    lab.edit(FIRST, 'cassandra.yaml', (text) =>
      text.replace(/- seeds: .*/, '- seeds: "203.0.113.1,203.0.113.4"'),
    )
    lab.start(FIRST)
    lab.pass(60)
    expect(lab.cluster.describe().nodes[FIRST].status).toBe('UN')
  })

  it('notes the topology file, and takes the place of what is down from it', () => {
    const lab = createTestLab('2.2.8')
    prepared(lab, FIRST)
    lab.host(FIRST).fs.writeFile(`${HOME}/conf/cassandra-topology.properties`, 'default=DC1:r1\n')
    lab.start(FIRST)
    lab.pass(60)
    prepared(lab, SECOND)
    lab.start(SECOND)
    lab.pass(60)
    const logOf = (host: string): string => {
      const read = lab.host(host).fs.readFile(`${HOME}/logs/system.log`)
      return read.ok ? read.value : ''
    }
    expect(logOf(FIRST)).toContain('Loaded cassandra-topology.properties for compatibility')
    expect(logOf(SECOND)).toContain(
      'Unable to load cassandra-topology.properties; compatibility mode disabled',
    )
    expect(logOf(SECOND)).toContain('Starting listening for CQL clients on /192.168.10.2:9042')
    expect(logOf(FIRST)).toContain("Created default superuser role 'cassandra'")
  })
})
