import type { HostName } from '../../core/base/ids.ts'
import type { EngineContext } from '../context.ts'
import { execSafely, selectLink } from '../link/host-link.ts'
import type { ConnectFailure, ExecOutcome } from '../ports/transport.ts'
import type { JobRequest } from '../remote-job/job-request.ts'
import { renderRequest } from '../remote-job/render-request.ts'
import type { ReplyLine } from '../remote-job/reply-line.ts'
import { createReplyParser, type ReplyEvent, type ReplyResult } from '../remote-job/reply-parser.ts'

/** Characters of the nonce that frames one exchange. */
export const NONCE_LENGTH = 32

/** How one exchange with the remote job program ended; only `complete` is the host's word. */
export type Exchanged =
  | {
      readonly kind: 'complete'
      readonly header: ReplyLine
      readonly trailer: ReplyLine
      readonly events: readonly ReplyEvent[]
    }
  | { readonly kind: 'lost'; readonly sent: boolean; readonly reason: string }
  | { readonly kind: 'unreachable'; readonly failure: ConnectFailure }
  | { readonly kind: 'elevation-failed'; readonly reason: string }

export type ExchangeTarget = {
  readonly host: HostName
  readonly as: string | undefined
  readonly reconnectMs: number
  /** Something of ours may run there: wait for the host even before the first contact. */
  readonly isPatient?: boolean
  /** Takes the job's output in order; awaited. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => Promise<void>
  /** Told as soon as the host has acknowledged the request; awaited. */
  readonly onHeader?: (line: ReplyLine) => Promise<void>
  readonly from?: { readonly out: number; readonly err: number }
  readonly signal?: AbortSignal
}

/** Does one exchange over the link; a lost line is told, never retried here. */
export async function exchangeOnce(
  context: EngineContext,
  target: ExchangeTarget,
  request: JobRequest,
): Promise<Exchanged> {
  const link = selectLink(context, target.host)
  const opened = await link.open(target.reconnectMs, { isPatient: target.isPatient === true })
  if (!opened.ok) return { kind: 'unreachable', failure: opened.failure }
  const reader = createReader(target, request)
  const handle = opened.session.exec({
    ...buildExec(target, request),
    onStdout: reader.onStdout,
    onStderr: reader.onStderr,
  })
  return conclude(await handle.outcome, reader.finish(), reader.events)
}

/** Does an exchange that may be repeated without harm; waits for a lost line to come back. */
export async function exchangeSafely(
  context: EngineContext,
  target: ExchangeTarget,
  request: JobRequest,
): Promise<Exchanged> {
  let reader = createReader(target, request)
  const outcome = await execSafely(
    context,
    { host: target.host, reconnectMs: target.reconnectMs, isPatient: target.isPatient === true },
    () => {
      reader = createReader(target, request)
      return { ...buildExec(target, request), onStdout: reader.onStdout, onStderr: reader.onStderr }
    },
  )
  if (outcome.kind === 'unreachable') return outcome
  if (outcome.kind === 'lost') return { kind: 'lost', sent: true, reason: outcome.reason }
  return conclude(outcome, reader.finish(), reader.events)
}

/** A nonce in lower-case hex, from the clock's random letters and digits. */
export function createNonce(context: EngineContext): string {
  return Array.from(context.clock.randomToken(NONCE_LENGTH), (letter) =>
    (letter.charCodeAt(0) % 16).toString(16),
  ).join('')
}

function buildExec(
  target: ExchangeTarget,
  request: JobRequest,
): { input: string; as?: string; signal?: AbortSignal } {
  const as = target.as === undefined ? {} : { as: target.as }
  return {
    input: renderRequest(request),
    ...as,
    ...(target.signal === undefined ? {} : { signal: target.signal }),
  }
}

type Reader = {
  readonly onStdout: (chunk: Uint8Array) => Promise<void>
  readonly onStderr: (chunk: Uint8Array) => Promise<void>
  readonly finish: () => ReplyResult
  readonly events: ReplyEvent[]
}

function createReader(target: ExchangeTarget, request: JobRequest): Reader {
  const parser = createReplyParser(request.nonce, target.from)
  const events: ReplyEvent[] = []
  const take = async (stream: 'stdout' | 'stderr', chunk: Uint8Array): Promise<void> => {
    for (const event of parser.push(stream, chunk)) {
      if (event.type === 'output') await target.onOutput?.(event.stream, event.bytes)
      else {
        events.push(event)
        if (event.type === 'header') await target.onHeader?.(event.line)
      }
    }
  }
  return {
    onStdout: (chunk) => take('stdout', chunk),
    onStderr: (chunk) => take('stderr', chunk),
    finish: () => parser.finish(),
    events,
  }
}

function conclude(
  outcome: ExecOutcome | { readonly kind: 'lost'; readonly reason: string },
  result: ReplyResult,
  events: readonly ReplyEvent[],
): Exchanged {
  if (result.status === 'complete')
    return { kind: 'complete', header: result.header, trailer: result.trailer, events }
  if (outcome.kind === 'elevation-failed') return outcome
  if (outcome.kind === 'lost')
    return { kind: 'lost', sent: !('sent' in outcome) || outcome.sent, reason: outcome.reason }
  return { kind: 'lost', sent: true, reason: `the host's reply was not whole (${result.reason})` }
}
