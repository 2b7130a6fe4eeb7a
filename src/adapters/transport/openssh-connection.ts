import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { execa } from 'execa'
import type { ConnectFailure } from '../../engine/ports/transport.ts'
import type { Budget } from './budget.ts'
import type { ByteChannel, ChannelEnd, OpenChannel, OpenedChannel } from './byte-channel.ts'
import { buildBeginFilter, buildEndFilter, wrapWithTrailer } from './exit-trailer.ts'
import type { OpenStream } from './http-exchange.ts'
import type { TransportLimits } from './limits.ts'
import { openProcess } from './local-channel.ts'
import { describeOpensshFailure } from './openssh-failure.ts'
import { formatOpensshConfig } from './openssh-config-file.ts'
import { buildSemaphore } from './semaphore.ts'
import type { Semaphore } from './semaphore.ts'
import type { Target } from './target.ts'

/** Milliseconds between looks for the master's socket, which appears once the login is done. */
const READY_PAUSE_MS = 20
/** Tries after a refusal while no other command of ours runs, and milliseconds between all tries. */
const LAST_TRIES = 5
const REFUSED_PAUSE_MS = 50
/** Bytes of ssh's own messages that are kept. */
const MESSAGE_BYTES = 16 * 1024

/**
 * Runs a program until it ends or standard input does: however this process ends, SIGKILL included, the master
 * does not outlive it.
 */
const KEEPER =
  'exec 3<&0; "$@" </dev/null 3<&- & p=$!; { read -r x <&3; kill "$p"; } >/dev/null 2>&1 & k=$!; exec 3<&-; wait "$p"; c=$?; kill "$k" 2>/dev/null; exit "$c"'
/** What a client prints when the server has no session left (MaxSessions). */
const REFUSED_BY_PEER = /refused by peer/i

export type OpensshDeps = {
  readonly program: string
  readonly env: { readonly [name: string]: string | undefined }
  readonly limits: TransportLimits
  readonly includes: readonly string[]
}

export type OpensshConnection = {
  readonly open: OpenChannel
  readonly openStream: OpenStream
  readonly closed: Promise<string>
  readonly close: () => void
}

export type OpensshLogin =
  | { readonly ok: true; readonly connection: OpensshConnection }
  | { readonly ok: false; readonly failure: ConnectFailure }

type Link = OpensshDeps & {
  readonly alias: string
  readonly clientConfig: string
  readonly slots: Semaphore
  readonly open: Set<ByteChannel>
  readonly isAlive: () => boolean
}

/**
 * Connects by the system's `ssh` as a master with a control socket in a private directory; every exec is a client
 * of it. Never asks: a question that ssh would put on a terminal is a failure.
 */
export async function connectOpenssh(
  target: Target,
  budget: Budget,
  deps: OpensshDeps,
): Promise<OpensshLogin> {
  // Short on purpose: a socket's path may have about 100 bytes, of which ssh adds 17 while it binds.
  const dir = mkdtempSync(join(tmpdir(), 'hr-'))
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const controlPath = join(dir, 's')
  const alias = target.hops.at(-1)?.alias ?? target.host.name
  const clientConfig = join(dir, 'client')
  const masterConfig = writeConfigs(target, { ...deps, dir, controlPath, clientConfig })
  const master = execa('/bin/sh', ['-c', KEEPER, 'sh', deps.program, '-F', masterConfig, '-N', '--', alias], {
    env: deps.env,
    extendEnv: false,
    stdin: 'pipe',
    stdout: 'ignore',
    buffer: false,
    reject: false,
    detached: true,
  })
  master.stdin.on('error', () => {})
  let said = ''
  master.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-MESSAGE_BYTES)))
  const state = { alive: true }
  const closed = master.then(() => {
    state.alive = false
    rmSync(dir, { recursive: true, force: true })
    return lastLine(said) ?? 'ssh ended'
  })
  while (state.alive && !budget.signal.aborted && !existsSync(controlPath)) await delay(READY_PAUSE_MS)
  if (!state.alive || budget.signal.aborted) {
    master.stdin.end()
    await closed
    return { ok: false, failure: describeOpensshFailure(target, said, budget) }
  }
  const slots = buildSemaphore(deps.limits.channelsPerConnection)
  const link: Link = { ...deps, alias, clientConfig, slots, open: new Set(), isAlive: () => state.alive }
  return {
    ok: true,
    connection: {
      open: (command, options) => openQueued(link, command, options),
      openStream: (host, port) => openForward(link, host, port),
      closed,
      close: () => void master.stdin.end(),
    },
  }
}

/** One file for each hop, each going through the one before; returns the target's. */
function writeConfigs(
  target: Target,
  given: OpensshDeps & { readonly dir: string; readonly controlPath: string; readonly clientConfig: string },
): string {
  const { controlPath, limits, includes, program } = given
  let before: { readonly config: string; readonly alias: string } | undefined
  for (const [index, hop] of target.hops.entries()) {
    const config = join(given.dir, `hop${index}`)
    const isLast = index === target.hops.length - 1
    const via = before === undefined ? undefined : { program, ...before }
    const isDirect = before === undefined && target.host.ssh.jump === 'none'
    const master = isLast ? { controlPath, role: 'master' as const } : undefined
    writeFileSync(config, formatOpensshConfig(hop, { limits, includes, via, isDirect, control: master }), {
      mode: 0o600,
    })
    if (isLast) {
      const client = { controlPath, role: 'client' as const }
      const text = formatOpensshConfig(hop, {
        limits,
        includes,
        via: undefined,
        isDirect: false,
        control: client,
      })
      writeFileSync(given.clientConfig, text, { mode: 0o600 })
    }
    before = { config, alias: hop.alias }
  }
  return before?.config ?? given.clientConfig
}

async function openQueued(
  link: Link,
  command: string,
  options: Parameters<OpenChannel>[1],
): Promise<OpenedChannel> {
  for (let lastTries = 0; ;) {
    const release = await link.slots.acquire(options.signal)
    if (release === undefined) return { ok: false, reason: 'cancelled' }
    const opened: OpenedChannel = link.isAlive()
      ? await openOnce(link, command, options)
      : { ok: false, reason: 'the connection is gone' }
    if (opened.ok) {
      link.open.add(opened.channel)
      void opened.channel.ended.then(() => link.open.delete(opened.channel)).then(release)
      return opened
    }
    const isAlone = link.slots.inUse() === 1
    // The server allows fewer sessions than we thought: queue here instead of failing.
    if (link.open.size > 0) link.slots.shrinkTo(link.open.size)
    release()
    if (!REFUSED_BY_PEER.test(opened.reason) || (isAlone && ++lastTries > LAST_TRIES)) return opened
    await delay(REFUSED_PAUSE_MS)
  }
}

async function openOnce(
  link: Link,
  command: string,
  options: Parameters<OpenChannel>[1],
): Promise<OpenedChannel> {
  const { alias } = link
  const { pty } = options
  if (pty !== undefined) {
    const sized = `stty columns ${pty.columns} rows ${pty.rows}; ${command}`
    const env = { ...link.env, TERM: pty.term }
    const opened = await openProcess(link.program, ['-F', link.clientConfig, '-tt', '--', alias, sized], {
      env,
    })
    return opened.ok
      ? { ok: true, channel: { ...opened.channel, ended: opened.channel.ended.then(judgePty) } }
      : opened
  }
  const nonces = { begin: [token(), token()], end: [token(), token()] } as const
  const line = wrapWithTrailer(command, nonces)
  const opened = await openProcess(link.program, ['-F', link.clientConfig, '-T', '--', alias, line], {
    env: link.env,
  })
  if (!opened.ok) return opened
  const { channel } = opened
  const [begin, end] = [buildBeginFilter(nonces), buildEndFilter(nonces)]
  const stderr = channel.stderr.pipe(begin.stream).pipe(end.stream)
  const { promise: aborted, resolve: abort } = Promise.withResolvers<'aborted'>()
  options.signal?.addEventListener('abort', () => abort('aborted'), { once: true })
  const first = await Promise.race([begin.found, channel.ended, aborted])
  if (typeof first !== 'string') return { ok: false, reason: describeEnd(readAll(stderr)) }
  if (first === 'aborted') {
    channel.close()
    return { ok: false, reason: 'cancelled' }
  }
  const close = () => {
    channel.close()
    stderr.destroy()
  }
  return {
    ok: true,
    channel: { ...channel, stderr, close, ended: channel.ended.then((ended) => judge(ended, end.digits())) },
  }
}

/** ssh must end with 0 and the trailer must have come: whatever else happened, nobody knows how the command ended. */
function judge(ended: ChannelEnd, digits: string | undefined): ChannelEnd {
  if (ended.kind === 'exited' && ended.code === 0 && digits !== undefined)
    return { kind: 'exited', code: Number(digits) }
  return {
    kind: 'lost',
    reason: ended.kind === 'lost' ? ended.reason : 'ssh ended without the exit code of the command',
  }
}

function judgePty(ended: ChannelEnd): ChannelEnd {
  if (ended.kind === 'exited' && ended.code !== 255) return ended
  return {
    kind: 'lost',
    reason: 'ssh ended with 255: a lost connection, a signal, or a command that ended with 255',
  }
}

async function openForward(link: Link, host: string, port: number): ReturnType<OpenStream> {
  const { alias } = link
  const place = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  const opened = await openProcess(link.program, ['-F', link.clientConfig, '-W', place, '--', alias], {
    env: link.env,
  })
  if (!opened.ok) return opened
  opened.channel.stderr.resume()
  return {
    ok: true,
    stream: Duplex.from({ readable: opened.channel.stdout, writable: opened.channel.stdin }),
  }
}

function readAll(stream: { read: () => Buffer | string | null }): string {
  let text = ''
  for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) text += chunk.toString()
  return text
}

function lastLine(text: string): string | undefined {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .findLast((line) => line !== '' && !line.startsWith('Connection closed by UNKNOWN'))
}

function describeEnd(said: string): string {
  const refused = said.split(/\r?\n/).find((line) => REFUSED_BY_PEER.test(line))
  return refused ?? lastLine(said) ?? 'ssh ended before the command began'
}

function token(): string {
  return randomBytes(9).toString('hex')
}
