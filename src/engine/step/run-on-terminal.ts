import type { Digest, JobId } from '../../core/base/ids.ts'
import type { ActionWork } from '../../core/plan/model.ts'
import type { Failure } from '../../core/run/failure.ts'
import type { EngineContext } from '../context.ts'
import { prepareBase } from '../job/prepare-base.ts'
import { recordIntent } from '../job/record-intent.ts'
import { isForced, takeHostLock } from '../job/take-host-lock.ts'
import { recordAttached, type AttachedEnd } from './record-attached.ts'
import { runInteractive } from './run-interactive.ts'
import type { HostPlace } from './step-model.ts'
import { takeTerminal } from './take-terminal.ts'

/** A command for the person's terminal: an action, or an undo. */
export type TerminalJob = {
  readonly place: HostPlace
  readonly fence: ActionWork
  readonly job: JobId
  /** Undos are counted below zero. */
  readonly action: number
  readonly command: Digest
}

/** Asks for the terminal, makes the intent durable and runs the command; without a terminal nothing is recorded. */
export async function runOnTerminal(context: EngineContext, at: TerminalJob): Promise<AttachedEnd> {
  const { place, fence, job, action, command } = at
  const { step, host } = place
  const { as } = fence.command
  const locked = await lockHost(context, at)
  if (locked !== undefined) return { kind: 'failed', failure: locked }
  const taken = await takeTerminal(context, { step, host, ...(as === undefined ? {} : { as }) })
  if (taken === undefined && context.detach.aborted) return { kind: 'detached' }
  if (taken === undefined) return { kind: 'failed', failure: { kind: 'needs-terminal', action } }
  try {
    await recordIntent(context, place, { job, action, kind: 'interactive', command })
    const beganMs = context.clock.monoMs()
    const end = await runInteractive(context, { place, fence, job, terminal: taken.terminal })
    const durationMs = Math.round(context.clock.monoMs() - beganMs)
    // What went over the person's terminal is theirs: nothing of it is kept.
    const result = end.kind === 'ended' ? { ...end, bytes: { outBytes: 0, errBytes: 0 } } : end
    return await recordAttached(context, { place, job, durationMs, cause: 'lost' }, result)
  } finally {
    taken.giveBack()
  }
}

async function lockHost(context: EngineContext, { place, fence }: TerminalJob): Promise<Failure | undefined> {
  const account = { host: place.host, as: undefined, reconnectMs: fence.reconnectMs }
  const prepared = await prepareBase(context, account)
  if (!prepared.ok) return prepared.failure
  return takeHostLock(context, { ...account, force: isForced(context, place) }, prepared.base)
}
