import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../../../src/adapters/lab/scenario/load-scenario.ts'
import { FAULT_KINDS } from '../../../../src/adapters/lab/scenario/scenario-schema.ts'
import type { FaultKindData } from '../../../../src/adapters/lab/scenario/scenario-schema.ts'
import { startLab } from '../../../../src/adapters/lab/scenario/start-lab.ts'
import type { Lab } from '../../../../src/adapters/lab/scenario/start-lab.ts'
import ssh2 from 'ssh2'

const ROOT = join(import.meta.dirname, '../../../..')
const HOST = 'dc1-cass1'

type Answer = { readonly output: string; readonly code: number | undefined; readonly error: string }

/** Some times as long as an answer takes. */
const SILENCE_MS = 500

/** Logs in and runs one command; what does not come within the time counts as silence. */
async function ask(
  lab: Lab,
  command: string,
  options: { knownKey?: string; silenceMs?: number } = {},
): Promise<Answer> {
  const client = new ssh2.Client()
  const { promise, resolve } = Promise.withResolvers<Answer>()
  let output = ''
  let code: number | undefined
  const timer = setTimeout(() => resolve({ output, code, error: 'silence' }), options.silenceMs ?? 20_000)
  client.on('error', (error) => resolve({ output, code, error: error.message }))
  client.on('close', () => resolve({ output, code, error: 'closed' }))
  client.on('ready', () =>
    client.exec(command, (_error, channel) => {
      channel.on('data', (chunk: Buffer) => (output += chunk.toString()))
      channel.on('exit', (status: number) => (code = status))
      channel.on('close', () => resolve({ output, code, error: '' }))
    }),
  )
  client.connect({
    host: '127.0.0.1',
    port: lab.ports[HOST] ?? 0,
    username: lab.user,
    privateKey: lab.identity,
    hostVerifier: (key: Buffer) =>
      options.knownKey === undefined || lab.knownHosts.includes(key.toString('base64')),
  })
  const answer = await promise
  clearTimeout(timer)
  client.destroy()
  return answer
}

const NOTHING: Answer = { output: '', code: undefined, error: '' }

/** What each fault does to a host, as a person would see it. */
const ROWS: readonly (readonly [FaultKindData, (lab: Lab) => Promise<void>])[] = [
  [
    { kind: 'refuse-connections', host: HOST },
    async (lab) => expect((await ask(lab, 'echo hi')).error).toMatch(/ECONNRESET|closed|lost/),
  ],
  [
    { kind: 'hang-connection', host: HOST },
    async (lab) => {
      const socket = connect(lab.ports[HOST] ?? 0, '127.0.0.1')
      await new Promise((resolve) => socket.once('connect', resolve))
      expect((await ask(lab, 'echo hi', { silenceMs: SILENCE_MS })).error).toBe('silence')
      socket.destroy()
    },
  ],
  [
    { kind: 'auth-refused', host: HOST },
    async (lab) => expect((await ask(lab, 'echo hi')).error).toContain('authentication methods failed'),
  ],
  [
    { kind: 'host-key-changed', host: HOST },
    async (lab) => expect((await ask(lab, 'echo hi', { knownKey: 'own' })).error).toContain('denied'),
  ],
  [
    { kind: 'hang-command', host: HOST },
    async (lab) =>
      expect(await ask(lab, 'echo hi', { silenceMs: SILENCE_MS })).toEqual({ ...NOTHING, error: 'silence' }),
  ],
  [
    { kind: 'no-exit-status', host: HOST },
    async (lab) => expect(await ask(lab, 'echo hi')).toEqual({ ...NOTHING, output: 'hi\n' }),
  ],
  [
    { kind: 'slow', host: HOST, perCommandMs: 300 },
    async (lab) => {
      const beganMs = performance.now()
      expect((await ask(lab, 'echo hi')).output).toBe('hi\n')
      expect(performance.now() - beganMs).toBeGreaterThan(290)
    },
  ],
  [
    { kind: 'drop-line', host: HOST, afterOutputBytes: 2 },
    async (lab) => expect((await ask(lab, 'echo hi; sleep 5')).error).not.toBe(''),
  ],
  [
    { kind: 'reboot', host: HOST },
    async (lab) => expect(lab.cluster.describe().nodes[HOST]?.running).toBe(false),
  ],
  [
    { kind: 'disk-full', host: HOST },
    async (lab) => expect((await ask(lab, 'echo hi > /tmp/x')).code).not.toBe(0),
  ],
  [
    { kind: 'clock-skew', host: HOST, byMs: 3_600_000 },
    async (lab) => {
      const { output } = await ask(lab, 'date +%s; timedatectl show -p NTPSynchronized --value')
      expect(Number(output.split('\n')[0]) - Date.now() / 1000).toBeGreaterThan(3500)
      expect(output).toContain('no')
    },
  ],
  [
    { kind: 'stop-node', host: HOST },
    async (lab) => expect(lab.cluster.describe().nodes[HOST]?.status).toBe('DN'),
  ],
  [
    { kind: 'start-node', host: HOST },
    async (lab) => {
      lab.cluster.stopNode(HOST)
      lab.faults.add({ fault: { kind: 'start-node', host: HOST } })
      expect(lab.cluster.describe().nodes[HOST]?.phase).toBe('launching')
    },
  ],
  [
    { kind: 'stale-health', host: HOST },
    async (lab) => {
      lab.cluster.stopNode('dc1-cass2')
      const { output } = await ask(
        lab,
        '/opt/cassandra/bin/nodetool -Dcom.sun.jndi.rmiURLParsing=legacy status',
      )
      expect(output).toContain('UN  192.168.10.2')
    },
  ],
  [
    { kind: 'partition', host: HOST, other: 'dc2-cass1', oneWay: true },
    async (lab) => expect(lab.cluster.world.state.partitions).toEqual([`${HOST}>dc2-cass1`]),
  ],
  [
    { kind: 'heal', host: HOST, other: 'dc2-cass1' },
    async (lab) => {
      lab.cluster.partition(HOST, 'dc2-cass1')
      lab.faults.add({ fault: { kind: 'heal', host: HOST, other: 'dc2-cass1' } })
      expect(lab.cluster.world.state.partitions).toEqual([])
    },
  ],
  [
    { kind: 'clear', host: HOST },
    async (lab) => {
      lab.faults.add({ fault: { kind: 'auth-refused', host: HOST } })
      lab.faults.add({ fault: { kind: 'clear', host: HOST } })
      expect((await ask(lab, 'echo hi')).output).toBe('hi\n')
    },
  ],
]

describe('the faults of a scenario', async () => {
  const scenario = await loadScenario('system-auth', [join(ROOT, 'runbooks/lab')])

  it.each(ROWS.map(([fault, see]) => [fault.kind, fault, see] as const))('%s', async (_kind, fault, see) => {
    const lab = await startLab({ scenario })
    lab.faults.add({ fault })
    await see(lab)
    await lab.stop()
  })

  it('strike at their moment, so often as told', async () => {
    const lab = await startLab({ scenario })
    lab.faults.add({
      fault: { kind: 'stop-node', host: 'dc2-cass3' },
      when: { program: 'hostname', at: 'end', host: HOST, skip: 1, if: 'nodes["dc2-cass3"].running' },
    })
    await ask(lab, 'hostname')
    expect(lab.cluster.describe().nodes['dc2-cass3']?.running).toBe(true)
    await ask(lab, 'hostname')
    expect(lab.cluster.describe().nodes['dc2-cass3']?.running).toBe(false)
    await lab.stop()
  })

  it('are all in the table of docs/lab.md, and all tried here', () => {
    const text = readFileSync(join(ROOT, 'docs/lab.md'), 'utf8')
    const table = text.split('<!-- generated: faults -->')[1]?.split('<!-- end -->')[0] ?? ''
    const documented = [...table.matchAll(/^\| `([a-z-]+)`/gm)].map((match) => match[1])
    expect(ROWS.map(([fault]) => fault.kind)).toEqual(documented)
    expect(FAULT_KINDS).toEqual(documented)
  })
})
