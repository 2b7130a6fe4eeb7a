import type { Digest, JobId } from '../../core/base/ids.ts'
import type { EventOf } from '../../core/run/events.ts'
import { requireHostStep, type EngineContext } from '../context.ts'
import { selectLink } from '../link/host-link.ts'
import type { HostPlace } from '../step/step-model.ts'
import type { Base } from './prepare-base.ts'

/** What a job is, apart from where it is recorded. */
export type JobIntent = {
  readonly job: JobId
  /** Undos are counted below zero. */
  readonly action: number
  readonly kind: EventOf<'job-intended'>['kind']
  readonly command: Digest
  readonly as?: string | undefined
  /** The job whose file this one puts back. */
  readonly restores?: JobId | undefined
  /** Where it runs detached; absent: it is attached to a connection. */
  readonly base?: Base
}

/** Makes the intent of a job durable: from here on the host may have been asked. */
export async function recordIntent(
  context: EngineContext,
  { step, host }: Pick<HostPlace, 'step' | 'host'>,
  { job, action, kind, command, as, restores, base }: JobIntent,
): Promise<void> {
  const hostKey = selectLink(context, host).hostKey()
  await context.record({
    type: 'job-intended',
    step,
    host,
    attempt: requireHostStep(context, step, host).attempt!.id,
    job,
    action,
    kind,
    command,
    detached: base !== undefined,
    epoch: context.epoch,
    ...(as === undefined ? {} : { as }),
    ...(restores === undefined ? {} : { restores }),
    ...(base === undefined ? {} : { marker: base.place.marker }),
    ...(base === undefined || base.boot === '' ? {} : { boot: base.boot }),
    ...(hostKey === undefined ? {} : { hostKey }),
  })
}
