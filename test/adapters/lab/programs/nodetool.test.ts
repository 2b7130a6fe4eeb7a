import { describe, expect, it } from 'vitest'
import { bringUp, createTestLab, HOME, SIX } from '../lab-builder.ts'
import type { TestLab } from '../lab-builder.ts'
import { createRunner } from '../run-program.ts'
import type { RunResult } from '../run-program.ts'

const NODETOOL = `${HOME}/bin/nodetool`

type Ready = { lab: TestLab; nodetool: (host: string, ...args: string[]) => Promise<RunResult> }

function ready(version: string): Ready {
  const lab = createTestLab(version)
  const run = createRunner(lab)
  bringUp(lab)
  for (const { fs } of lab.hosts.values()) fs.writeProgram(NODETOOL, '/usr/libexec/practice/nodetool')
  return { lab, nodetool: (host, ...args) => run(host, [NODETOOL, ...args]) }
}

describe('nodetool', () => {
  for (const version of ['2.2.8', '3.11.4', '4.1.3', '5.0.2']) {
    it(`prints the formats of ${version}`, async () => {
      const { nodetool } = ready(version)
      for (const command of [
        'status',
        'describecluster',
        'info',
        'version',
        'statusbinary',
        'netstats',
        'compactionstats',
        'gossipinfo',
      ]) {
        const result = await nodetool(SIX[0], command)
        expect({ command, ...result }).toMatchSnapshot()
      }
      expect(await nodetool(SIX[0], 'status', 'system_auth')).toMatchSnapshot()
      expect(await nodetool(SIX[0], 'repair', '--full', 'system_traces')).toMatchSnapshot()
      expect(await nodetool(SIX[0], 'repair', '--full', 'system_auth')).toMatchSnapshot()
      expect(await nodetool(SIX[0], 'repair_admin', 'list')).toMatchSnapshot()
      expect(await nodetool(SIX[0], 'getmaxhintwindow')).toMatchSnapshot()
    })
  }

  it('shows a node that is down', async () => {
    const { lab, nodetool } = ready('2.2.8')
    lab.cluster.stopNode(SIX[1])
    const { out } = await nodetool(SIX[0], 'status')
    expect(out).toMatch(/^DN {2}192\.168\.10\.2 /m)
    expect((await nodetool(SIX[0], 'describecluster')).out).toContain('UNREACHABLE: [192.168.10.2]')
  })

  it('fails where no node runs, with the words of JMX', async () => {
    const lab = createTestLab('2.2.8')
    const run = createRunner(lab)
    lab.install(SIX[0])
    lab.host(SIX[0]).fs.writeProgram(NODETOOL, '/usr/libexec/practice/nodetool')
    expect(await run(SIX[0], [NODETOOL, 'status'])).toEqual({
      code: 1,
      out: '',
      err: "nodetool: Failed to connect to '127.0.0.1:7199' - ConnectException: 'Connection refused (Connection refused)'.\n",
    })
  })

  const refusals: [string, string[], number, string][] = [
    ['an unknown keyspace of status', ['status', 'nope'], 1, 'Error: The keyspace nope, does not exist\n'],
    [
      'an unknown keyspace of repair',
      ['repair', '--full', 'nope'],
      1,
      'nodetool: Keyspace [nope] does not exist.',
    ],
    ['an unknown command', ['statsu'], 1, 'nodetool: Found unexpected parameters: [statsu]'],
    ['JMX of another host', ['-h', '192.168.10.2', 'status'], 1, "Failed to connect to '192.168.10.2:7199'"],
  ]
  it.each(refusals)('refuses %s', async (_, args, code, err) => {
    const { nodetool } = ready('2.2.8')
    const result = await nodetool(SIX[0], ...args)
    expect(result.code).toBe(code)
    expect(result.err).toContain(err)
  })

  it('refuses the URL of an old nodetool on a new Java unless told otherwise', async () => {
    const { lab, nodetool } = ready('2.2.8')
    lab.host(SIX[0]).fs.writeFile('/usr/lib/jvm/default/release', 'JAVA_VERSION="1.8.0_342"\n')
    const refused = await nodetool(SIX[0], 'version')
    expect(refused).toMatchObject({ code: 1 })
    expect(refused.err).toContain(
      "URISyntaxException: 'Malformed IPv6 address at index 7: rmi://[127.0.0.1]:7199'.",
    )
    expect(await nodetool(SIX[0], '-Dcom.sun.jndi.rmiURLParsing=legacy', 'version')).toMatchObject({
      code: 0,
      out: 'ReleaseVersion: 2.2.8\n',
    })
  })

  it('leaves the repair to the servers when it is killed, and shows it there', async () => {
    const { lab, nodetool } = ready('2.2.8')
    const run = createRunner(lab)
    const killed = await run(SIX[0], [NODETOOL, 'repair', '--full', 'system_traces'], {
      signal: AbortSignal.abort(),
    })
    expect(killed).toMatchObject({ code: 143, out: expect.stringContaining('Starting repair command #1') })
    lab.pass(5)
    const comparing = await nodetool(SIX[5], 'compactionstats')
    expect(comparing.out).toMatch(/^pending tasks: 1\n.*\n.* Validation {3}system_traces {3}/)
    const beside = await nodetool(SIX[1], 'repair', '--full', 'system_traces')
    expect(beside).toMatchObject({
      code: 2,
      err: expect.stringContaining('Cannot start multiple repair sessions over the same sstables'),
    })
    lab.pass(18)
    expect((await nodetool(SIX[5], 'netstats')).out).toMatch(/^Mode: NORMAL\nRepair [0-9a-f-]{36}$/m)
    lab.pass(60)
    expect((await nodetool(SIX[5], 'netstats')).out).toContain('Not sending any streams.')
    expect(lab.cluster.describe().repairs[0]).toMatchObject({ state: 'succeeded' })
  })

  it('fails a repair with 2 where a replica is down', async () => {
    const { lab, nodetool } = ready('5.0.2')
    lab.cluster.stopNode(SIX[4])
    const result = await nodetool(SIX[0], 'repair', '--full', 'system_traces')
    expect(result.code).toBe(2)
    expect(result.out).toMatch(
      /\] Endpoint not alive: \/192\.168\.20\.2:7000\n.*Repair command #1 finished with error\n$/,
    )
    expect(result.err).toContain('error: Repair job has failed with the error message: [2017-05-06')
  })

  it('shows incremental sessions only in repair_admin', async () => {
    const { lab, nodetool } = ready('5.0.2')
    const run = createRunner(lab)
    await run(SIX[0], [NODETOOL, 'repair', 'system_traces'], { signal: AbortSignal.abort() })
    expect((await nodetool(SIX[1], 'repair_admin', 'list')).out).toMatch(/ \| REPAIRING \| /)
  })

  it('takes a snapshot that lies in the data directory, once per name', async () => {
    const { lab, nodetool } = ready('2.2.8')
    expect((await nodetool(SIX[0], 'snapshot', '-t', 'before', 'system_auth')).out).toContain(
      'Snapshot directory: before\n',
    )
    expect(await nodetool(SIX[0], 'snapshot', '-t', 'before', 'system_auth')).toMatchObject({ code: 2 })
    expect((await nodetool(SIX[0], 'listsnapshots')).out).toMatch(/^before system_auth/m)
    expect(lab.cluster.describe().nodes[SIX[0]].snapshots).toEqual(['system_auth/before'])
    const path = `${HOME}/data/data/system_auth/roles-5bc52802de2535edaeab188eecebb090/snapshots/before/manifest.json`
    expect(lab.host(SIX[0]).fs.exists(path)).toBe(true)
  })

  it('drains: no clients, no gossip, the process stays', async () => {
    const { nodetool } = ready('5.0.2')
    expect(await nodetool(SIX[0], 'drain')).toMatchObject({ code: 0 })
    expect((await nodetool(SIX[0], 'netstats')).out).toContain('Mode: DRAINED')
    expect((await nodetool(SIX[0], 'statusbinary')).out).toBe('not running\n')
    expect((await nodetool(SIX[1], 'status')).out).toMatch(/^DN {2}192\.168\.10\.1 /m)
  })
})
