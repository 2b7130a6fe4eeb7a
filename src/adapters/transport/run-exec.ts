import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { ExecHandle, ExecOutcome, ExecRequest } from '../../engine/ports/transport.ts'
import type { ByteChannel, OpenChannel } from './byte-channel.ts'
import type { CredentialBreaker, CredentialSource } from './credential-breaker.ts'
import { buildCommand, buildGate, isUserName } from './elevation.ts'
import type { Gate } from './elevation.ts'
import { pumpStream } from './pump-stream.ts'

export type ExecDeps = {
  readonly open: OpenChannel
  /** The user that the session already is. */ readonly sessionUser: string
  readonly sudoCredential: CredentialSource | undefined
  readonly breaker: CredentialBreaker
  readonly clock: Pick<Clock, 'randomToken'>
}

type Running = {
  readonly request: ExecRequest
  readonly deps: ExecDeps
  readonly started: (value: { sent: boolean }) => void
  channel: ByteChannel | undefined
  sent: boolean
  size: { columns: number; rows: number } | undefined
  readonly typed: Uint8Array[]
}

/** Runs one request over any kind of channel: elevation, input, both outputs, cancel, and what became of it. */
export function startExec(request: ExecRequest, deps: ExecDeps): ExecHandle {
  const { promise: started, resolve } = Promise.withResolvers<{ sent: boolean }>()
  const running: Running = {
    request,
    deps,
    started: resolve,
    channel: undefined,
    sent: false,
    size: undefined,
    typed: [],
  }
  const cancelled = watchAbort(request.signal)
  const outcome = Promise.race([
    perform(running),
    cancelled.promise.then((): ExecOutcome => ({ kind: 'lost', sent: running.sent, reason: 'cancelled' })),
  ])
    .then(makeSafe)
    .finally(() => {
      cancelled.stop()
      running.channel?.close()
      resolve({ sent: running.sent })
    })
  return {
    started,
    outcome,
    write: (bytes) => {
      if (request.pty === undefined) return
      if (running.sent) running.channel?.stdin.write(bytes)
      else running.typed.push(bytes)
    },
    resize: (columns, rows) => {
      running.size = { columns, rows }
      running.channel?.resize(columns, rows)
    },
  }
}

/** Hosts can put words into a reason: none of their control characters reaches a screen. */
function makeSafe(outcome: ExecOutcome): ExecOutcome {
  return 'reason' in outcome ? { ...outcome, reason: sanitizeLine(outcome.reason) } : outcome
}

async function perform(running: Running): Promise<ExecOutcome> {
  const { request, deps } = running
  const as = request.as === deps.sessionUser ? undefined : request.as
  if (as !== undefined && !isUserName(as))
    return { kind: 'elevation-failed', reason: `${JSON.stringify(as)} is not a user name` }
  if (isAborted(request)) return { kind: 'lost', sent: false, reason: 'cancelled' }
  const input = Buffer.from(request.input)
  const nonces = {
    prompt: deps.clock.randomToken(16),
    readyA: deps.clock.randomToken(12),
    readyB: deps.clock.randomToken(12),
  }
  const command = buildCommand({
    as,
    nonces,
    loadBytes: request.pty === undefined ? undefined : input.length,
  })
  const opened = await deps.open(command, {
    ...(request.pty === undefined ? {} : { pty: request.pty }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  })
  if (!opened.ok) return { kind: 'lost', sent: false, reason: opened.reason }
  const { channel } = opened
  running.channel = channel
  if (isAborted(request)) {
    channel.close()
    return { kind: 'lost', sent: false, reason: 'cancelled' }
  }
  if (running.size !== undefined) channel.resize(running.size.columns, running.size.rows)
  channel.stdin.on('error', () => {})
  if (as === undefined && request.pty === undefined) {
    sendInput(running, channel, input)
    return collect(running, channel, undefined)
  }
  const gate = buildGate({
    nonces,
    credential: deps.sudoCredential,
    breaker: deps.breaker,
    send: (text) => channel.stdin.write(text),
    giveUp: () => channel.close(),
  })
  void gate.passed.then(() => sendInput(running, channel, input))
  return collect(running, channel, { gate, elevated: as !== undefined })
}

function sendInput(running: Running, channel: ByteChannel, input: Buffer): void {
  running.sent = true
  if (running.request.pty === undefined) channel.stdin.end(input)
  else {
    channel.stdin.write(input)
    for (const bytes of running.typed.splice(0)) channel.stdin.write(bytes)
  }
  running.started({ sent: true })
}

async function collect(
  running: Running,
  channel: ByteChannel,
  guarded: { readonly gate: Gate; readonly elevated: boolean } | undefined,
): Promise<ExecOutcome> {
  const { request } = running
  const isGated = (stream: 'out' | 'err') =>
    guarded !== undefined && (request.pty !== undefined) === (stream === 'out')
  const buildTake = (stream: 'out' | 'err', give: ExecRequest['onStdout']) => (chunk: Uint8Array) => {
    if (isAborted(request)) return undefined
    if (!isGated(stream) || guarded === undefined) return give?.(chunk)
    return guarded.gate
      .feed(chunk)
      .then((rest) => (rest === undefined || rest.length === 0 ? undefined : give?.(rest)))
  }
  const pumps = [
    pumpStream(channel.stdout, buildTake('out', request.onStdout)),
    pumpStream(channel.stderr, buildTake('err', request.onStderr)),
  ]
  request.signal?.addEventListener('abort', () => pumps.forEach((pump) => pump.stop()), { once: true })
  await Promise.all(pumps.map((pump) => pump.done))
  const end = await channel.ended
  guarded?.gate.abandon()
  if (guarded?.elevated === true && !running.sent) {
    const { reason, ours } = guarded.gate.refusal()
    if (end.kind !== 'lost' || ours) return { kind: 'elevation-failed', reason }
  }
  return end.kind === 'lost' ? { kind: 'lost', sent: running.sent, reason: end.reason } : end
}

function isAborted(request: ExecRequest): boolean {
  return request.signal?.aborted === true
}

function watchAbort(signal: AbortSignal | undefined): { promise: Promise<void>; stop: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  const listener = () => resolve()
  if (signal?.aborted === true) resolve()
  signal?.addEventListener('abort', listener, { once: true })
  return { promise, stop: () => signal?.removeEventListener('abort', listener) }
}
