import type { AttemptId, JobId } from '../../core/base/ids.ts'
import { brandAs } from '../../core/base/ids.ts'
import { displayRendered } from '../../core/expr/rendered-text.ts'
import type { ActionWork, HostStepWork } from '../../core/plan/model.ts'
import type { Failure } from '../../core/run/failure.ts'
import type { JobState, RunState } from '../../core/run/state.ts'
import { renderWork, requireHostStep, selectRunDirectory, type EngineContext } from '../context.ts'
import { renderFileRestore } from '../file/write-script.ts'
import type { JobEnd } from '../job/conclude-job.ts'
import { prepareBase, selectJobBase, type Base } from '../job/prepare-base.ts'
import { runJob } from '../job/run-job.ts'
import { buildSpec } from './build-spec.ts'
import { closeEarlierJobs } from './close-jobs.ts'
import { endHost, failHost } from './end-host.ts'
import { startAttempt } from './start-attempt.ts'
import type { HostPlace, HostStepEnd } from './step-model.ts'
import { withFixtures } from './with-fixtures.ts'

/**
 * Rolls a host-step back: its `undo` fences in document order, then the files of its edits, last first. Each is a
 * job of its own with the same guarantees, so an undo that was cut off goes on where it was. One that does not end
 * well fails the undo, and a person decides.
 */
export async function undoHost(context: EngineContext, place: HostPlace): Promise<HostStepEnd> {
  const hostStep = requireHostStep(context, place.step, place.host)
  const by = hostStep.decision?.by ?? context.state.aborting?.by ?? context.operator
  const choice = hostStep.decision?.choice
  const isGoingOn = hostStep.attempt?.kind === 'undo' && choice !== 'undo' && choice !== 'retry'
  if (!isGoingOn) await startAttempt(context, place, { kind: 'undo', keepsDone: true })
  if (!(await closeEarlierJobs(context, place))) {
    await failHost(context, place, {
      kind: 'unknown',
      cause: 'unreachable',
      detail: 'nothing is undone while it may still run',
    })
    return 'parked'
  }
  const work = renderWork(context, place)
  return withFixtures(context, { place, work }, () => runUndos(context, { place, work, by }))
}

async function runUndos(
  context: EngineContext,
  { place, work, by }: { readonly place: HostPlace; readonly work: HostStepWork; readonly by: string },
): Promise<HostStepEnd> {
  for (const [index, order] of selectOrders(context.state, place, work).entries()) {
    const failure = await runUndo(context, { ...order, place, number: index + 1 })
    if (failure === 'detached') return 'detached'
    if (failure !== undefined) {
      await failHost(context, place, failure)
      return 'parked'
    }
  }
  await endHost(context, place, { outcome: 'undone', by, reason: 'undone' })
  return 'ended'
}

/** `restores`: the attempt whose backup of the file is put back. */
type UndoOrder = { readonly undo: ActionWork; readonly restores: AttemptId | undefined }

function selectOrders(state: RunState, place: HostPlace, { undos, actions }: HostStepWork): UndoOrder[] {
  const edits = actions.filter(({ file }) => file !== undefined).toReversed()
  return [
    ...undos.map((undo) => ({ undo, restores: undefined })),
    ...edits.flatMap((undo) => {
      const written = selectWriting(state, place, undo)
      return written === undefined ? [] : [{ undo, restores: written.attempt }]
    }),
  ]
}

/** The last job of the run that wrote this file on this host. */
function selectWriting(
  state: RunState,
  { step, host }: HostPlace,
  { index }: ActionWork,
): JobState | undefined {
  return [...state.jobs.values()].findLast(
    (job) =>
      job.step === step &&
      job.host === host &&
      job.action === index &&
      job.result?.kind === 'exited' &&
      job.result.code === 0,
  )
}

type Undo = UndoOrder & { readonly place: HostPlace; readonly number: number }
type UndoFailure = Failure | 'detached' | undefined

async function runUndo(context: EngineContext, at: Undo): Promise<UndoFailure> {
  const { place, undo, number } = at
  const attempt = requireHostStep(context, place.step, place.host).attempt!.id
  const job = brandAs<JobId>(`${attempt}.u${number}`)
  const known = context.state.jobs.get(job)
  if (known?.state === 'ended') return judgeUndo(context, { kind: 'ended', job: known }, { job, number })
  const as = undo.command.as
  const account = { host: place.host, as, reconnectMs: undo.reconnectMs }
  const prepared = await prepareBase(context, { ...account, isPatient: known !== undefined })
  if (!prepared.ok) return prepared.failure
  const base = known === undefined ? prepared.base : selectJobBase(prepared.base, known)
  const spec = known === undefined ? await intendUndo(context, at, { job, attempt, base }) : undefined
  if (spec !== undefined && !spec.ok) return spec.failure
  const { timeoutMs, idleTimeoutMs } = undo
  const order = {
    ...account,
    job,
    attempt,
    step: place.step,
    base,
    isResumed: known !== undefined,
    timeoutMs,
    idleTimeoutMs,
  }
  return judgeUndo(context, await runJob(context, { ...order, spec: spec?.value }), { job, number })
}

/** Makes the intent of an undo durable and gives what is to run. */
async function intendUndo(
  context: EngineContext,
  { place, undo, number, restores }: Undo,
  { job, attempt, base }: { readonly job: JobId; readonly attempt: AttemptId; readonly base: Base },
): ReturnType<typeof buildSpec> {
  const { step, host } = place
  const directory = selectRunDirectory(context, host, base.place.base)
  const restore =
    restores === undefined
      ? undefined
      : renderFileRestore(undo.file!.path, `${directory}/backup-${restores}.${undo.index}`)
  const built =
    restore === undefined ? await buildSpec(context, undo) : { ok: true as const, value: { body: restore } }
  if (!built.ok) return built
  const command = await context.store.putValue(`# undo\n${restore ?? displayRendered(undo.command.body)}`)
  const as = undo.command.as === undefined ? {} : { as: undo.command.as }
  const boot = base.boot === '' ? {} : { boot: base.boot }
  await context.record({
    type: 'job-intended',
    step,
    host,
    attempt,
    job,
    action: -number,
    kind: 'run',
    command,
    detached: true,
    epoch: context.epoch,
    marker: base.place.marker,
    ...as,
    ...boot,
  })
  return { ok: true, value: { ...built.value, signals: base.signals } }
}

function judgeUndo(
  context: EngineContext,
  end: JobEnd,
  { job, number }: { readonly job: JobId; readonly number: number },
): UndoFailure {
  if (end.kind === 'detached') return 'detached'
  if (end.kind === 'elevation-failed') return { kind: 'elevation', reason: end.reason }
  if (end.kind === 'ended' && end.job.result?.kind === 'exited') {
    return end.job.result.code === 0
      ? undefined
      : { kind: 'exit', action: -number, code: end.job.result.code }
  }
  return {
    kind: 'unknown',
    cause: context.state.jobs.get(job)?.cause ?? 'lost',
    detail: 'the undo did not come to a known end',
  }
}
