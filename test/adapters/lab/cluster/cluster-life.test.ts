import { describe, expect, it } from 'vitest'
import { createCluster } from '../../../../src/adapters/lab/cluster/create-cluster.ts'
import { runCql } from '../../../../src/adapters/lab/cluster/cql-session.ts'
import { findRepair, startRepair } from '../../../../src/adapters/lab/cluster/repair.ts'
import { selectSeenNodes } from '../../../../src/adapters/lab/cluster/gossip-view.ts'
import { bindHost } from '../../../../src/adapters/lab/programs/bind-host.ts'
import { bringUp, createTestLab, SIX } from '../lab-builder.ts'
import type { TestLab } from '../lab-builder.ts'

const ALTER =
  "ALTER KEYSPACE system_auth WITH replication = {'class':'NetworkTopologyStrategy','DC1':3,'DC2':3}"

function ready(version: string): TestLab {
  const lab = createTestLab(version)
  bringUp(lab)
  const { world } = lab.cluster
  const node = world.state.nodes[SIX[0]]
  const role = Object.values(world.state.nodes).flatMap((each) => each.roles['cassandra'] ?? [])[0]
  const { result } = runCql(world, { node: node.name, role, keyspace: undefined, consistency: 'ONE' }, ALTER)
  expect(result).toMatchObject({ kind: 'done' })
  return lab
}

function repair(lab: TestLab, host: string) {
  const started = startRepair(lab.cluster.world, {
    host,
    keyspace: 'system_auth',
    full: true,
    primaryRange: false,
    parallelism: 'parallel',
  })
  if (started.kind !== 'started') throw new Error(started.kind)
  return started.repair
}

const downFrom = (lab: TestLab, host: string): string[] =>
  selectSeenNodes(lab.cluster.world, lab.cluster.world.state.nodes[host])
    .filter((seen) => !seen.isUp)
    .map((seen) => seen.node.name)

describe('a repair', () => {
  it('takes lab time and ends without anybody watching', () => {
    const lab = ready('2.2.8')
    const { id } = repair(lab, SIX[0])
    lab.pass(10)
    expect(findRepair(lab.cluster.world, id)).toMatchObject({ state: 'running' })
    lab.pass(60)
    expect(lab.cluster.describe()).toMatchObject({
      repairs: [{ host: SIX[0], state: 'succeeded', afterAlter: true, overlapped: false }],
      repairedSinceAlter: { system_auth: [SIX[0]] },
    })
    expect(lab.cluster.describe().roles['cassandra'].missing).toEqual([])
  })

  it('fails at once where a replica is down', () => {
    const lab = ready('2.2.8')
    lab.cluster.stopNode(SIX[5])
    expect(repair(lab, SIX[0])).toMatchObject({
      state: 'failed',
      failure: 'Endpoint not alive: /192.168.20.3',
    })
  })

  it('fails on the way where a replica goes down', () => {
    const lab = ready('2.2.8')
    const { id } = repair(lab, SIX[0])
    lab.pass(5)
    lab.cluster.stopNode(SIX[5])
    expect(findRepair(lab.cluster.world, id)).toMatchObject({
      state: 'failed',
      failure: 'Endpoint /192.168.20.3 died',
    })
  })

  it('does not run beside another: refused on 2.2, marked on 5.0', () => {
    const old = ready('2.2.8')
    repair(old, SIX[0])
    expect(repair(old, SIX[1])).toMatchObject({
      state: 'failed',
      failure: 'Cannot start multiple repair sessions over the same sstables',
    })
    const modern = ready('5.0.2')
    repair(modern, SIX[0])
    expect(repair(modern, SIX[1])).toMatchObject({ state: 'running', overlapped: true })
    modern.pass(90)
    expect(modern.cluster.describe().repairedSinceAlter['system_auth']).toEqual([])
  })
})

describe('the network', () => {
  it('cut in one direction shows a node down on one side only', () => {
    const lab = ready('2.2.8')
    lab.cluster.partition(SIX[0], SIX[3], { oneWay: true })
    expect(downFrom(lab, SIX[0])).toEqual([SIX[3]])
    expect(downFrom(lab, SIX[3])).toEqual([])
    lab.cluster.healPartition(SIX[0], SIX[3])
    expect(downFrom(lab, SIX[0])).toEqual([])
  })

  it('cut between the datacenters lets the schema part, and healing brings it together', () => {
    const lab = ready('2.2.8')
    const pairs = SIX.slice(0, 3).flatMap((one) => SIX.slice(3).map((other) => [one, other] as const))
    pairs.forEach(([one, other]) => lab.cluster.partition(one, other))
    const { world } = lab.cluster
    const create = "CREATE KEYSPACE k WITH replication = {'class':'NetworkTopologyStrategy','DC1':3}"
    const role = Object.values(world.state.nodes).flatMap((each) => each.roles['cassandra'] ?? [])[0]
    runCql(world, { node: SIX[0], role, keyspace: undefined, consistency: 'ONE' }, create)
    expect(lab.cluster.describe().schemaVersions).toBe(2)
    pairs.forEach(([one, other]) => lab.cluster.healPartition(one, other))
    expect(lab.cluster.describe()).toMatchObject({
      schemaVersions: 1,
      keyspaces: { k: { replication: { DC1: '3' } } },
    })
  })

  it('can be hidden by health that is stale', () => {
    const lab = ready('2.2.8')
    lab.cluster.stopNode(SIX[1])
    lab.cluster.staleHealth(SIX[0], true)
    expect(downFrom(lab, SIX[0])).toEqual([])
    expect(downFrom(lab, SIX[2])).toEqual([SIX[1]])
  })
})

describe('the state of a cluster', () => {
  it('is plain data from which another cluster goes on', () => {
    const lab = ready('5.0.2')
    repair(lab, SIX[0])
    const saved: unknown = JSON.parse(JSON.stringify(lab.cluster.snapshot()))
    const other = createCluster({
      hosts: lab.cluster.world.hosts,
      clock: lab.clock,
      seed: 'test',
      state: saved as never,
    })
    lab.clock.move(60_000)
    lab.cluster.advance()
    expect(other.describe()).toEqual(lab.cluster.describe())
    expect(other.describe().repairs[0]).toMatchObject({ state: 'succeeded' })
    other.dispose()
  })

  it('can be put back, with the processes and ports that belong to it', () => {
    const lab = createTestLab('2.2.8')
    bringUp(lab, SIX.slice(0, 2))
    const saved = lab.cluster.snapshot()
    lab.cluster.stopNode(SIX[0])
    expect(lab.host(SIX[0]).handle.processes()).toEqual([])
    lab.cluster.restore(saved)
    expect(lab.cluster.describe().nodes[SIX[0]]).toMatchObject({ status: 'UN', running: true })
    expect(lab.host(SIX[0]).handle.ports()).toEqual([7000, 9042])
    const [process] = lab.host(SIX[0]).handle.processes()
    expect(lab.host(SIX[1]).handle.processes()).toHaveLength(1)
    lab.host(SIX[0]).handle.signalProcess(process.pid, 'KILL')
    expect(lab.cluster.describe().nodes[SIX[0]]).toMatchObject({ running: false })
  })

  it('depends on the seed alone', () => {
    expect(ready('2.2.8').cluster.snapshot()).toEqual(ready('2.2.8').cluster.snapshot())
  })

  it('wakes itself where the clock can sleep', async () => {
    const lab = createTestLab('2.2.8')
    bringUp(lab, [SIX[0]])
    const other = createCluster({
      hosts: lab.cluster.world.hosts,
      clock: lab.clock,
      state: lab.cluster.snapshot(),
    })
    bindHost(other, lab.host(SIX[0]))
    other.stopNode(SIX[0])
    expect(other.startNode(SIX[0])).toBe(true)
    expect(other.startNode(SIX[0])).toBe(false)
    for (let turn = 0; turn < 50 && other.world.state.nodes[SIX[0]].phase !== 'normal'; turn += 1)
      await Promise.resolve()
    expect(other.world.state.nodes[SIX[0]]).toMatchObject({ phase: 'normal', isServingCql: true })
    other.dispose()
  })
})
