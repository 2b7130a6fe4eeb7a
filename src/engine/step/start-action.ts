import { brandAs, type Digest, type JobId } from '../../core/base/ids.ts'
import { buildQuestion } from '../../core/run/build-question.ts'
import { requireHostStep, type EngineContext } from '../context.ts'
import { planFileChange } from '../file/plan-file-change.ts'
import { isEditShown, showEdit } from '../file/show-edit.ts'
import type { JobEnd } from '../job/conclude-job.ts'
import type { JobOrder } from '../job/job-order.ts'
import { prepareBase } from '../job/prepare-base.ts'
import { recordIntent } from '../job/record-intent.ts'
import { runJob } from '../job/run-job.ts'
import { isForced, takeHostLock } from '../job/take-host-lock.ts'
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
  const shownAt = { step: place.step, host: place.host, action: action.index }
  const wasShown = requireHostStep(context, place.step, place.host).shownEdits.has(action.index)
  if (!isEditShown(context, shownAt, change)) {
    await showEdit(context, shownAt, change)
    if (wasShown) return askAgain(context, at, change.path)
  }
  const spec = await buildSpec(context, action, {
    content: change.after,
    holdsSecret: change.holdsSecret,
    place: at.place,
  })
  if (!spec.ok) return park(context, at, spec.failure)
  const digest = change.beforeDigest ?? brandAs<Digest>('absent')
  const command = await context.store.putValue(change.diff)
  return startJob(context, at, { command, spec: spec.value, expectFile: { path: change.path, digest } })
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
  const account = { host: place.host, as: action.command.as, reconnectMs: action.reconnectMs }
  const prepared = await prepareBase(context, account)
  if (!prepared.ok) return park(context, at, prepared.failure)
  const { base } = prepared
  const locked = await takeHostLock(context, { ...account, force: isForced(context, place) }, base)
  if (locked !== undefined) return park(context, at, locked)
  const { step, host } = place
  const attempt = requireHostStep(context, step, host).attempt!.id
  const job = brandAs<JobId>(`${attempt}.${action.index}`)
  const { index, kind } = action
  await recordIntent(context, place, {
    job,
    action: index,
    kind,
    command: start.command,
    as: account.as,
    base,
  })
  const { timeoutMs, idleTimeoutMs } = action
  const expectFile = start.expectFile === undefined ? {} : { expectFile: start.expectFile }
  const spec = { ...start.spec, signals: base.signals }
  return runJob(context, {
    step,
    attempt,
    job,
    ...account,
    base,
    isResumed: false,
    spec,
    timeoutMs,
    idleTimeoutMs,
    ...expectFile,
  })
}
