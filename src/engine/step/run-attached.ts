import { brandAs, type Digest, type JobId } from '../../core/base/ids.ts'
import { requireHostStep, type EngineContext } from '../context.ts'
import type { JobEnd } from '../job/conclude-job.ts'
import { openJobOutput } from '../job/job-output.ts'
import { recordIntent } from '../job/record-intent.ts'
import { runHttp } from '../probe/run-http.ts'
import { failHost } from './end-host.ts'
import { recordAttached, type AttachedEnd, type AttachedResult } from './record-attached.ts'
import { runOnTerminal } from './run-on-terminal.ts'
import type { ActionEnd, ActionPlace } from './step-model.ts'

/** Runs what cannot be detached: an HTTP request that changes something, or a command with the person's terminal. */
export async function runAttached(
  context: EngineContext,
  at: ActionPlace,
  command: Digest,
): Promise<ActionEnd | JobEnd> {
  const { place, action } = at
  const attempt = requireHostStep(context, place.step, place.host).attempt!.id
  const job = brandAs<JobId>(`${attempt}.${action.index}`)
  const end = action.interactive
    ? await runOnTerminal(context, { place, fence: action, job, action: action.index, command })
    : await runHttpAction(context, at, { job, command })
  if (end.kind !== 'failed') return end
  await failHost(context, place, end.failure)
  return 'parked'
}

async function runHttpAction(
  context: EngineContext,
  at: ActionPlace,
  { job, command }: { readonly job: JobId; readonly command: Digest },
): Promise<AttachedEnd> {
  const { place, action } = at
  await recordIntent(context, place, { job, action: action.index, kind: 'http', command })
  const beganMs = context.clock.monoMs()
  const result = await request(context, at, job)
  const durationMs = Math.round(context.clock.monoMs() - beganMs)
  return recordAttached(context, { place, job, durationMs, cause: 'no-reply' }, result)
}

async function request(
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
