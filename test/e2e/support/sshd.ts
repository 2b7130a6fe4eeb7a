import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { execa } from 'execa'
import type { HostName } from '../../../src/core/base/ids.ts'
import type { ConnectionOptions, Host } from '../../../src/core/inventory/model.ts'

/** Where Debian and others keep the daemon; it insists on being started by its absolute path. */
const SSHD_PATHS = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/sbin/sshd']
const READY_TRIES = 200
const READY_PAUSE_MS = 25

export type HostKeyType = 'ed25519' | 'ecdsa' | 'rsa'

export type SshdOptions = {
  /** Loopback address to listen on; default 127.0.0.1. */ readonly address?: string
  /** Default: a free port. */ readonly port?: number
  /** Lines put before the defaults, so that they win (sshd takes the first value of a keyword). */
  readonly config?: readonly string[]
  /** Default: ed25519 only. */ readonly hostKeys?: readonly HostKeyType[]
  /** Further public keys (lines) that may log in. */ readonly authorizedKeys?: readonly string[]
}

/** A running real sshd on loopback with its own keys, configuration, user key and known_hosts file. */
export type Sshd = {
  readonly address: string
  readonly port: number
  readonly pid: number
  /** Its private directory; removed by `stop`. */ readonly dir: string
  /** The current user: the only one who can log in by `identity`. */ readonly user: string
  /** Path of an unencrypted ed25519 private key that may log in; `.pub` stands beside it. */ readonly identity: string
  /** Path of a known_hosts file that holds exactly this daemon's keys. */ readonly knownHosts: string
  /** `TYPE BASE64`, in the order of `options.hostKeys`. */ readonly publicKeys: readonly string[]
  /** What the daemon has written to its log so far. */ readonly log: () => string
  /** Pids of the processes that serve connections (not of what they run). */ readonly sessionPids: () => number[]
  /** Ends all connections as a crash would: SIGKILL to every session process; the daemon goes on. */ readonly killSessions: () => void
  /** An inventory host that reaches this daemon. */ readonly host: (
    name?: string,
    ssh?: ConnectionOptions,
  ) => Host
  /** Stops the daemon and its sessions by their own pids and removes `dir`. Idempotent. */ readonly stop: () => Promise<void>
}

/** Says why real daemons cannot be started here, or `undefined` when they can; tests print it and skip. */
export function sshdMissing(): string | undefined {
  if (findSshd() === undefined) return `no sshd at ${SSHD_PATHS.join(', ')}`
  if (!existsSync('/usr/bin/ssh-keygen') && !existsSync('/usr/local/bin/ssh-keygen')) return 'no ssh-keygen'
  return undefined
}

/**
 * Starts one real sshd on loopback and waits until it shows its banner.
 *
 * ```ts
 * const sshd = await startSshd({ config: ['MaxSessions 2'] })
 * afterAll(() => sshd.stop())
 * const connected = await transport.connect(sshd.host('one'), {})
 * ```
 */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const program = findSshd()
  if (program === undefined) throw new Error(sshdMissing())
  const address = options.address ?? '127.0.0.1'
  const port = options.port ?? (await findFreePort(address))
  const dir = mkdtempSync(join(tmpdir(), 'hr-sshd-'))
  const user = userInfo().username
  const identity = join(dir, 'user_ed25519')
  const publicKeys = await writeKeys(dir, options.hostKeys ?? ['ed25519'])
  const knownHosts = join(dir, 'known_hosts')
  const shownName = port === 22 ? address : `[${address}]:${port}`
  writeFileSync(knownHosts, publicKeys.map((key) => `${shownName} ${key}\n`).join(''))
  const authorized = [readFileSync(`${identity}.pub`, 'utf8').trim(), ...(options.authorizedKeys ?? [])]
  writeFileSync(join(dir, 'authorized_keys'), `${authorized.join('\n')}\n`)
  writeFileSync(join(dir, 'sshd_config'), buildConfig({ dir, address, port, options }))
  if (process.getuid?.() === 0 && !existsSync('/run/sshd')) mkdirSync('/run/sshd', { mode: 0o755 })
  const child = spawn(program, ['-D', '-E', join(dir, 'log'), '-f', join(dir, 'sshd_config')], {
    stdio: 'ignore',
  })
  const log = () => (existsSync(join(dir, 'log')) ? readFileSync(join(dir, 'log'), 'utf8') : '')
  const sessionPids = () => listSessions(child.pid ?? 0)
  const killSessions = () => killAll(sessionPids())
  const stop = () => stopDaemon(child, killSessions, dir)
  try {
    await waitForBanner({ address, port, child, log })
  } catch (error) {
    await stop()
    throw error
  }
  const host = (name = 'target', ssh: ConnectionOptions = {}): Host =>
    buildHost(name, { host: address, port, user, identity, knownHosts, ...ssh })
  return {
    address,
    port,
    pid: child.pid ?? 0,
    dir,
    user,
    identity,
    knownHosts,
    publicKeys,
    log,
    sessionPids,
    killSessions,
    host,
    stop,
  }
}

/** Starts `count` daemons on one port of 127.0.0.1, 127.0.0.2, …; started eight at a time. */
export async function startSshds(count: number, options: SshdOptions = {}): Promise<Sshd[]> {
  const port = options.port ?? (await findFreePort('127.0.0.1'))
  const started: Sshd[] = []
  for (let from = 0; from < count; from += 8) {
    const numbers = Array.from({ length: Math.min(8, count - from) }, (_, index) => from + index + 1)
    started.push(
      ...(await Promise.all(numbers.map((n) => startSshd({ ...options, address: `127.0.0.${n}`, port })))),
    )
  }
  return started
}

/** Builds an inventory host by hand for transports' tests. */
export function buildHost(name: string, ssh: ConnectionOptions): Host {
  return { name: name as HostName, address: {}, ssh, roles: {}, tags: [], vars: {} }
}

/** A TCP port of `address` that was free a moment ago. */
export function findFreePort(address = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, address, () => {
      const bound = server.address()
      server.close(() => resolve(typeof bound === 'object' && bound !== null ? bound.port : 0))
    })
  })
}

function findSshd(): string | undefined {
  return SSHD_PATHS.find((path) => existsSync(path))
}

async function writeKeys(dir: string, types: readonly HostKeyType[]): Promise<string[]> {
  const generate = async (type: HostKeyType, file: string) => {
    const bits = type === 'rsa' ? ['-b', '2048'] : []
    await execa('ssh-keygen', ['-q', '-t', type, ...bits, '-N', '', '-C', '', '-f', file], {
      stdin: 'ignore',
    })
    return readFileSync(`${file}.pub`, 'utf8').trim().split(' ').slice(0, 2).join(' ')
  }
  await generate('ed25519', join(dir, 'user_ed25519'))
  return Promise.all(types.map((type) => generate(type, join(dir, `host_${type}`))))
}

function buildConfig(given: { dir: string; address: string; port: number; options: SshdOptions }): string {
  const { dir, address, port, options } = given
  return [
    ...(options.config ?? []).filter((line) => !/^match /i.test(line)),
    `Port ${port}`,
    `ListenAddress ${address}`,
    ...(options.hostKeys ?? ['ed25519']).map((type) => `HostKey ${join(dir, `host_${type}`)}`),
    `PidFile ${join(dir, 'pid')}`,
    `AuthorizedKeysFile ${join(dir, 'authorized_keys')}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin yes',
    'PrintMotd no',
    'UseDNS no',
    'LogLevel VERBOSE',
    // Keeps bash from reading the user's .bashrc, which costs up to 0.3 s for each command.
    'SetEnv SHLVL=2',
    'Subsystem sftp internal-sftp',
    '',
  ].join('\n')
}

async function waitForBanner(given: {
  address: string
  port: number
  child: ChildProcess
  log: () => string
}) {
  for (let attempt = 0; attempt < READY_TRIES; attempt++) {
    if (given.child.exitCode !== null) break
    if (await showsBanner(given.address, given.port)) return
    await delay(READY_PAUSE_MS)
  }
  throw new Error(`sshd on ${given.address}:${given.port} did not start:\n${given.log()}`)
}

function showsBanner(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    socket.once('data', (data) => (socket.destroy(), resolve(data.toString().startsWith('SSH-2.0'))))
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}

function listSessions(daemon: number): number[] {
  const parents = new Map<number, { parent: number; name: string }>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8')
      const end = stat.lastIndexOf(')')
      const parent = Number(stat.slice(end + 2).split(' ')[1])
      parents.set(Number(entry), { parent, name: stat.slice(stat.indexOf('(') + 1, end) })
    } catch {
      // The process ended between the listing and the reading.
    }
  }
  const sessions: number[] = []
  const visit = (pid: number) => {
    for (const [child, { parent, name }] of parents) {
      if (parent !== pid || !name.startsWith('sshd')) continue
      sessions.push(child)
      visit(child)
    }
  }
  visit(daemon)
  return sessions
}

function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It is gone already.
    }
  }
}

async function stopDaemon(child: ChildProcess, killSessions: () => void, dir: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    killSessions()
    child.kill('SIGKILL')
    await ended
  }
  rmSync(dir, { recursive: true, force: true })
}
