import { describe, expect, it } from 'vitest'
import { runCql } from '../../../../src/adapters/lab/cluster/cql-session.ts'
import { login } from '../../../../src/adapters/lab/cluster/login.ts'
import { startRepair } from '../../../../src/adapters/lab/cluster/repair.ts'
import type { World } from '../../../../src/adapters/lab/cluster/world.ts'
import { bringUp, createTestLab, SIX } from '../lab-builder.ts'
import type { TestLab } from '../lab-builder.ts'

const DEFAULT = { user: 'cassandra', password: 'cassandra' }
const OPS = { user: 'ops', password: 'p' }

function outcomes(world: World, credentials: typeof DEFAULT): string[] {
  return SIX.map((name) => {
    const outcome = login(world, world.state.nodes[name], { credentials, repair: false })
    return outcome.kind === 'unavailable'
      ? `${outcome.consistency} ${outcome.alive}/${outcome.required}`
      : outcome.kind
  })
}

function cql(lab: TestLab, host: string, statement: string): void {
  const { world } = lab.cluster
  const row = login(world, world.state.nodes[host], { credentials: DEFAULT, repair: false })
  const role = row.kind === 'role' ? row.row : undefined
  const { result } = runCql(world, { node: host, role, keyspace: undefined, consistency: 'ONE' }, statement)
  expect(result).toMatchObject({ kind: 'done' })
}

/** A ring whose roles were created at RF 1, with the keyspace already altered. */
function altered(version: string): TestLab {
  const lab = createTestLab(version)
  bringUp(lab)
  // with one copy only the datacenter that holds it can work with the role at a local consistency
  const home = version === '5.0.2' ? SIX.slice(0, 3) : SIX.slice(3)
  cql(lab, home[0], "CREATE ROLE ops WITH PASSWORD = 'p' AND SUPERUSER = true AND LOGIN = true")
  const results = outcomes(lab.cluster.world, OPS)
  expect(SIX.filter((_, index) => results[index] === 'role')).toEqual(home)
  cql(
    lab,
    SIX[0],
    "ALTER KEYSPACE system_auth WITH replication = {'class':'NetworkTopologyStrategy','DC1':3,'DC2':3}",
  )
  return lab
}

const count = (results: readonly string[], kind: string): number =>
  results.filter((each) => each === kind).length

describe('logins between ALTER and repair', () => {
  it('fail for an ordinary role on every node but those that hold its row, before 4.1', () => {
    const lab = altered('2.2.8')
    const { world } = lab.cluster
    const holders = SIX.filter((name) => world.state.nodes[name].roles['ops'] !== undefined)
    const results = outcomes(world, OPS)
    expect(holders.length).toBeLessThan(6)
    expect(SIX.filter((_, index) => results[index] === 'role')).toEqual(holders)
    expect(count(results, 'bad-credentials')).toBe(6 - holders.length)
  })

  it('fail for the default superuser where the quorum misses the only row', () => {
    const results = outcomes(altered('2.2.8').cluster.world, DEFAULT)
    expect(new Set(results)).toEqual(new Set(['role', 'bad-credentials']))
  })

  it('look at the local quorum since 4.1: one datacenter lacks the row', () => {
    const lab = altered('5.0.2')
    const results = outcomes(lab.cluster.world, OPS)
    expect(results.slice(3)).toEqual(['bad-credentials', 'bad-credentials', 'bad-credentials'])
    const holder = SIX.findIndex((name) => lab.cluster.world.state.nodes[name].roles['ops'] !== undefined)
    expect(results[holder]).toBe('role')
  })

  for (const version of ['2.2.8', '5.0.2']) {
    it(`work everywhere after the repair, on ${version}`, () => {
      const lab = altered(version)
      for (const host of SIX) {
        startRepair(lab.cluster.world, {
          host,
          keyspace: 'system_auth',
          full: true,
          primaryRange: false,
          parallelism: 'parallel',
        })
        lab.pass(60)
      }
      expect(outcomes(lab.cluster.world, OPS)).toEqual(SIX.map(() => 'role'))
      expect(outcomes(lab.cluster.world, DEFAULT)).toEqual(SIX.map(() => 'role'))
    })
  }

  const dead: [string, string, typeof DEFAULT, readonly string[], string][] = [
    ['the default user with one datacenter down', '2.2.8', DEFAULT, SIX.slice(3), 'QUORUM 3/4'],
    ['the default user with two nodes down', '2.2.8', DEFAULT, SIX.slice(4), 'role'],
    ['another role with the other datacenter down, 2.2', '2.2.8', OPS, SIX.slice(3), 'role'],
    ['another role with two local nodes down, 2.2', '2.2.8', OPS, SIX.slice(1, 3), 'role'],
    ['another role with two local nodes down, 5.0', '5.0.2', OPS, SIX.slice(1, 3), 'LOCAL_QUORUM 1/2'],
    ['another role with the other datacenter down, 5.0', '5.0.2', OPS, SIX.slice(3), 'role'],
  ]
  it.each(dead)('depend on the living replicas: %s', (_, version, credentials, stopped, expected) => {
    const lab = altered(version)
    const request = {
      keyspace: 'system_auth',
      full: true,
      primaryRange: false,
      parallelism: 'parallel',
    } as const
    startRepair(lab.cluster.world, { ...request, host: SIX[0] })
    lab.pass(60)
    stopped.forEach((name) => lab.cluster.stopNode(name))
    expect(outcomes(lab.cluster.world, credentials)[0]).toBe(expected)
  })

  it('lock the cluster out where a datacenter was misspelt, which 2.2 accepts', () => {
    const lab = createTestLab('2.2.8')
    bringUp(lab)
    cql(
      lab,
      SIX[0],
      "ALTER KEYSPACE system_auth WITH replication = {'class':'NetworkTopologyStrategy','dc1':3,'dc2':3}",
    )
    expect(outcomes(lab.cluster.world, DEFAULT)).toEqual(SIX.map(() => 'QUORUM 0/4'))
  })
})
