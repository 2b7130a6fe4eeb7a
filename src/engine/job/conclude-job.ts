import { baseKey } from '../../core/run/base-key.ts'
import type { EventOf } from '../../core/run/events.ts'
import type { JobState } from '../../core/run/state.ts'
import type { EngineContext } from '../context.ts'
import type { ConnectFailure } from '../ports/transport.ts'
import type { JobReport } from '../remote-job/job-report.ts'
import { createNonce, exchangeSafely } from './exchange.ts'
import { selectHeldLocks } from './held-locks.ts'
import type { JobOrder } from './job-order.ts'
import type { JobOutput } from './job-output.ts'
import { forgetBase } from './prepare-base.ts'

/** How following a job ended, for this process: `detached` leaves it running on the host. */
export type JobEnd =
  | { readonly kind: 'ended'; readonly job: JobState }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unstarted' }
  | { readonly kind: 'detached' }
  | { readonly kind: 'elevation-failed'; readonly reason: string }
  /** Nothing was sent: the host could not be reached. */
  | { readonly kind: 'unreachable'; readonly failure: ConnectFailure }

/** What the host said last about a job, and what this process knows of it. */
export type Conclusion = {
  readonly order: JobOrder
  readonly output: JobOutput
  readonly report: JobReport | undefined
  readonly durationMs: number
  /** An earlier exchange may have started it, even if this one did not. */
  readonly mayHaveStarted: boolean
}

/** Makes the end of a job durable: its result, the proof that it never started, or that its end is not known. */
export async function concludeJob(context: EngineContext, conclusion: Conclusion): Promise<JobEnd> {
  const { order, output, report } = conclusion
  if (report === undefined || report.kind === 'running') {
    return recordUnknown(context, order, {
      cause: 'lost',
      detail: 'the host answered in words I do not know',
    })
  }
  switch (report.kind) {
    case 'exited':
      return recordEnd(context, conclusion, { kind: 'exited', code: report.code })
    case 'cancelled':
    case 'timed-out':
      return recordEnd(context, conclusion, { kind: report.kind })
    case 'refused':
      return concludeRefused(context, conclusion, report.why)
    case 'never-started':
    case 'not-started':
      return proveUnstarted(context, order, report.kind === 'not-started' ? 'not-started' : 'absent')
    default:
      await output.close()
      return recordUnknown(context, order, { cause: UNKNOWN_CAUSES[report.kind], detail: '' })
  }
}

const UNKNOWN_CAUSES = {
  rebooted: 'reboot',
  'storage-lost': 'storage',
  orphan: 'orphan',
  killed: 'killed',
} as const

async function recordEnd(
  context: EngineContext,
  conclusion: Conclusion,
  result: EventOf<'job-ended'>['result'],
): Promise<JobEnd> {
  const { order, output, durationMs } = conclusion
  const { job, step, host } = order
  const closed = await output.close()
  await context.record({ type: 'job-ended', job, step, host, result, ...closed, durationMs })
  return { kind: 'ended', job: context.state.jobs.get(job)! }
}

/** Nothing was started by this exchange; by an earlier one it may have been, where the host cannot say any more. */
async function concludeRefused(context: EngineContext, conclusion: Conclusion, why: string): Promise<JobEnd> {
  const { order, mayHaveStarted } = conclusion
  const { job, step, host } = order
  // Another run was given the host meanwhile; the next try asks.
  if (why === 'locked') selectHeldLocks(context).locked.delete(baseKey(host, order.as))
  if (why !== 'rebooted' && why !== 'storage') return recordEnd(context, conclusion, { kind: 'refused', why })
  forgetBase(context, order)
  if (mayHaveStarted)
    return recordUnknown(context, order, { cause: why === 'rebooted' ? 'reboot' : 'storage', detail: '' })
  await context.record({ type: 'job-unstarted', job, step, host, proof: 'refused' })
  return { kind: 'unstarted' }
}

/** The id is made unable to start, then the job counts as never started. */
async function proveUnstarted(
  context: EngineContext,
  order: JobOrder,
  proof: 'absent' | 'not-started',
): Promise<JobEnd> {
  const { job, step, host } = order
  const found = await tombstone(context, order)
  if (found !== 'never-ran')
    return recordUnknown(context, order, {
      cause: 'lost',
      detail: 'its record on the host could not be closed',
    })
  await context.record({ type: 'job-unstarted', job, step, host, proof })
  return { kind: 'unstarted' }
}

/** `dead`: it can neither start nor go on. `gone`: the host has lost its record of it, so nobody can tell. */
export type Tombstoned = 'never-ran' | 'ran' | 'dead' | 'gone' | 'unknown'

/** Writes on the host that this id shall never run, ending it if it does. */
export async function tombstone(
  context: EngineContext,
  order: Pick<JobOrder, 'job' | 'host' | 'as' | 'base' | 'reconnectMs'>,
): Promise<Tombstoned> {
  const target = { host: order.host, as: order.as, reconnectMs: order.reconnectMs }
  const { place } = order.base
  const reply = await exchangeSafely(context, target, {
    verb: 'tombstone',
    nonce: createNonce(context),
    place,
    job: order.job,
    run: context.run,
  })
  if (reply.kind !== 'complete') return 'unknown'
  const { report } = reply.trailer
  switch (report?.kind) {
    case 'cancelled':
      return report.hasRun ? 'ran' : 'never-ran'
    case 'exited':
    case 'timed-out':
      return 'ran'
    case 'rebooted':
    case 'killed':
      return 'dead'
    case 'storage-lost':
      return 'gone'
    case 'refused':
      return report.why === 'storage' ? 'gone' : 'unknown'
    default:
      return 'unknown'
  }
}

/** Makes durable that it is not known how the job ended. */
export async function recordUnknown(
  context: EngineContext,
  order: Pick<JobOrder, 'job' | 'step' | 'host'>,
  why: Pick<EventOf<'job-unknown'>, 'cause' | 'detail'>,
): Promise<JobEnd> {
  await context.record({ type: 'job-unknown', job: order.job, step: order.step, host: order.host, ...why })
  return { kind: 'unknown' }
}
