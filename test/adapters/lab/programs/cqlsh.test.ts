import { describe, expect, it } from 'vitest'
import { bringUp, configure, createTestLab, HOME, SIX } from '../lab-builder.ts'
import type { TestLab } from '../lab-builder.ts'
import { createRunner } from '../run-program.ts'
import type { RunOptions, RunResult } from '../run-program.ts'

const CQLSH = `${HOME}/bin/cqlsh`
const LOGIN = ['-u', 'cassandra', '-p', 'cassandra'] as const
const NTS = "{'class':'NetworkTopologyStrategy','DC1':3,'DC2':3}"

type Ready = {
  lab: TestLab
  cqlsh: (args: readonly string[], options?: RunOptions & { host?: string }) => Promise<RunResult>
}

function ready(version: string): Ready {
  const lab = createTestLab(version)
  const run = createRunner(lab)
  bringUp(lab)
  for (const { fs } of lab.hosts.values()) fs.writeProgram(CQLSH, '/usr/libexec/practice/cqlsh')
  return { lab, cqlsh: (args, options) => run(options?.host ?? SIX[0], [CQLSH, ...args], options) }
}

describe('cqlsh', () => {
  for (const version of ['2.2.8', '3.11.4', '4.1.3', '5.0.2']) {
    it(`prints the formats of ${version}`, async () => {
      const { cqlsh } = ready(version)
      const keyspaces =
        version === '2.2.8'
          ? "SELECT keyspace_name, strategy_class, strategy_options FROM system.schema_keyspaces WHERE keyspace_name = 'system_auth'"
          : "SELECT keyspace_name, replication FROM system_schema.keyspaces WHERE keyspace_name = 'system_auth'"
      const statements = [
        'SELECT cluster_name, data_center, rack, release_version FROM system.local',
        'SELECT JSON data_center, rack FROM system.local',
        'SELECT count(*) FROM system.peers',
        `ALTER KEYSPACE system_auth WITH replication = ${NTS}`,
        keyspaces,
        'SELECT role, is_superuser, can_login FROM system_auth.roles',
        'LIST ROLES',
        'LIST ALL PERMISSIONS',
        'DESCRIBE KEYSPACE system_auth',
        'DESCRIBE CLUSTER',
        'SHOW VERSION',
        'SELECT nope FROM system.local',
        'SELECT * FROM system.nope',
        'SELEC 1',
        'ALTER ROLE cassandra WITH SUPERUSER = false',
        "CREATE ROLE cassandra WITH PASSWORD = 'x'",
        'ALTER ROLE nobody WITH LOGIN = true',
        "ALTER KEYSPACE nope WITH replication = {'class':'SimpleStrategy','replication_factor':1}",
        "ALTER KEYSPACE system_auth WITH replication = {'class':'NetworkTopologyStrategy','dc1':3}",
        "ALTER KEYSPACE system WITH replication = {'class':'SimpleStrategy','replication_factor':1}",
      ]
      for (const statement of statements) {
        expect({ statement, ...(await cqlsh([...LOGIN, '-e', statement, '192.168.10.1'])) }).toMatchSnapshot()
      }
    })
  }

  const refusals: [string, string, readonly string[], string][] = [
    [
      'a closed port on 2.2',
      '2.2.8',
      [...LOGIN, '192.168.10.1', '9043'],
      `Connection error: ('Unable to connect to any servers', {'192.168.10.1': error(111, "Tried connecting to [('192.168.10.1', 9043)]. Last error: Connection refused")})\n`,
    ],
    [
      'a closed port on 5.0',
      '5.0.2',
      [...LOGIN, '127.0.0.1'],
      `Connection error: ('Unable to connect to any servers', {'127.0.0.1:9042': ConnectionRefusedError(111, "Tried connecting to [('127.0.0.1', 9042)]. Last error: Connection refused")})\n`,
    ],
    [
      'a wrong password on 2.2',
      '2.2.8',
      ['-u', 'cassandra', '-p', 'x', '192.168.10.1'],
      `Connection error: ('Unable to connect to any servers', {'192.168.10.1': AuthenticationFailed('Failed to authenticate to 192.168.10.1: code=0100 [Bad credentials] message="Username and/or password are incorrect"',)})\n`,
    ],
    [
      'a wrong password on 5.0',
      '5.0.2',
      ['-u', 'cassandra', '-p', 'x', '192.168.10.1'],
      `Connection error: ('Unable to connect to any servers', {'192.168.10.1:9042': AuthenticationFailed('Failed to authenticate to 192.168.10.1: Error from server: code=0100 [Bad credentials] message="Provided username cassandra and/or password are incorrect"')})\n`,
    ],
    [
      'nobody',
      '2.2.8',
      ['192.168.10.1'],
      `Connection error: ('Unable to connect to any servers', {'192.168.10.1': AuthenticationFailed('Remote end requires authentication.',)})\n`,
    ],
    ['TLS on a plain port', '2.2.8', [...LOGIN, '--ssl', '192.168.10.1'], '[SSL: UNKNOWN_PROTOCOL]'],
    ['a name that nobody knows', '2.2.8', [...LOGIN, 'nohost'], 'Name or service not known'],
  ]
  it.each(refusals)('refuses %s', async (_, version, args, err) => {
    const { cqlsh } = ready(version)
    const result = await cqlsh(args)
    expect(result).toMatchObject({ code: 1, out: '' })
    expect(result.err).toContain(err)
  })

  it('reads user and password from the settings file', async () => {
    const { lab, cqlsh } = ready('2.2.8')
    lab.host(SIX[0]).fs.writeFile('/tmp/rc', '[authentication]\nusername = cassandra\npassword = cassandra\n')
    const result = await cqlsh(['--cqlshrc=/tmp/rc', '192.168.10.1'], {
      stdin: 'SELECT key FROM system.local;\n',
    })
    expect(result).toEqual({ code: 0, err: '', out: '\n key\n-------\n local\n\n(1 rows)\n' })
  })

  it('goes on after a statement that failed, names its line, and ends with 2', async () => {
    const { lab, cqlsh } = ready('2.2.8')
    lab
      .host(SIX[0])
      .fs.writeFile(
        '/tmp/a.cql',
        '-- first\nSELECT x FROM system.local;\nUSE system;\nSELECT key FROM local;\n',
      )
    const result = await cqlsh([...LOGIN, '-f', '/tmp/a.cql', '192.168.10.1'])
    expect(result.code).toBe(2)
    expect(result.err).toBe(
      '/tmp/a.cql:3:InvalidRequest: code=2200 [Invalid query] message="Undefined name x in selection clause"\n',
    )
    expect(result.out).toContain(' local\n')
  })

  it('lets a role do what it was granted, and no more', async () => {
    const { cqlsh } = ready('2.2.8')
    const as = (user: string, statement: string) =>
      cqlsh(['-u', user, '-p', user, '-e', statement, '192.168.10.1'])
    expect(await as('cassandra', `ALTER KEYSPACE system_auth WITH replication = ${NTS}`)).toMatchObject({
      code: 0,
    })
    await as('cassandra', "CREATE ROLE apigw WITH PASSWORD = 'apigw' AND LOGIN = true")
    const create = `CREATE KEYSPACE x1 WITH replication = ${NTS}`
    expect((await as('apigw', create)).err).toContain(
      'User apigw has no CREATE permission on <all keyspaces> or any of its parents',
    )
    expect(await as('cassandra', 'GRANT CREATE ON ALL KEYSPACES TO apigw')).toMatchObject({
      code: 0,
      err: '',
    })
    expect(await as('apigw', create)).toMatchObject({ code: 0, err: '' })
    expect((await as('apigw', 'DROP KEYSPACE x1')).err).toContain('has no DROP permission on <keyspace x1>')
    await as('cassandra', 'GRANT ALL PERMISSIONS ON KEYSPACE x1 TO apigw')
    expect((await as('cassandra', 'LIST ALL PERMISSIONS OF apigw')).out).toContain(
      ' apigw |    apigw |   <keyspace x1> |       DROP\n',
    )
    await as('cassandra', 'REVOKE ALTER ON KEYSPACE x1 FROM apigw')
    expect(await as('apigw', 'ALTER KEYSPACE x1 WITH durable_writes = true')).toMatchObject({ code: 2 })
    expect(await as('apigw', 'DROP KEYSPACE x1')).toMatchObject({ code: 0, err: '' })
    expect((await as('apigw', 'LIST ALL PERMISSIONS')).err).toContain(
      "not authorized to view everyone's permissions",
    )
  })

  it('is refused an ALTER while a node joins, since 4.0', async () => {
    const { lab, cqlsh } = ready('5.0.2')
    lab.cluster.stopNode(SIX[5])
    const alter = [...LOGIN, '-e', `ALTER KEYSPACE system_traces WITH replication = ${NTS}`, '192.168.10.1']
    expect(await cqlsh(alter)).toMatchObject({ code: 0 })
    const young = createTestLab('5.0.2')
    const run = createRunner(young)
    bringUp(young, SIX.slice(0, 2))
    young.host(SIX[0]).fs.writeProgram(CQLSH, '/usr/libexec/practice/cqlsh')
    young.install(SIX[2])
    configure(young, SIX[2])
    young.start(SIX[2])
    young.pass(20)
    const one = alter.map((word) => word.replace(",'DC2':3", ''))
    const refused = await run(SIX[0], [CQLSH, ...one])
    expect(refused.err).toContain(
      'message="Cannot alter RF while some endpoints are not in normal state (no range movements): [/192.168.10.3:7000]"',
    )
    young.pass(60)
    expect(await run(SIX[0], [CQLSH, ...one])).toMatchObject({ code: 0 })
  })

  it('writes roles with a hint for a node that is down, but since 4.1 not without a quorum in each datacenter', async () => {
    const alter = `ALTER KEYSPACE system_auth WITH replication = ${NTS}`
    const create = "CREATE ROLE ops WITH PASSWORD = 'p' AND LOGIN = true"
    for (const version of ['2.2.8', '5.0.2']) {
      const { lab, cqlsh } = ready(version)
      await cqlsh([...LOGIN, '-e', alter, '192.168.10.1'])
      lab.cluster.stopNode(SIX[4])
      lab.cluster.stopNode(SIX[5])
      const result = await cqlsh([...LOGIN, '-e', create, '192.168.10.1'])
      if (version === '5.0.2') expect(result.err).toContain('Cannot achieve consistency level EACH_QUORUM')
      else {
        expect(result.code).toBe(0)
        expect(lab.cluster.describe().roles['ops'].missing).toEqual([SIX[4], SIX[5]])
        lab.cluster.startNode(SIX[4])
        lab.cluster.startNode(SIX[5])
        lab.pass(60)
        expect(lab.cluster.describe().roles['ops'].missing).toEqual([])
      }
    }
  })

  it('cannot do without its Python', async () => {
    const { lab, cqlsh } = ready('2.2.8')
    lab.host(SIX[0]).fs.remove('/usr/bin/python2.7')
    expect(await cqlsh([...LOGIN, '192.168.10.1'])).toMatchObject({
      code: 1,
      err: 'No appropriate python interpreter found.\n',
    })
  })

  it('warns of a raised factor and of too few nodes where the version does', async () => {
    const { cqlsh } = ready('5.0.2')
    const statement =
      "ALTER KEYSPACE system_auth WITH replication = {'class':'NetworkTopologyStrategy','DC1':5,'DC2':3}"
    const { out } = await cqlsh([...LOGIN, '-e', statement, '192.168.10.1'])
    expect(out).toContain(
      'Your replication factor 5 for keyspace system_auth is higher than the number of nodes 3 for datacenter DC1',
    )
    expect(out).toContain(
      'When increasing replication factor you need to run a full (-full) repair to distribute the data.',
    )
  })
})
