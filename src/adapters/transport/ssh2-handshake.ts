import type { Duplex } from 'node:stream'
import ssh2 from 'ssh2'
import type { NegotiatedAlgorithms } from 'ssh2'
import { sanitizeText } from '../../core/base/sanitize.ts'
import type { ConnectFailure } from '../../engine/ports/transport.ts'
import type { Budget } from './budget.ts'
import { formatFingerprint } from './known-hosts.ts'
import type { TransportLimits } from './limits.ts'
import { SSH2_ALGORITHMS } from './ssh2-algorithms.ts'
import type { AuthMachine } from './ssh2-auth.ts'
import { formatHop } from './target.ts'
import type { Hop } from './target.ts'

export type HandshakeGiven = {
  readonly stream: Duplex
  readonly hop: Hop
  readonly serverHostKey: typeof SSH2_ALGORITHMS.serverHostKey
  readonly auth: AuthMachine
  readonly verifyKey: (blob: Buffer) => Promise<ConnectFailure | undefined>
  readonly budget: Budget
  readonly limits: TransportLimits
}

export type LoggedIn = {
  readonly ok: true
  readonly client: ssh2.Client
  readonly hostKey: string
  readonly algorithms: NegotiatedAlgorithms | undefined
  readonly banner: string
}
export type HandshakeResult =
  | LoggedIn
  /** `early`: the server ended the connection before its banner, as an overloaded one does. */
  | { readonly ok: false; readonly failure: ConnectFailure; readonly early: boolean }

type Progress = {
  phase: ConnectFailure['phase']
  sawServer: boolean
  refusedKey: ConnectFailure | undefined
  firstError: (Error & { level?: string; code?: unknown }) | undefined
  hostKey: Buffer | undefined
  algorithms: NegotiatedAlgorithms | undefined
  banner: string
}

/** Bytes of a login banner that are kept. */
const BANNER_CHARACTERS = 8 * 1024

/** Speaks SSH over a connected stream up to a finished login: host key first, then credentials. Never rejects. */
export function shakeHands(given: HandshakeGiven): Promise<HandshakeResult> {
  const client = new ssh2.Client()
  const progress = buildProgress()
  return new Promise((resolve) => {
    const settle = (result: HandshakeResult) => {
      given.budget.signal.removeEventListener('abort', onAbort)
      resolve(result)
    }
    const fail = () => {
      given.auth.finish(isRefusal(progress.firstError) ? 'rejected' : 'unknown')
      settle({
        ok: false,
        failure: describeFailure(given, progress),
        early: !progress.sawServer && !given.budget.signal.aborted,
      })
      given.stream.destroy()
    }
    const onAbort = () => fail()
    given.budget.signal.addEventListener('abort', onAbort, { once: true })
    given.auth.onGiveUp(fail)
    watch(client, progress)
    client.once('close', fail)
    client.once('ready', () => {
      client.off('close', fail)
      given.auth.finish('accepted')
      const hostKey = formatFingerprint(progress.hostKey ?? Buffer.alloc(0))
      settle({
        ok: true,
        client,
        hostKey,
        algorithms: progress.algorithms,
        banner: sanitizeText(progress.banner),
      })
    })
    try {
      if (given.stream.destroyed) throw new Error('the server closed the connection')
      connectClient(client, progress, given)
      if (given.budget.signal.aborted) onAbort()
    } catch (error) {
      progress.firstError = error instanceof Error ? error : new Error(String(error))
      fail()
    }
  })
}

function buildProgress(): Progress {
  return {
    phase: 'handshake',
    sawServer: false,
    refusedKey: undefined,
    firstError: undefined,
    hostKey: undefined,
    algorithms: undefined,
    banner: '',
  }
}

function watch(client: ssh2.Client, progress: Progress): void {
  client.on('error', (error: Error & { level?: string }) => {
    // A key that the agent could not use is not the end: the next one is tried.
    if (error.level === 'agent') return
    progress.firstError ??= error
  })
  client.on(
    'banner',
    (text: string) => (progress.banner = (progress.banner + text).slice(0, BANNER_CHARACTERS)),
  )
  client.on('handshake', (algorithms: NegotiatedAlgorithms) => {
    progress.algorithms = algorithms
    if (progress.phase !== 'session') progress.phase = 'auth'
  })
  client.once('ready', () => (progress.phase = 'session'))
}

function connectClient(client: ssh2.Client, progress: Progress, given: HandshakeGiven): void {
  const verify = (blob: Buffer, reply: (ok: boolean) => void): void => {
    // A new key exchange within the session shows the key again; it must be the same one.
    if (progress.hostKey !== undefined) return reply(progress.hostKey.equals(blob))
    progress.phase = 'host-key'
    void judge(blob, progress, given).then(reply)
  }
  client.connect({
    sock: given.stream,
    username: given.hop.user,
    algorithms: { ...SSH2_ALGORITHMS, serverHostKey: [...given.serverHostKey] },
    hostVerifier: verify,
    authHandler: (methods, partial, next) =>
      given.auth.next(methods, partial, (method) => {
        if (!given.budget.signal.aborted) (next as (method: unknown) => void)(method)
      }),
    readyTimeout: 0,
    keepaliveInterval: given.limits.keepaliveIntervalMs,
    keepaliveCountMax: given.limits.keepaliveCount,
    debug: (line) => readDebug(line, progress, given.auth),
  })
}

async function judge(blob: Buffer, progress: Progress, given: HandshakeGiven): Promise<boolean> {
  try {
    progress.refusedKey = await given.verifyKey(blob)
  } catch (error) {
    progress.firstError ??= error instanceof Error ? error : new Error(String(error))
    return false
  }
  if (progress.refusedKey !== undefined) return false
  progress.hostKey = Buffer.from(blob)
  progress.phase = 'handshake'
  return true
}

/** ssh2 tells two things nowhere else: that a server is there, and which methods are left after an agent's key. */
function readDebug(line: string, progress: Progress, auth: AuthMachine): void {
  if (progress.phase === 'session') return
  if (line.startsWith('Remote ident:')) progress.sawServer = true
  const left = /^Inbound: Received USERAUTH_FAILURE \((.*)\)$/.exec(line)?.[1]
  if (left !== undefined) auth.noteMethodsLeft(left.split(',').filter((each) => each !== ''))
}

function isRefusal(error: Progress['firstError']): boolean {
  return error !== undefined && /too many authentication failures/i.test(error.message)
}

function describeFailure(given: HandshakeGiven, progress: Progress): ConnectFailure {
  const { hop, budget } = given
  const place = `${hop.label} (${hop.hostname}:${hop.port})`
  const { phase, firstError } = progress
  if (progress.refusedKey !== undefined) return progress.refusedKey
  if (budget.signal.aborted && budget.reason() === 'cancelled')
    return { kind: 'cancelled', phase, retryable: true, message: `${place}: connecting was cancelled` }
  if (budget.signal.aborted)
    return {
      kind: 'unreachable',
      phase,
      retryable: true,
      message: `${place} did not answer in time (${phase})`,
    }
  if (isRefusal(firstError))
    return {
      kind: 'auth',
      phase: 'auth',
      retryable: false,
      message: `${place}: the server ended the login as ${formatHop(hop)}: too many authentication failures`,
      hint: 'The agent holds more keys than the server lets be tried. Name the right one with ssh.identity, or set IdentitiesOnly yes.',
    }
  if (given.auth.hasGivenUp() || firstError?.level === 'client-authentication')
    return { kind: 'auth', phase: 'auth', retryable: false, ...given.auth.describeFailure() }
  if (firstError?.level === 'handshake')
    return {
      kind: 'protocol',
      phase,
      retryable: false,
      message: `${place}: no agreement on how to talk: ${firstError.message}`,
      hint: "Set ssh.transport to openssh to use the system's ssh, which may know more algorithms.",
    }
  const why = firstError?.message ?? 'the server closed the connection'
  return {
    kind: 'unreachable',
    phase,
    retryable: true,
    message: `${place}: connection lost while logging in (${phase}): ${why}`,
  }
}
