import { brandAs, type Digest, type JobId } from '../../core/base/ids.ts'
import { buildQuestion } from '../../core/run/build-question.ts'
import { requireHostStep, type EngineContext } from '../context.ts'
import { planFileChange } from '../file/plan-file-change.ts'
import type { JobEnd } from '../job/conclude-job.ts'
import type { JobOrder } from '../job/job-order.ts'
import { prepareBase } from '../job/prepare-base.ts'
import { runJob } from '../job/run-job.ts'
import { takeHostLock } from '../job/take-host-lock.ts'
import { buildSpec } from './build-spec.ts'
import { failHost } from './end-host.ts'
import { putCommand } from './put-command.ts'
import { runAttached } from './run-attached.ts'
import type { ActionEnd, ActionPlace } from './step-model.ts'

/** Starts one action for the first time in its attempt: intent first, durable, then the host. */
export async function startAction(context: EngineContext, at: ActionPlace): Promise<ActionEnd | JobEnd> {
  const { kind, interactive } = at.action
  if (kind === 'edit' || kind === 'file') return startFileAction(context, at)
  if (kind === 'http' || interactive) return runAttached(context, at, await putCommand(context, at))
  const spec = await buildSpec(context, at.action)
  if (!spec.ok) return park(context, at, spec.failure)
  return startJob(context, at, { command: await putCommand(context, at), spec: spec.value })
}

async function park(
  context: EngineContext,
  { place }: ActionPlace,
  failure: Parameters<typeof failHost>[2],
): Promise<ActionEnd> {
  await failHost(context, place, failure)
  return 'parked'
}

async function startFileAction(context: EngineContext, at: ActionPlace): Promise<ActionEnd | JobEnd> {
  const { place, action } = at
  const change = await planFileChange(context, place.host, action)
  if (change.kind === 'failed') return park(context, at, change.failure)
  if (change.kind === 'unchanged') return 'next'
  const diff = await context.store.putValue(change.diff)
  const shown = requireHostStep(context, place.step, place.host).shownEdits.get(action.index)
  const isShown = shown?.before === change.beforeDigest && shown?.after === change.afterDigest
  if (!isShown) {
    const before = change.beforeDigest === undefined ? {} : { before: change.beforeDigest }
    await context.record({
      type: 'edit-shown',
      step: place.step,
      host: place.host,
      action: action.index,
      path: change.path,
      after: change.afterDigest,
      diff,
      ...before,
    })
    if (shown !== undefined) return askAgain(context, at, change.path)
  }
  const spec = await buildSpec(context, action, {
    content: change.after,
    holdsSecret: change.holdsSecret,
    place: at.place,
  })
  if (!spec.ok) return park(context, at, spec.failure)
  const digest = change.beforeDigest ?? brandAs<Digest>('absent')
  return startJob(context, at, { command: diff, spec: spec.value, expectFile: { path: change.path, digest } })
}

/** The file is not the one of the diff that was approved. */
async function askAgain(context: EngineContext, { place }: ActionPlace, path: string): Promise<ActionEnd> {
  const { step, host } = place
  const text = `${path} on ${host} has changed since its diff was shown; look at the new one`
  const question = buildQuestion(context.state, {
    kind: 'changed-file',
    step,
    host,
    text,
    choices: ['go', 'skip', 'defer', 'abort'],
  })
  await context.record({ type: 'question-asked', question })
  return 'parked'
}

type Start = {
  readonly command: Digest
  readonly spec: NonNullable<JobOrder['spec']>
  readonly expectFile?: { readonly path: string; readonly digest: Digest }
}

async function startJob(context: EngineContext, at: ActionPlace, start: Start): Promise<ActionEnd | JobEnd> {
  const { place, action } = at
  const { step, host } = place
  const prepared = await prepareBase(context, {
    host,
    as: action.command.as,
    reconnectMs: action.reconnectMs,
  })
  if (!prepared.ok) return park(context, at, prepared.failure)
  const { attempt, decision } = requireHostStep(context, step, host)
  const force = decision?.choice === 'go' && decision.question.kind === 'locked'
  const locked = await takeHostLock(
    context,
    { host, as: action.command.as, reconnectMs: action.reconnectMs, force },
    prepared.base,
  )
  if (locked !== undefined) return park(context, at, locked)
  const job = brandAs<JobId>(`${attempt!.id}.${action.index}`)
  const as = action.command.as === undefined ? {} : { as: action.command.as }
  const boot = prepared.base.boot === '' ? {} : { boot: prepared.base.boot }
  await context.record({
    type: 'job-intended',
    step,
    host,
    attempt: attempt!.id,
    job,
    action: action.index,
    kind: action.kind === 'http' ? 'http' : action.kind,
    command: start.command,
    detached: true,
    epoch: context.epoch,
    ...as,
    ...boot,
  })
  const { timeoutMs, idleTimeoutMs, reconnectMs } = action
  const expectFile = start.expectFile === undefined ? {} : { expectFile: start.expectFile }
  return runJob(context, {
    job,
    step,
    host,
    attempt: attempt!.id,
    as: action.command.as,
    base: prepared.base,
    isResumed: false,
    spec: { ...start.spec, signals: prepared.base.signals },
    timeoutMs,
    idleTimeoutMs,
    reconnectMs,
    ...expectFile,
  })
}
