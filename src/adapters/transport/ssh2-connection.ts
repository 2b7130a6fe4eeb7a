import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { Client, ClientChannel } from 'ssh2'
import type { ByteChannel, ChannelEnd, OpenChannel, OpenedChannel, Terminal } from './byte-channel.ts'
import { buildSemaphore } from './semaphore.ts'
import type { Semaphore } from './semaphore.ts'

export type Forwarded =
  | { readonly ok: true; readonly stream: Duplex }
  /** `refused`: forwarding itself is not allowed; otherwise the far end could not be reached from the host. */
  | { readonly ok: false; readonly refused: boolean; readonly reason: string }

/** A finished login, as channels: what sessions and jump hosts are made of. */
export type Connection = {
  readonly open: OpenChannel
  readonly forward: (host: string, port: number) => Promise<Forwarded>
  /** Resolves once the connection is gone, with the reason in words. */ readonly closed: Promise<string>
  readonly isAlive: () => boolean
  readonly end: () => void
}

/** Tries after a refusal while no other channel of ours is open: the server may not have counted the last one out yet. */
const LAST_TRIES = 5
const LAST_PAUSE_MS = 50
/** SSH_OPEN_ADMINISTRATIVELY_PROHIBITED, RFC 4254 5.1. */
const PROHIBITED = 1

/** Wraps a logged-in client; at most `channels` commands at once, fewer where the server refuses more. */
export function wrapClient(client: Client, channels: number): Connection {
  const { promise: closed, resolve } = Promise.withResolvers<string>()
  const slots = buildSemaphore(channels)
  const state = { alive: true, reason: 'the server closed the connection' }
  client.on('error', (error: Error) => (state.reason = error.message))
  client.once('close', () => {
    state.alive = false
    resolve(state.reason)
  })
  const connection = {
    client,
    slots,
    open: new Set<ByteChannel>(),
    isAlive: () => state.alive,
    reason: () => state.reason,
  }
  return {
    open: (command, options) => openQueued(connection, command, options),
    forward: (host, port) => forward(connection, host, port),
    closed,
    isAlive: () => state.alive,
    end: () => {
      state.reason = 'closed by us'
      client.end()
    },
  }
}

type Wrapped = {
  readonly client: Client
  readonly slots: Semaphore
  /** Channels that the server has accepted and not yet closed. */ readonly open: Set<ByteChannel>
  readonly isAlive: () => boolean
  readonly reason: () => string
}
type ExecOptions = Parameters<OpenChannel>[1]

async function openQueued(
  connection: Wrapped,
  command: string,
  options: ExecOptions,
): Promise<OpenedChannel> {
  for (let lastTries = 0; ;) {
    const release = await connection.slots.acquire(options.signal)
    if (release === undefined) return { ok: false, reason: 'cancelled' }
    if (!connection.isAlive()) {
      release()
      return { ok: false, reason: connection.reason() }
    }
    const opened = await openChannel(connection, command, { ...options, release })
    if (opened.kind === 'open') return { ok: true, channel: opened.channel }
    const others = connection.open.size
    // The server allows fewer sessions than we thought: queue here instead of failing.
    if (opened.kind === 'refused' && others > 0) connection.slots.shrinkTo(others)
    release()
    if (opened.kind === 'failed' || (others === 0 && ++lastTries > LAST_TRIES))
      return { ok: false, reason: opened.reason }
    if (others === 0) await delay(LAST_PAUSE_MS)
  }
}

type Attempt = { kind: 'open'; channel: ByteChannel } | { kind: 'refused' | 'failed'; reason: string }

function openChannel(
  connection: Wrapped,
  command: string,
  options: ExecOptions & { release: () => void },
): Promise<Attempt> {
  const { pty, release } = options
  return new Promise((resolve) => {
    try {
      connection.client.exec(
        command,
        pty === undefined ? {} : { pty: describePty(pty) },
        (error, channel) => {
          if (error === undefined)
            return resolve({ kind: 'open', channel: wrapChannel(channel, connection, release) })
          const isRefused = 'reason' in error && typeof error.reason === 'number'
          resolve({
            kind: isRefused ? 'refused' : 'failed',
            reason: connection.isAlive() ? error.message : connection.reason(),
          })
        },
      )
    } catch (error) {
      resolve({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) })
    }
  })
}

function describePty(pty: Terminal) {
  return { cols: pty.columns, rows: pty.rows, width: 0, height: 0, term: pty.term }
}

function wrapChannel(channel: ClientChannel, connection: Wrapped, release: () => void): ByteChannel {
  const { promise: ended, resolve } = Promise.withResolvers<ChannelEnd>()
  channel.on('error', () => {})
  const leave = () => {
    connection.open.delete(wrapped)
    release()
  }
  // Only a status that was told is an exit: `undefined` means that nobody knows.
  channel.once('close', (code: number | null | undefined, signal?: string) => {
    leave()
    if (typeof code === 'number') resolve({ kind: 'exited', code })
    else if (code === null && signal !== undefined) resolve({ kind: 'signalled', signal })
    else
      resolve({
        kind: 'lost',
        reason: connection.isAlive() ? 'the channel ended without an exit status' : connection.reason(),
      })
  })
  const wrapped: ByteChannel = {
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    ended,
    close: () => {
      channel.close()
      // A server that does not answer must not keep the slot.
      leave()
    },
    resize: (columns, rows) => channel.setWindow(rows, columns, 0, 0),
  }
  connection.open.add(wrapped)
  return wrapped
}

function forward(connection: Wrapped, host: string, port: number): Promise<Forwarded> {
  return new Promise((resolve) => {
    try {
      connection.client.forwardOut('127.0.0.1', 0, host, port, (error, stream) => {
        if (error === undefined) {
          stream.on('error', () => {})
          return resolve({ ok: true, stream })
        }
        const refused = 'reason' in error && error.reason === PROHIBITED
        resolve({ ok: false, refused, reason: error.message.replace('(SSH) Channel open failure: ', '') })
      })
    } catch (error) {
      resolve({ ok: false, refused: false, reason: error instanceof Error ? error.message : String(error) })
    }
  })
}
