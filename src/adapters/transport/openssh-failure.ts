import type { ConnectFailure } from '../../engine/ports/transport.ts'
import type { Budget } from './budget.ts'
import type { Target } from './target.ts'

type Row = {
  readonly pattern: RegExp
  readonly kind: ConnectFailure['kind']
  readonly phase: ConnectFailure['phase']
  readonly retryable: boolean
  readonly hint?: string
}

/** What OpenSSH's client prints when it does not get through, most telling first. */
const ROWS: readonly Row[] = [
  { pattern: /REVOKED/, kind: 'host-key-revoked', phase: 'host-key', retryable: false },
  { pattern: /IDENTIFICATION HAS CHANGED/, kind: 'host-key-changed', phase: 'host-key', retryable: false },
  {
    pattern: /host key is known for|Host key verification failed/,
    kind: 'host-key-new',
    phase: 'host-key',
    retryable: false,
    hint: 'Connect once with ssh itself and compare the fingerprint, or add the key to known_hosts.',
  },
  {
    pattern: /Permission denied|Too many authentication failures/,
    kind: 'auth',
    phase: 'auth',
    retryable: false,
    hint: 'The openssh transport asks nothing: load the key into the agent, or touch the hardware key in time.',
  },
  { pattern: /Could not resolve hostname/, kind: 'unreachable', phase: 'resolve', retryable: true },
  { pattern: /Unable to negotiate|no matching/, kind: 'protocol', phase: 'handshake', retryable: false },
  {
    pattern: /kex_exchange_identification|Connection (closed|reset)/,
    kind: 'unreachable',
    phase: 'handshake',
    retryable: true,
  },
  { pattern: /Bad configuration|terminating/, kind: 'protocol', phase: 'resolve', retryable: false },
]

/** Words a failed login of the system's `ssh` from what it printed. */
export function describeOpensshFailure(target: Target, said: string, budget: Budget): ConnectFailure {
  const hop = target.hops.at(-1)
  const place = `${target.host.name} (${hop?.hostname}:${hop?.port})`
  if (budget.signal.aborted) {
    const isCancelled = budget.reason() === 'cancelled'
    const message = isCancelled ? `${place}: connecting was cancelled` : `${place} did not answer in time`
    return { kind: isCancelled ? 'cancelled' : 'unreachable', phase: 'connect', retryable: true, message }
  }
  const row = ROWS.find(({ pattern }) => pattern.test(said))
  const fingerprint = /SHA256:[A-Za-z0-9+/]{43}/.exec(said)?.[0]
  const offending = /Offending .* key in (\S+:\d+)/.exec(said)?.[1]
  const lines = said.split(/\r?\n/).map((line) => line.trim().replace(/^@+\s*|\s*@+$/g, ''))
  const why = lines.findLast((line) => line !== '') ?? 'ssh ended without a word'
  return {
    kind: row?.kind ?? 'unreachable',
    phase: row?.phase ?? 'connect',
    retryable: row?.retryable ?? true,
    message: `${place}: ${offending === undefined ? why : `${why} (${offending})`}`,
    ...(row?.hint === undefined ? {} : { hint: row.hint }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
  }
}
