import type { Host } from '../../core/inventory/model.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { Prompter } from '../../engine/ports/prompter.ts'
import type { Secrets } from '../../engine/ports/secrets.ts'
import type { Session } from '../../engine/ports/transport.ts'
import type { OpenChannel } from './byte-channel.ts'
import type { CredentialBreaker } from './credential-breaker.ts'
import { buildCredentialSource } from './credential-sources.ts'
import { exchangeHttp } from './http-exchange.ts'
import type { OpenStream } from './http-exchange.ts'
import type { TransportLimits } from './limits.ts'
import { startExec } from './run-exec.ts'
import type { ConnectionFacts } from './ssh2-login.ts'

export type SessionDeps = {
  readonly secrets: Secrets
  readonly prompter: Prompter
  readonly clock: Clock
  readonly breaker: CredentialBreaker
  readonly limits: TransportLimits
  readonly env: { readonly [name: string]: string | undefined }
  readonly localUser: string
}

export type SessionParts = {
  readonly open: OpenChannel
  readonly user: string
  readonly openStream: OpenStream
  readonly closed: Promise<string>
  readonly close: () => void
  readonly hostKey?: string
}

const factsOf = new WeakMap<Session, ConnectionFacts>()

/** What `doctor` shows of a session: route, login method, host key, algorithms, and why this transport was chosen. */
export function describeConnection(session: Session): ConnectionFacts | undefined {
  return factsOf.get(session)
}

/** Remembers the facts of a session for {@link describeConnection}. */
export function noteFacts(session: Session, facts: ConnectionFacts): void {
  factsOf.set(session, facts)
}

/** Makes a session out of what a transport kind provides: the same exec, sudo and http for all kinds. */
export function buildSession(host: Host, deps: SessionDeps, parts: SessionParts): Session {
  const asking = { ...deps, host: host.name, pauseWhile: <T>(ask: () => Promise<T>) => ask() }
  const label = `sudo password of ${parts.user} on ${host.name}`
  return {
    host: host.name,
    ...(parts.hostKey === undefined ? {} : { hostKey: parts.hostKey }),
    exec: (request) =>
      startExec(request, {
        open: parts.open,
        sessionUser: parts.user,
        sudoCredential: buildCredentialSource(host.ssh.sudo?.password, label, asking),
        breaker: deps.breaker,
        clock: deps.clock,
      }),
    http: (request) => exchangeHttp(request, parts.openStream, deps.limits.httpBodyBytes),
    closed: parts.closed,
    close: parts.close,
  }
}
