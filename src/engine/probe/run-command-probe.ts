import type { ProbeEnd } from '../../core/check/evaluate-probe.ts'
import type { HostName } from '../../core/base/ids.ts'
import type { EngineContext } from '../context.ts'
import { createNonce } from '../job/exchange.ts'
import { execSafely, type SafeExec } from '../link/host-link.ts'
import type { ExactCommand } from '../step/fill-command.ts'
import { createByteCollector } from './byte-collector.ts'
import { PROBE_OUTPUT_MAX_BYTES, parseProbeReply, renderProbe } from './probe-script.ts'

/** Raw facts of one probing command on one host. */
export type CommandFacts = {
  readonly end: ProbeEnd
  readonly isUnreachable: boolean
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
}

export type ProbeTarget = {
  readonly host: HostName
  readonly timeoutMs: number
  readonly reconnectMs: number
}

/** Runs a read-only command as plain exec. A lost line is waited out and the command repeated: it changes nothing. */
export async function runCommandProbe(
  context: EngineContext,
  target: ProbeTarget,
  command: ExactCommand,
): Promise<CommandFacts> {
  const timer = createTimer(context, target.timeoutMs)
  let nonce = ''
  let stdout = createByteCollector(PROBE_OUTPUT_MAX_BYTES)
  let stderr = createByteCollector(PROBE_OUTPUT_MAX_BYTES)
  const outcome = await execSafely(context, { ...target, signal: timer.signal }, () => {
    nonce = createNonce(context)
    stdout = createByteCollector(PROBE_OUTPUT_MAX_BYTES)
    stderr = createByteCollector(PROBE_OUTPUT_MAX_BYTES)
    const as = command.as === undefined ? {} : { as: command.as }
    return {
      input: renderProbe(command, nonce),
      onStdout: stdout.add,
      onStderr: stderr.add,
      signal: timer.signal,
      ...as,
    }
  })
  timer.stop()
  const reply = parseProbeReply({ stdout: stdout.bytes(), stderr: stderr.bytes() }, nonce)
  const end =
    stdout.isOver() || stderr.isOver()
      ? tooMuch()
      : selectEnd(outcome, reply, { timedOut: timer.expired(), afterMs: target.timeoutMs })
  return { end, isUnreachable: outcome.kind === 'unreachable', stdout: reply.stdout, stderr: reply.stderr }
}

function selectEnd(
  outcome: SafeExec,
  reply: { code: number | undefined; noDirectory: boolean },
  time: { timedOut: boolean; afterMs: number },
): ProbeEnd {
  if (outcome.kind === 'unreachable') return { kind: 'failed', reason: outcome.failure.message }
  if (outcome.kind === 'elevation-failed') return { kind: 'elevation-failed', reason: outcome.reason }
  if (reply.noDirectory) return { kind: 'failed', reason: 'its directory cannot be entered' }
  if (time.timedOut) return { kind: 'timed-out', afterMs: time.afterMs }
  if (outcome.kind === 'lost') return { kind: 'lost', reason: outcome.reason }
  if (outcome.kind === 'signalled') return outcome
  if (reply.code === undefined) return { kind: 'lost', reason: "the host's reply was not whole" }
  return { kind: 'exited', code: reply.code }
}

function tooMuch(): ProbeEnd {
  return { kind: 'failed', reason: `it printed more than ${PROBE_OUTPUT_MAX_BYTES / 1024 / 1024} MiB` }
}

type Timer = { readonly signal: AbortSignal; readonly stop: () => void; readonly expired: () => boolean }

function createTimer(context: EngineContext, timeoutMs: number): Timer {
  const deadline = new AbortController()
  const stopped = new AbortController()
  const detach = (): void => deadline.abort()
  let isExpired = false
  const expire = async (): Promise<void> => {
    await context.clock.sleep(timeoutMs, stopped.signal)
    if (stopped.signal.aborted) return
    isExpired = true
    deadline.abort()
  }
  void expire()
  context.detach.addEventListener('abort', detach, { once: true })
  const stop = (): void => {
    context.detach.removeEventListener('abort', detach)
    stopped.abort()
  }
  return { signal: deadline.signal, stop, expired: () => isExpired }
}
