import { setTimeout as delay } from 'node:timers/promises'
import type { Duplex } from 'node:stream'
import type { ParsedKey } from 'ssh2'
import type { HostName } from '../../core/base/ids.ts'
import type { Prompter } from '../../engine/ports/prompter.ts'
import type { Secrets } from '../../engine/ports/secrets.ts'
import type { ConnectFailure } from '../../engine/ports/transport.ts'
import type { Budget } from './budget.ts'
import type { CredentialBreaker } from './credential-breaker.ts'
import { buildCredentialSource } from './credential-sources.ts'
import { dialTcp } from './dial-tcp.ts'
import type { HostKeyPolicy } from './host-key-policy.ts'
import { listKeyCandidates } from './key-candidates.ts'
import { orderHostKeyAlgorithms } from './known-hosts.ts'
import type { KnownHostEntry } from './known-hosts.ts'
import type { TransportLimits } from './limits.ts'
import type { Semaphore } from './semaphore.ts'
import { SSH2_ALGORITHMS } from './ssh2-algorithms.ts'
import { buildAuthMachine } from './ssh2-auth.ts'
import { wrapClient } from './ssh2-connection.ts'
import type { Connection } from './ssh2-connection.ts'
import { shakeHands } from './ssh2-handshake.ts'
import type { HandshakeResult, LoggedIn } from './ssh2-handshake.ts'
import { formatHop } from './target.ts'
import type { Hop } from './target.ts'

/** Milliseconds of the first pause before connecting again; doubled each time, with up to as much again at random. */
const BACKOFF_MS = 150
const BACKOFF_MAX_MS = 3_000

export type LoginDeps = {
  readonly secrets: Secrets
  readonly prompter: Prompter
  readonly breaker: CredentialBreaker
  readonly verifyHostKey: HostKeyPolicy
  readonly readKnownHosts: (files: readonly string[]) => Promise<KnownHostEntry[]>
  readonly limits: TransportLimits
  readonly openedKeys: Map<string, Promise<ParsedKey>>
  /** A number from 0 up to 1, for jitter. */ readonly jitter: () => number
  /** Bounds the handshakes at once through one jump host or to one address. */ readonly gate: (
    name: string,
  ) => Semaphore
}

/** What `doctor` tells about a connection. */
export type ConnectionFacts = {
  readonly transport: 'ssh2' | 'openssh' | 'local'
  /** `user@host:port` of each hop, target last. */ readonly route: readonly string[]
  readonly auth?: string
  readonly hostKey?: string
  readonly algorithms?: {
    readonly kex: string
    readonly hostKey: string
    readonly cipher: string
    readonly mac: string
  }
  readonly banner?: string
  readonly notes: readonly string[]
}

export type Login =
  | {
      readonly ok: true
      readonly connection: Connection
      readonly hostKey: string
      readonly facts: ConnectionFacts
    }
  | { readonly ok: false; readonly failure: ConnectFailure }

export type LoginGiven = {
  readonly hop: Hop
  readonly host: HostName
  /** The connection to go through; `undefined` dials directly. */ readonly through: Connection | undefined
  readonly gateName: string
  readonly budget: Budget
}

/**
 * Logs in to one hop. A server that drops the connection before its banner (too many starting at once, or a
 * reset) is tried again with jittered back-off while time is left: no credential was sent yet.
 */
export async function loginSsh2(given: LoginGiven, deps: LoginDeps): Promise<Login> {
  const { budget, hop } = given
  for (let attempt = 0; ; attempt++) {
    const release = await deps.gate(given.gateName).acquire(budget.signal)
    if (release === undefined) return { ok: false, failure: tooLate(hop, budget) }
    let result: { login: Login; early: boolean }
    try {
      result = await loginOnce(given, deps)
    } finally {
      release()
    }
    const pauseMs = Math.min(BACKOFF_MS * 2 ** attempt, BACKOFF_MAX_MS) * (1 + deps.jitter())
    if (result.login.ok || !result.early || pauseMs >= budget.leftMs()) return result.login
    await delay(pauseMs, undefined, { signal: budget.signal }).catch(() => {})
    if (budget.signal.aborted) return result.login
  }
}

async function loginOnce(given: LoginGiven, deps: LoginDeps): Promise<{ login: Login; early: boolean }> {
  const { hop, budget } = given
  const entries = await deps.readKnownHosts(hop.knownHostsFiles)
  const stream = await openStream(given, deps)
  if ('failure' in stream) return { login: { ok: false, failure: stream.failure }, early: stream.early }
  const auth = buildLoginAuth(given, deps)
  const result: HandshakeResult = await shakeHands({
    stream: stream.stream,
    hop,
    serverHostKey: orderHostKeyAlgorithms(entries, hop.knownAs, SSH2_ALGORITHMS.serverHostKey),
    auth,
    verifyKey: (blob) => deps.verifyHostKey(hop, { host: given.host, blob, budget }),
    budget,
    limits: deps.limits,
  })
  if (!result.ok) return { login: { ok: false, failure: result.failure }, early: result.early }
  const connection = wrapClient(result.client, deps.limits.channelsPerConnection)
  return {
    login: { ok: true, connection, hostKey: result.hostKey, facts: describe(hop, result, auth.method()) },
    early: false,
  }
}

function buildLoginAuth(given: LoginGiven, deps: LoginDeps) {
  const { hop, host, budget } = given
  const asking = { secrets: deps.secrets, prompter: deps.prompter, host, pauseWhile: budget.pauseWhile }
  return buildAuthMachine({
    hop,
    host,
    breaker: deps.breaker,
    prompter: deps.prompter,
    pauseWhile: budget.pauseWhile,
    passwordSource: buildCredentialSource(hop.password, `Password of ${formatHop(hop)}`, asking),
    candidates: () => listKeyCandidates(hop, { ...asking, opened: deps.openedKeys }),
  })
}

async function openStream(
  given: LoginGiven,
  deps: LoginDeps,
): Promise<{ stream: Duplex } | { failure: ConnectFailure; early: boolean }> {
  const { hop, through, budget } = given
  if (through === undefined) {
    const dialled = await dialTcp(hop, { budget, limits: deps.limits })
    return dialled.ok ? { stream: dialled.socket } : dialled
  }
  const { promise: aborted, resolve: abort } = Promise.withResolvers<'aborted'>()
  const onAbort = () => abort('aborted')
  budget.signal.addEventListener('abort', onAbort, { once: true })
  const forwarded = await Promise.race([through.forward(hop.hostname, hop.port), aborted])
  budget.signal.removeEventListener('abort', onAbort)
  if (forwarded === 'aborted') return { failure: tooLate(hop, budget), early: false }
  if (forwarded.ok) return { stream: forwarded.stream }
  const message = `${hop.label} (${hop.hostname}:${hop.port}) cannot be reached through its jump host: ${forwarded.reason}`
  const failure = { kind: 'unreachable', phase: 'connect', retryable: !forwarded.refused, message } as const
  return {
    early: false,
    failure: forwarded.refused
      ? { ...failure, hint: 'The jump host does not allow forwarding (AllowTcpForwarding).' }
      : failure,
  }
}

function tooLate(hop: Hop, budget: Budget): ConnectFailure {
  const place = `${hop.label} (${hop.hostname}:${hop.port})`
  const isCancelled = budget.reason() === 'cancelled'
  return {
    kind: isCancelled ? 'cancelled' : 'unreachable',
    phase: 'connect',
    retryable: true,
    message: isCancelled
      ? `${place}: connecting was cancelled`
      : `${place} could not be connected to in time`,
  }
}

function describe(hop: Hop, result: LoggedIn, auth: string): ConnectionFacts {
  const { algorithms, hostKey, banner } = result
  return {
    transport: 'ssh2',
    route: [formatHop(hop)],
    auth,
    hostKey,
    ...(algorithms === undefined
      ? {}
      : {
          algorithms: {
            kex: algorithms.kex,
            hostKey: algorithms.serverHostKey,
            cipher: algorithms.cs.cipher,
            mac: algorithms.cs.mac === '' ? 'implicit' : algorithms.cs.mac,
          },
        }),
    ...(banner === '' ? {} : { banner }),
    notes: [],
  }
}
