import type { ParsedKey } from 'ssh2'
import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { Host } from '../../core/inventory/model.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { Prompter } from '../../engine/ports/prompter.ts'
import type { Secrets } from '../../engine/ports/secrets.ts'
import type { Connected, ConnectOptions, Session, Transport } from '../../engine/ports/transport.ts'
import { buildCredentialBreaker } from './credential-breaker.ts'
import { buildHostKeyPolicy } from './host-key-policy.ts'
import { buildKnownHostsReader } from './known-hosts-files.ts'
import { TRANSPORT_LIMITS } from './limits.ts'
import type { TransportLimits } from './limits.ts'
import { buildLocalOpen } from './local-channel.ts'
import { resolveTarget } from './resolve-target.ts'
import { buildSemaphore } from './semaphore.ts'
import type { Semaphore } from './semaphore.ts'
import { buildSession, noteFacts } from './build-session.ts'
import type { SessionDeps } from './build-session.ts'
import { openDirect } from './http-exchange.ts'
import type { OpensshDeps } from './openssh-connection.ts'
import { buildOpensshPool } from './openssh-pool.ts'
import type { OpensshPool } from './openssh-pool.ts'
import { buildSshConfigReader } from './ssh-config.ts'
import type { LoginDeps } from './ssh2-login.ts'
import { buildSsh2Pool } from './ssh2-pool.ts'
import type { Ssh2Pool } from './ssh2-pool.ts'
import { formatHop } from './target.ts'
import type { Target } from './target.ts'

export type TransportOptions = {
  readonly secrets: Secrets
  readonly prompter: Prompter
  readonly clock: Clock
  /** Our own known_hosts file: read before the user's, and the only one ever written. */ readonly knownHostsFile: string
  readonly home: string
  /** Login name of this process: the default user, and the one that `local` already is. */ readonly localUser: string
  /** Environment of local commands and of `ssh`; `SSH_AUTH_SOCK` names the agent. */
  readonly env: { readonly [name: string]: string | undefined }
  /** Hosts that a `jump` may name. */ readonly hosts?: readonly Host[]
  /** Default `ssh`, found on PATH. */ readonly sshProgram?: string
  /** Read instead of the user's and the system's SSH configuration. */ readonly sshConfigFile?: string
  readonly limits?: Partial<TransportLimits>
}

/** Creates the one transport of a process; how a host is reached is worked out anew for each connection. */
export function createTransport(options: TransportOptions): Transport {
  const limits = { ...TRANSPORT_LIMITS, ...options.limits }
  const breaker = buildCredentialBreaker()
  const readKnownHosts = buildKnownHostsReader()
  const sessionDeps: SessionDeps = { ...options, limits, breaker }
  const pool = buildSsh2Pool(buildLoginDeps(options, { limits, breaker, readKnownHosts }))
  const opensshPool = buildOpensshPool(buildOpensshDeps(options, limits))
  const readConfig = buildSshConfigReader({
    program: options.sshProgram ?? 'ssh',
    ...(options.sshConfigFile === undefined ? {} : { configFile: options.sshConfigFile }),
  })
  const resolve = (host: Host) =>
    resolveTarget(host, {
      readConfig,
      readKnownHosts,
      knownHostsFile: options.knownHostsFile,
      home: options.home,
      localUser: options.localUser,
      agentSocket: options.env['SSH_AUTH_SOCK'],
      hosts: options.hosts ?? [],
    })
  const routes = buildRouteMemory()
  const connect = async (host: Host, connectOptions: ConnectOptions): Promise<Connected> => {
    const known = routes.find(host)
    const found = known === undefined ? await resolve(host) : { ok: true as const, target: known }
    if (!found.ok)
      return {
        ok: false,
        failure: { kind: 'protocol', phase: 'resolve', retryable: false, message: found.message },
      }
    const { target } = found
    if (target.kind === 'local') return { ok: true, session: buildLocalSession(target, sessionDeps) }
    const connected =
      target.kind === 'openssh'
        ? await connectOpensshHost(target, { pool: opensshPool, sessionDeps, connectOptions })
        : await connectSsh2(target, { pool, sessionDeps, connectOptions })
    if (known === undefined && connected.ok) routes.keep(host, target, connected.session.closed)
    return connected
  }
  return {
    connect: async (host, connectOptions) => makeSafe(await connect(host, connectOptions)),
    close: async () => {
      pool.closeAll()
      await opensshPool.closeAll()
    },
  }
}

/**
 * Keeps how a host is reached for as long as a connection found that way lasts: every exec asks for its session,
 * and would otherwise ask `ssh -G` again and again. A lost connection is worked out anew.
 */
function buildRouteMemory() {
  const routes = new Map<Host, Target>()
  return {
    find: (host: Host) => routes.get(host),
    keep: (host: Host, target: Target, closed: Promise<unknown>) => {
      routes.set(host, target)
      void closed.then(() => routes.delete(host))
    },
  }
}

/** Servers can put words into a failure: none of their control characters reaches a screen. */
function makeSafe(connected: Connected): Connected {
  if (connected.ok) return connected
  const { failure } = connected
  return { ok: false, failure: { ...failure, message: sanitizeLine(failure.message) } }
}

function buildOpensshDeps(options: TransportOptions, limits: TransportLimits): OpensshDeps {
  const own = options.sshConfigFile
  return {
    program: options.sshProgram ?? 'ssh',
    env: options.env,
    limits,
    includes: own === undefined ? [`${options.home}/.ssh/config`, '/etc/ssh/ssh_config'] : [own],
  }
}

function buildLoginDeps(
  options: TransportOptions,
  given: Pick<LoginDeps, 'limits' | 'breaker' | 'readKnownHosts'>,
): LoginDeps {
  const gates = new Map<string, Semaphore>()
  const openedKeys = new Map<string, Promise<ParsedKey>>()
  return {
    ...given,
    secrets: options.secrets,
    prompter: options.prompter,
    verifyHostKey: buildHostKeyPolicy({
      prompter: options.prompter,
      readKnownHosts: given.readKnownHosts,
      knownHostsFile: options.knownHostsFile,
    }),
    openedKeys,
    jitter: () => Number.parseInt(options.clock.randomToken(4), 36) / 36 ** 4,
    gate: (name) => {
      const gate = gates.get(name) ?? buildSemaphore(given.limits.handshakesPerGate)
      gates.set(name, gate)
      return gate
    },
  }
}

function buildLocalSession(target: Target, deps: SessionDeps): Session {
  const { promise: closed, resolve } = Promise.withResolvers<string>()
  const session = buildSession(target.host, deps, {
    open: buildLocalOpen(deps.env),
    user: deps.localUser,
    openStream: openDirect,
    closed,
    close: () => resolve('closed by us'),
  })
  noteFacts(session, { transport: 'local', route: [], notes: target.notes })
  return session
}

async function connectOpensshHost(
  target: Target,
  given: {
    readonly pool: OpensshPool
    readonly sessionDeps: SessionDeps
    readonly connectOptions: ConnectOptions
  },
): Promise<Connected> {
  const { sessionDeps, connectOptions } = given
  const { signal } = connectOptions
  const login = await given.pool.acquire(target, {
    timeoutMs: connectOptions.timeoutMs ?? sessionDeps.limits.connectTimeoutMs,
    ...(signal === undefined ? {} : { signal }),
  })
  if (!login.ok) return login
  const { connection, release } = login
  const session = buildSession(target.host, sessionDeps, {
    open: connection.open,
    user: target.hops.at(-1)?.user ?? sessionDeps.localUser,
    openStream: connection.openStream,
    closed: connection.closed,
    close: release,
  })
  noteFacts(session, { transport: 'openssh', route: target.hops.map(formatHop), notes: target.notes })
  return { ok: true, session }
}

async function connectSsh2(
  target: Target,
  given: {
    readonly pool: Ssh2Pool
    readonly sessionDeps: SessionDeps
    readonly connectOptions: ConnectOptions
  },
): Promise<Connected> {
  const { pool, sessionDeps, connectOptions } = given
  const { signal } = connectOptions
  const login = await pool.acquire(target.hops, {
    host: target.host.name,
    timeoutMs: connectOptions.timeoutMs ?? sessionDeps.limits.connectTimeoutMs,
    ...(signal === undefined ? {} : { signal }),
  })
  if (!login.ok) return login
  const { connection, hostKey, facts, release } = login
  const session = buildSession(target.host, sessionDeps, {
    open: connection.open,
    user: target.hops.at(-1)?.user ?? sessionDeps.localUser,
    openStream: async (host, port) => {
      const forwarded = await connection.forward(host, port)
      if (forwarded.ok) return forwarded
      if (!forwarded.refused)
        return { ok: false, reason: `${host}:${port} from ${target.host.name}: ${forwarded.reason}` }
      return {
        ok: false,
        reason: `${target.host.name} does not allow forwarding: ${forwarded.reason}`,
        hint: 'Allow it in sshd (AllowTcpForwarding, PermitOpen), or send the request from this machine with on=local.',
      }
    },
    closed: connection.closed,
    close: release,
    hostKey,
  })
  noteFacts(session, { ...facts, notes: [...facts.notes, ...target.notes] })
  return { ok: true, session }
}
