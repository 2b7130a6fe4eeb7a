import type { Digest, JobId } from '../../core/base/ids.ts'
import { brandAs } from '../../core/base/ids.ts'
import { displayRendered } from '../../core/expr/rendered-text.ts'
import type { ActionWork, HostStepWork } from '../../core/plan/model.ts'
import type { Failure } from '../../core/run/failure.ts'
import type { JobState, RunState } from '../../core/run/state.ts'
import { renderWork, requireHostStep, type EngineContext } from '../context.ts'
import type { JobEnd } from '../job/conclude-job.ts'
import type { JobOrder } from '../job/job-order.ts'
import { buildExchangeFailure, prepareBase, selectJobBase, type Base } from '../job/prepare-base.ts'
import { recordIntent } from '../job/record-intent.ts'
import { runJob } from '../job/run-job.ts'
import { isForced, takeHostLock } from '../job/take-host-lock.ts'
import { buildSpec } from './build-spec.ts'
import { closeEarlierJobs } from './close-jobs.ts'
import { endHost, failHost } from './end-host.ts'
import { buildChangedFailure, planFileRestore, selectBackupPath } from './restore-file.ts'
import { selectRestores } from './select-restores.ts'
import { runOnTerminal } from './run-on-terminal.ts'
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

/** One undo: a fence of the runbook, or a file that a job has written. */
type UndoOrder = {
  readonly as: string | undefined
  readonly fence?: ActionWork
  readonly written?: JobState
  readonly clocks: Pick<ActionWork, 'timeoutMs' | 'idleTimeoutMs' | 'reconnectMs'>
}

/** For a file whose action is no longer in the runbook; the defaults of the format. */
const FILE_CLOCKS = { timeoutMs: 600_000, idleTimeoutMs: 120_000, reconnectMs: 900_000 }

function selectOrders(state: RunState, place: HostPlace, { undos, actions }: HostStepWork): UndoOrder[] {
  const files = selectRestores(state, place).map((written) => ({
    as: written.as,
    written,
    clocks: actions.find(({ file }) => file?.path === written.file?.path) ?? FILE_CLOCKS,
  }))
  return [...undos.map((fence) => ({ as: fence.command.as, fence, clocks: fence })), ...files]
}

type Undo = UndoOrder & { readonly place: HostPlace; readonly number: number }
type UndoFailure = Failure | 'detached' | undefined

async function runUndo(context: EngineContext, at: Undo): Promise<UndoFailure> {
  const { place, number, as } = at
  const { timeoutMs, idleTimeoutMs, reconnectMs } = at.clocks
  const attempt = requireHostStep(context, place.step, place.host).attempt!.id
  const job = brandAs<JobId>(`${attempt}.u${number}`)
  const known = context.state.jobs.get(job)
  if (known?.state === 'ended') return judgeUndo(context, { kind: 'ended', job: known }, { ...at, job })
  if (at.fence?.interactive === true) return runInteractiveUndo(context, at.fence, { ...at, job, known })
  const account = { host: place.host, as, reconnectMs }
  const prepared = await prepareBase(context, { ...account, isPatient: known !== undefined })
  if (!prepared.ok) return prepared.failure
  const base = known === undefined ? prepared.base : selectJobBase(prepared.base, known)
  const start = known === undefined ? await planUndo(context, at, base) : { kind: 'follow' as const }
  if (start.kind === 'failed') return start.failure
  if (start.kind === 'restored') return undefined
  if (start.kind === 'go') {
    const locked = await takeHostLock(context, { ...account, force: isForced(context, place) }, base)
    if (locked !== undefined) return locked
    const intent = { job, action: -number, kind: 'run', command: start.command } as const
    await recordIntent(context, place, { ...intent, as, restores: at.written?.id, base })
  }
  const common = { ...account, job, attempt, step: place.step, base, timeoutMs, idleTimeoutMs }
  const order: JobOrder =
    start.kind === 'go'
      ? { ...common, isResumed: false, ...start.order }
      : { ...common, isResumed: true, spec: undefined }
  return judgeUndo(context, await runJob(context, order), { ...at, job, base })
}

/** One that was begun and has no end known is not begun again on a guess. */
async function runInteractiveUndo(
  context: EngineContext,
  fence: ActionWork,
  at: Undo & { readonly job: JobId; readonly known: JobState | undefined },
): Promise<UndoFailure> {
  const { place, number, job, known } = at
  if (known !== undefined) return judgeUndo(context, { kind: 'unknown' }, at)
  const command = await context.store.putValue(`# undo\n${displayRendered(fence.command.body)}`)
  const end = await runOnTerminal(context, { place, fence, job, action: -number, command })
  return end.kind === 'failed' ? end.failure : judgeUndo(context, end, at)
}

type UndoStart =
  | { readonly kind: 'go'; readonly command: Digest; readonly order: Pick<JobOrder, 'spec' | 'expectFile'> }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** The file holds its old content already. */
  | { readonly kind: 'restored' }

async function planUndo(context: EngineContext, at: Undo, base: Base): Promise<UndoStart> {
  const { fence, written, place, as, clocks } = at
  if (written !== undefined) {
    const { timeoutMs, reconnectMs } = clocks
    const target = { host: place.host, as, timeoutMs, reconnectMs }
    const restore = await planFileRestore(context, target, { written, base })
    if (restore.kind !== 'restore') return restore
    const command = await context.store.putValue(`# undo\n${restore.body}`)
    const spec = { body: restore.body, signals: base.signals }
    return { kind: 'go', command, order: { spec, expectFile: restore.expectFile } }
  }
  const built = await buildSpec(context, fence!)
  if (!built.ok) return { kind: 'failed', failure: built.failure }
  const command = await context.store.putValue(`# undo\n${displayRendered(fence!.command.body)}`)
  return { kind: 'go', command, order: { spec: { ...built.value, signals: base.signals } } }
}

type Judged = Undo & { readonly job: JobId; readonly base?: Base }

function judgeUndo(context: EngineContext, end: JobEnd, { job, number, written, base }: Judged): UndoFailure {
  if (end.kind === 'detached') return 'detached'
  if (end.kind === 'elevation-failed') return { kind: 'elevation', reason: end.reason }
  if (end.kind === 'unreachable') return buildExchangeFailure(end)
  const result = end.kind === 'ended' ? end.job.result : undefined
  const action = -number
  switch (result?.kind) {
    case 'exited':
      return result.code === 0 ? undefined : { kind: 'exit', action, code: result.code }
    case 'refused':
      if (result.why === 'digest' && written !== undefined && base !== undefined)
        return buildChangedFailure(written, selectBackupPath(context, written, base))
      return { kind: 'refused', action, why: result.why }
    case 'timed-out':
    case 'cancelled':
      return { kind: result.kind, action }
    case 'signalled':
      return { kind: 'signal', action, signal: result.signal }
    case undefined: {
      const cause = context.state.jobs.get(job)?.cause ?? 'lost'
      return { kind: 'unknown', cause, detail: 'the undo did not come to a known end' }
    }
  }
}
