import type { JobState } from '../../core/run/state.ts'
import type { EngineContext } from '../context.ts'
import { selectLink } from '../link/host-link.ts'
import type { ConnectFailure } from '../ports/transport.ts'
import type { ReplyLine } from '../remote-job/reply-line.ts'
import { concludeJob, recordUnknown, type JobEnd } from './conclude-job.ts'
import { createNonce, exchangeOnce, type Exchanged } from './exchange.ts'
import { createJobClocks } from './job-clocks.ts'
import type { JobOrder } from './job-order.ts'
import { openJobOutput, type JobOutput } from './job-output.ts'

/**
 * Starts a job once (or goes on following it) until its end is durable. The same start may be sent any number of
 * times: the host starts an id at most once. A lost line is waited out for `reconnectMs`.
 */
export async function runJob(context: EngineContext, order: JobOrder): Promise<JobEnd> {
  const output = await openJobOutput(context, order.job)
  const clocks = createJobClocks(context, order)
  const began = context.clock.monoMs()
  let mayHaveStarted = order.isResumed
  for (;;) {
    const before = output.offsets()
    const reply = await exchange(context, order, output)
    const after = output.offsets()
    const isMore = after.out + after.err > before.out + before.err
    clocks.note(isMore)
    if (isMore || reply.kind === 'complete') selectLink(context, order.host).carried()
    if (reply.kind === 'complete') {
      const { report } = reply.trailer
      const durationMs = context.clock.monoMs() - began
      if (report?.kind !== 'running')
        return concludeJob(context, { order, output, report, durationMs, mayHaveStarted })
    } else if (reply.kind === 'elevation-failed') {
      if (mayHaveStarted) return recordUnknown(context, order, { cause: 'unreachable', detail: reply.reason })
      return { kind: 'elevation-failed', reason: reply.reason }
    } else if (reply.kind === 'unreachable') {
      if (context.detach.aborted) return { kind: 'detached' }
      if (!mayHaveStarted) return recordUnsent(context, order, reply.failure)
      return recordUnknown(context, order, { cause: 'unreachable', detail: reply.failure.message })
    } else {
      mayHaveStarted ||= reply.sent
      if (!context.detach.aborted) await selectLink(context, order.host).lose(reply.reason)
    }
    if (context.detach.aborted) return { kind: 'detached' }
    await output.rewind()
    await clocks.check()
  }
}

/** No request has left: the job was surely not started, and its id never will be. */
async function recordUnsent(
  context: EngineContext,
  { job, step, host }: JobOrder,
  failure: ConnectFailure,
): Promise<JobEnd> {
  await context.record({ type: 'job-unstarted', job, step, host, proof: 'not-sent' })
  return { kind: 'unreachable', failure }
}

async function exchange(context: EngineContext, order: JobOrder, output: JobOutput): Promise<Exchanged> {
  const from = output.offsets()
  const target = {
    host: order.host,
    as: order.as,
    reconnectMs: order.reconnectMs,
    onOutput: output.take,
    onHeader: (line: ReplyLine) => noteRunning(context, order, line),
    from,
    signal: context.detach,
  }
  const common = {
    nonce: createNonce(context),
    place: order.base.place,
    job: order.job,
    outOffset: from.out,
    errOffset: from.err,
    waitMs: context.limits.followMs,
    ...(order.base.boot === '' ? {} : { boot: order.base.boot }),
  }
  if (requireJob(context, order).state === 'running' || order.spec === undefined) {
    return exchangeOnce(context, target, { verb: 'follow', ...common })
  }
  const expectFile = order.expectFile === undefined ? {} : { expectFile: order.expectFile }
  return exchangeOnce(context, target, {
    verb: 'start',
    ...common,
    ...expectFile,
    run: context.run,
    epoch: context.epoch,
    spec: order.spec,
  })
}

function requireJob(context: EngineContext, { job }: JobOrder): JobState {
  return context.state.jobs.get(job)!
}

/** Records, once, that the host acknowledged the job. */
async function noteRunning(context: EngineContext, order: JobOrder, header: ReplyLine): Promise<void> {
  const isNew = header.fields['verb'] === 'start' && header.fields['new'] !== undefined
  if (requireJob(context, order).state === 'running' || !isNew) return
  const { place } = order.base
  const remote = {
    base: place.base,
    directory: `${place.base}/${place.host}/jobs/${order.job}`,
    pid: Number(header.fields['pid'] ?? 0) || 0,
    startTime: header.fields['start'] ?? '',
    boot: header.fields['boot'] ?? order.base.boot,
  }
  await context.record({ type: 'job-running', job: order.job, step: order.step, host: order.host, remote })
}
