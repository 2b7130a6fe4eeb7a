import { brandAs, type Digest, type JobId } from '../../core/base/ids.ts'
import type { JobResult } from '../../core/run/events.ts'
import type { Failure } from '../../core/run/failure.ts'
import { requireHostStep, type EngineContext } from '../context.ts'
import type { JobEnd } from '../job/conclude-job.ts'
import { openJobOutput } from '../job/job-output.ts'
import { recordIntent } from '../job/record-intent.ts'
import { prepareBase } from '../job/prepare-base.ts'
import { takeHostLock } from '../job/take-host-lock.ts'
import type { Terminal } from '../ports/terminal.ts'
import { runHttp } from '../probe/run-http.ts'
import { failHost } from './end-host.ts'
import { runInteractive, type InteractiveEnd } from './run-interactive.ts'
import type { ActionEnd, ActionPlace } from './step-model.ts'
import { takeTerminal } from './take-terminal.ts'

/** Runs what cannot be detached: an HTTP request that changes something, or a command with the person's terminal. */
export async function runAttached(
  context: EngineContext,
  at: ActionPlace,
  command: Digest,
): Promise<ActionEnd | JobEnd> {
  if (!at.action.interactive) return intendAndRun(context, { at, command })
  const { step, host } = at.place
  const { as } = at.action.command
  const locked = await lockHost(context, at)
  if (locked !== undefined) {
    await failHost(context, at.place, locked)
    return 'parked'
  }
  const taken = await takeTerminal(context, { step, host, ...(as === undefined ? {} : { as }) })
  if (taken === undefined) {
    if (!context.detach.aborted)
      await failHost(context, at.place, { kind: 'needs-terminal', action: at.action.index })
    return 'parked'
  }
  try {
    return await intendAndRun(context, { at, command, terminal: taken.terminal })
  } finally {
    taken.giveBack()
  }
}

async function lockHost(
  context: EngineContext,
  { place, action }: ActionPlace,
): Promise<Failure | undefined> {
  const account = { host: place.host, as: undefined, reconnectMs: action.reconnectMs }
  const prepared = await prepareBase(context, account)
  if (!prepared.ok) return prepared.failure
  const { decision } = requireHostStep(context, place.step, place.host)
  const force = decision?.choice === 'go' && decision.question.kind === 'locked'
  return takeHostLock(context, { ...account, force }, prepared.base)
}

type Attaching = {
  readonly at: ActionPlace
  readonly command: Digest
  /** The person's, for what is interactive. */
  readonly terminal?: Terminal
}

async function intendAndRun(
  context: EngineContext,
  { at, command, terminal }: Attaching,
): Promise<ActionEnd | JobEnd> {
  const { place, action } = at
  const { step, host } = place
  const attempt = requireHostStep(context, step, host).attempt!.id
  const job = brandAs<JobId>(`${attempt}.${action.index}`)
  const kind = terminal === undefined ? 'http' : 'interactive'
  await recordIntent(context, place, { job, action: action.index, kind, command })
  const beganMs = context.clock.monoMs()
  const result =
    terminal === undefined
      ? await runHttpAction(context, at, job)
      : withoutOutput(await runInteractive(context, { at, job, terminal }))
  return recordResult(context, { at, job, result, durationMs: Math.round(context.clock.monoMs() - beganMs) })
}

type Attached = {
  readonly at: ActionPlace
  readonly job: JobId
  readonly result: AttachedResult
  readonly durationMs: number
}

async function recordResult(
  context: EngineContext,
  { at, job, result, durationMs }: Attached,
): Promise<ActionEnd | JobEnd> {
  const { step, host } = at.place
  switch (result.kind) {
    case 'unsent':
      await context.record({ type: 'job-unstarted', job, step, host, proof: 'not-sent' })
      await failHost(context, at.place, { kind: 'unreachable', cause: 'not-sent', message: result.reason })
      return 'parked'
    case 'unknown': {
      const cause = at.action.kind === 'http' ? 'no-reply' : 'lost'
      await context.record({ type: 'job-unknown', job, step, host, cause, detail: result.reason })
      return { kind: 'unknown' }
    }
    case 'ended':
      await context.record({
        type: 'job-ended',
        job,
        step,
        host,
        result: result.result,
        durationMs,
        ...result.bytes,
      })
      return { kind: 'ended', job: context.state.jobs.get(job)! }
  }
}

type AttachedResult =
  | { readonly kind: 'unsent' | 'unknown'; readonly reason: string }
  | {
      readonly kind: 'ended'
      readonly result: JobResult
      readonly bytes: { readonly outBytes: number; readonly errBytes: number; readonly outDigest?: Digest }
    }

/** What went over the person's terminal is theirs: nothing of it is kept. */
function withoutOutput(end: InteractiveEnd): AttachedResult {
  return end.kind === 'ended' ? { ...end, bytes: { outBytes: 0, errBytes: 0 } } : end
}

async function runHttpAction(
  context: EngineContext,
  { place, action }: ActionPlace,
  job: JobId,
): Promise<AttachedResult> {
  const output = await openJobOutput(context, job)
  const reply = await runHttp(context, { host: place.host, timeoutMs: action.timeoutMs }, action.http!)
  if (reply.kind === 'no-reply')
    return { kind: reply.sent === false ? 'unsent' : 'unknown', reason: reply.reason }
  await output.take('stdout', reply.body)
  const { outBytes, outDigest } = await output.close()
  const code = reply.status === action.http!.status ? 0 : 1
  return { kind: 'ended', result: { kind: 'exited', code }, bytes: { outBytes, errBytes: 0, outDigest } }
}
