import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../../../src/engine/ports/clock.ts'
import type {
  HostKeyQuestion,
  InteractiveQuestion,
  Prompter,
  SecretQuestion,
} from '../../../src/engine/ports/prompter.ts'
import type { Secrets, SecretValue } from '../../../src/engine/ports/secrets.ts'
import type {
  ExecHandle,
  ExecOutcome,
  ExecRequest,
  Session,
  Transport,
} from '../../../src/engine/ports/transport.ts'
import { createTransport } from '../../../src/adapters/transport/create-transport.ts'
import type { TransportOptions } from '../../../src/adapters/transport/create-transport.ts'
import type { Host } from '../../../src/core/inventory/model.ts'

/** A transport with scripted answers in a private home, and a record of what it asked. */
export type TransportFixture = {
  readonly transport: Transport
  readonly dir: string
  /** Our own known_hosts file. */ readonly knownHostsFile: string
  readonly asked: {
    secrets: SecretQuestion[]
    hostKeys: HostKeyQuestion[]
    interactive: InteractiveQuestion[]
    resolved: string[]
    rejected: string[]
  }
  /** Connects or throws the failure as an error. */ readonly connect: (host: Host) => Promise<Session>
  readonly stop: () => Promise<void>
}

export type Answers = {
  /** Values by secret name, in the order in which they are given out after each rejection. */ readonly secrets?: {
    readonly [name: string]: readonly string[]
  }
  readonly prompted?: readonly string[]
  readonly hostKeys?: boolean
  readonly interactive?: readonly string[]
}

/** Builds a {@link TransportFixture}; without answers it is headless. */
export function buildTransportFixture(
  answers: Answers = {},
  options: Partial<TransportOptions> = {},
): TransportFixture {
  const dir = mkdtempSync(join(tmpdir(), 'hr-transport-'))
  const knownHostsFile = join(dir, 'state', 'known_hosts')
  const sshConfigFile = join(dir, 'ssh_config')
  writeFileSync(sshConfigFile, '', { mode: 0o600 })
  const asked: TransportFixture['asked'] = {
    secrets: [],
    hostKeys: [],
    interactive: [],
    resolved: [],
    rejected: [],
  }
  const transport = createTransport({
    secrets: scriptSecrets(answers, asked),
    prompter: scriptPrompter(answers, asked),
    clock: systemClock,
    knownHostsFile,
    home: dir,
    localUser: userInfo().username,
    env: { PATH: process.env['PATH'] },
    sshConfigFile,
    ...options,
  })
  const connect = async (host: Host) => {
    const connected = await transport.connect(host, {})
    if (!connected.ok) throw new Error(JSON.stringify(connected.failure))
    return connected.session
  }
  const stop = async () => {
    await transport.close()
    rmSync(dir, { recursive: true, force: true })
  }
  return { transport, dir, knownHostsFile, asked, connect, stop }
}

export type Ran = {
  readonly outcome: ExecOutcome
  readonly stdout: Buffer
  readonly stderr: Buffer
  readonly sent: boolean
}

/** Runs a script to its end and collects both outputs. */
export async function run(
  session: Session,
  input: string | Uint8Array,
  request: Partial<ExecRequest> = {},
): Promise<Ran> {
  const { handle, stdout, stderr } = start(session, input, request)
  const [outcome, { sent }] = await Promise.all([handle.outcome, handle.started])
  return { outcome, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr), sent }
}

/** Starts a script and collects both outputs as they come. */
export function start(session: Session, input: string | Uint8Array, request: Partial<ExecRequest> = {}) {
  const stdout: Uint8Array[] = []
  const stderr: Uint8Array[] = []
  const handle: ExecHandle = session.exec({
    input,
    onStdout: (chunk) => void stdout.push(chunk),
    onStderr: (chunk) => void stderr.push(chunk),
    ...request,
  })
  return { handle, stdout, stderr }
}

/** Waits until `isTrue`, at most half a minute. */
export async function waitFor(isTrue: () => boolean, what: string): Promise<void> {
  for (let attempt = 0; attempt < 3_000; attempt++) {
    if (isTrue()) return
    await delay(10)
  }
  throw new Error(`waited in vain for ${what}`)
}

const systemClock: Clock = {
  wallMs: () => Date.now(),
  monoMs: () => performance.now(),
  sleep: async (durationMs, signal) => {
    const options = signal === undefined ? {} : { signal: signal as AbortSignal }
    await delay(durationMs, undefined, options).catch(() => {})
  },
  randomToken: (length) => randomBytes(length).toString('hex').slice(0, length),
}

function scriptSecrets(answers: Answers, asked: TransportFixture['asked']): Secrets {
  const left = new Map(Object.entries(answers.secrets ?? {}).map(([name, values]) => [name, [...values]]))
  return {
    resolve: async (name): Promise<SecretValue> => {
      asked.resolved.push(name)
      const value = left.get(name)?.[0]
      return value === undefined
        ? { ok: false, reason: `secret ${name} has no value`, hint: 'give it' }
        : { ok: true, value }
    },
    reject: (name) => {
      asked.rejected.push(name)
      left.get(name)?.shift()
    },
    known: () => [],
  }
}

function scriptPrompter(answers: Answers, asked: TransportFixture['asked']): Prompter {
  const prompted = [...(answers.prompted ?? [])]
  return {
    askSecret: async (question) => {
      asked.secrets.push(question)
      return prompted.shift()
    },
    confirmHostKey: async (question) => {
      asked.hostKeys.push(question)
      return answers.hostKeys
    },
    askInteractive: async (question) => {
      asked.interactive.push(question)
      return answers.interactive
    },
  }
}
