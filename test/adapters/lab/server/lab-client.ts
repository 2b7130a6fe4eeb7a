import { Client } from 'ssh2'
import type { ClientChannel, ConnectConfig } from 'ssh2'
import ssh2 from 'ssh2'
import type { LabHost } from '../../../../src/adapters/lab/host/lab-host.ts'
import { buildHostKey, startLabHost } from '../../../../src/adapters/lab/server/start-lab-host.ts'
import type { RunningLabHost } from '../../../../src/adapters/lab/server/start-lab-host.ts'
import { buildPracticeHost } from '../shell/practice-host.ts'

export const userKey = ssh2.utils.generateKeyPairSync('ed25519')
export const hostKey = buildHostKey()

/** A practice host on loopback into which `ops` can log in by key or by the password `pw`. */
export async function startTestHost(
  host: LabHost = buildPracticeHost(),
): Promise<RunningLabHost & { readonly host: LabHost } & AsyncDisposable> {
  const running = await startLabHost({
    host,
    hostKey: hostKey.private,
    accounts: new Map([['ops', { authorizedKeys: [userKey.public], password: 'pw' }]]),
  })
  return { ...running, host, [Symbol.asyncDispose]: () => running.close() }
}

/** Connects as `ops`; the outcome is a value. */
export async function connect(
  lab: RunningLabHost,
  options: ConnectConfig = {},
): Promise<
  { readonly client: Client } & ({ readonly ok: true } | { readonly ok: false; readonly reason: string })
> {
  const client = new Client()
  const { promise, resolve } = Promise.withResolvers<{ ok: true } | { ok: false; reason: string }>()
  client.on('ready', () => resolve({ ok: true }))
  client.on('error', (problem) => resolve({ ok: false, reason: problem.message }))
  client.on('close', () => resolve({ ok: false, reason: 'closed' }))
  client.connect({
    host: lab.address,
    port: lab.port,
    username: 'ops',
    privateKey: userKey.private,
    hostVerifier: () => true,
    readyTimeout: 20_000,
    ...options,
  })
  client.setNoDelay(true)
  return { client, ...(await promise) }
}

export type ExecResult = {
  readonly stdout: string
  readonly stderr: string
  readonly code: number | null | undefined
  readonly signal: string | undefined
}

/** Runs a command with an input and waits for the channel's close. */
export async function exec(client: Client, command: string, input = ''): Promise<ExecResult> {
  const channel = await openChannel(client, command)
  channel.end(input)
  return finish(channel)
}

export async function openChannel(client: Client, command: string): Promise<ClientChannel> {
  const { promise, resolve, reject } = Promise.withResolvers<ClientChannel>()
  client.exec(command, (problem, channel) => (problem === undefined ? resolve(channel) : reject(problem)))
  return promise
}

export async function finish(channel: ClientChannel): Promise<ExecResult> {
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  channel.on('data', (chunk: Buffer) => stdout.push(chunk))
  channel.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  const { promise, resolve } =
    Promise.withResolvers<readonly [number | null | undefined, string | undefined]>()
  channel.on('close', (code?: number | null, signal?: string) => resolve([code, signal]))
  const [code, signal] = await promise
  return { stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), code, signal }
}
