import { describe, expect, it } from 'vitest'
import { configure, createTestLab, HOME, SIX } from '../lab-builder.ts'
import type { TestLab } from '../lab-builder.ts'
import { createRunner } from '../run-program.ts'
import type { Runner } from '../run-program.ts'

const START_ORDER = [
  ...SIX.filter((name) => !name.endsWith('3')),
  ...SIX.filter((name) => name.endsWith('3')),
]

async function install(lab: TestLab, run: Runner): Promise<void> {
  for (const name of SIX) {
    const archive = `/opt/stage/apache-cassandra-${lab.version}-bin.tar.gz`
    lab.host(name).fs.mkdir(HOME)
    expect(
      await run(name, ['tar', '-xzf', archive, '--strip-components=1', '-C', HOME], { user: 'root' }),
    ).toMatchObject({ code: 0 })
    expect((await run(name, [`${HOME}/bin/cassandra`, '-v'])).out).toBe(`${lab.version}\n`)
    configure(lab, name)
  }
}

async function cql(run: Runner, host: string, login: readonly [string, string], statement: string) {
  const address = `192.168.${host[2]}0.${host.at(-1)}`
  return run(host, [`${HOME}/bin/cqlsh`, '-u', login[0], '-p', login[1], '-e', statement, address])
}

describe('the way from six empty hosts to a changed default user', () => {
  for (const version of ['2.2.8', '5.0.2']) {
    it(`goes through with ${version}`, async () => {
      const lab = createTestLab(version)
      const run = createRunner(lab)
      await install(lab, run)
      for (const name of START_ORDER) {
        expect(await run(name, ['systemctl', 'start', 'cassandra'], { user: 'root' })).toEqual({
          code: 0,
          out: '',
          err: '',
        })
        expect((await run(name, ['systemctl', 'is-active', 'cassandra'])).out).toBe('active\n')
        lab.pass(90)
        const { out } = await run(name, [`${HOME}/bin/nodetool`, 'status'])
        expect(out).toMatch(new RegExp(`^UN  ${lab.host(name).address}`, 'm'))
      }
      const first = SIX[0]
      const old = ['cassandra', 'cassandra'] as const
      const ops = ['ops', 'new secret'] as const
      expect(await cql(run, first, old, 'SELECT cluster_name FROM system.local')).toMatchObject({ code: 0 })
      const alter = `ALTER KEYSPACE "system_auth" WITH replication={'class':'NetworkTopologyStrategy','DC1':3,'DC2':3};`
      expect(await cql(run, first, old, alter)).toMatchObject({ code: 0, err: '' })
      expect(lab.cluster.describe().roles['cassandra'].missing.length).toBeGreaterThan(0)
      for (const name of SIX) {
        const repaired = await run(name, [`${HOME}/bin/nodetool`, 'repair', '--full', 'system_auth'])
        expect(repaired).toMatchObject({ code: 0, err: '' })
        expect(repaired.out).toContain('Repair completed successfully')
      }
      expect(lab.cluster.describe().repairedSinceAlter['system_auth']).toEqual(SIX)
      const create = `CREATE ROLE IF NOT EXISTS ops WITH PASSWORD = 'new secret' AND SUPERUSER = true AND LOGIN = true;`
      expect(await cql(run, first, old, create)).toMatchObject({ code: 0 })
      for (const name of SIX)
        expect(await cql(run, name, ops, 'LIST ROLES')).toMatchObject({ code: 0, err: '' })
      const demote = "ALTER ROLE cassandra WITH PASSWORD = 'x1' AND SUPERUSER = false AND LOGIN = false"
      expect(await cql(run, first, old, demote)).toMatchObject({ code: 2 })
      expect(await cql(run, first, ops, demote)).toMatchObject({ code: 0, err: '' })
      for (const name of SIX) {
        const refused = await cql(run, name, old, 'LIST ROLES')
        expect(refused.code).toBe(1)
        expect(refused.err).toContain('[Bad credentials]')
      }
      const { roles, nodes } = lab.cluster.describe()
      expect(roles).toMatchObject({
        ops: { superuser: true, missing: [] },
        cassandra: { superuser: false, login: false, missing: [] },
      })
      expect(SIX.map((name) => nodes[name].defaultLogin)).toEqual(SIX.map(() => 'refused'))
    })
  }
})
