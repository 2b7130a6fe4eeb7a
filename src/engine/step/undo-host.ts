import { displayRendered } from '../../core/expr/rendered-text.ts'
import type { ActionWork, HostStepWork } from '../../core/plan/model.ts'
import { brandAs, type AttemptId, type JobId } from '../../core/base/ids.ts'
import type { JobSpec } from '../remote-job/job-request.ts'
import { renderWork, requireHostStep, selectRunDirectory, type EngineContext } from '../context.ts'
import { renderFileRestore } from '../file/write-script.ts'
import { prepareBase } from '../job/prepare-base.ts'
import type { JobEnd } from '../job/conclude-job.ts'
import { runJob } from '../job/run-job.ts'
import { buildSpec } from './build-spec.ts'
import { closeJobs } from './close-jobs.ts'
import { endHost, failHost } from './end-host.ts'
import { startAttempt } from './start-attempt.ts'
import type { HostPlace, HostStepEnd } from './step-model.ts'

/**
 * Rolls a host-step back: its `undo` fences in document order, then the files of its edits, last first. Each is a
 * job of its own with the same guarantees; one that does not end well fails the undo, and a person decides.
 */
export async function undoHost(context: EngineContext, place: HostPlace): Promise<HostStepEnd> {
  const hostStep = requireHostStep(context, place.step, place.host)
  const by = hostStep.decision?.by ?? context.operator
  const acted = hostStep.attempt
  if (!(await closeJobs(context, place))) {
    await failHost(context, place, {
      kind: 'unknown',
      cause: 'unreachable',
      detail: 'nothing is undone while it may still run',
    })
    return 'parked'
  }
  const work = renderWork(context, place)
  const edits = selectEdits(
    work,
    hostStep.attempt?.jobs
      .filter(({ result }) => result?.kind === 'exited' && result.code === 0)
      .map(({ action }) => action) ?? [],
  )
  await startAttempt(context, place, { kind: 'undo', keepsDone: true })
  const orders = [
    ...work.undos.map((undo) => ({ undo, restores: undefined })),
    ...edits.map((undo) => ({ undo, restores: acted?.id })),
  ]
  for (const [index, { undo, restores }] of orders.entries()) {
    const failure = await runUndo(context, { place, undo, number: index + 1, restores })
    if (failure === 'detached') return 'detached'
    if (failure !== undefined) {
      await failHost(context, place, failure)
      return 'parked'
    }
  }
  await endHost(context, place, { outcome: 'undone', by, reason: 'undone' })
  return 'ended'
}

function selectEdits({ actions }: HostStepWork, done: readonly number[]): ActionWork[] {
  return actions.filter(({ file, index }) => file !== undefined && done.includes(index)).toReversed()
}

type Undo = {
  readonly place: HostPlace
  readonly undo: ActionWork
  readonly number: number
  readonly restores: AttemptId | undefined
}

type UndoFailure = Parameters<typeof failHost>[2] | 'detached' | undefined

async function runUndo(
  context: EngineContext,
  { place, undo, number, restores }: Undo,
): Promise<UndoFailure> {
  const { step, host } = place
  const as = undo.command.as
  const prepared = await prepareBase(context, { host, as, reconnectMs: undo.reconnectMs })
  if (!prepared.ok) return prepared.failure
  const directory = selectRunDirectory(context, host, prepared.base.place.base)
  const restore = buildRestore(undo, `${directory}/backup-${restores}.${undo.index}`)
  const built =
    restores === undefined ? await buildSpec(context, undo) : { ok: true as const, value: restore }
  if (!built.ok) return built.failure
  const attempt = requireHostStep(context, step, host).attempt!.id
  const job = brandAs<JobId>(`${attempt}.u${number}`)
  const command = await context.store.putValue(
    `# undo\n${restores === undefined ? displayRendered(undo.command.body) : built.value.body}`,
  )
  const { boot } = prepared.base
  const common = { step, host, attempt, job }
  await context.record({
    type: 'job-intended',
    ...common,
    action: -number,
    kind: 'run',
    command,
    detached: true,
    epoch: context.epoch,
    ...(as === undefined ? {} : { as }),
    boot,
  })
  const { timeoutMs, idleTimeoutMs, reconnectMs } = undo
  const end = await runJob(context, {
    ...common,
    as,
    base: prepared.base,
    isResumed: false,
    spec: built.value,
    timeoutMs,
    idleTimeoutMs,
    reconnectMs,
  })
  return judgeUndo(context, end, { job, number })
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

function buildRestore(undo: ActionWork, backup: string): JobSpec {
  return { body: renderFileRestore(undo.file!.path, backup) }
}
