import type { HostName } from '../../core/base/ids.ts'
import type { Failure } from '../../core/run/failure.ts'
import { baseKey } from '../../core/run/base-key.ts'
import type { JobState } from '../../core/run/state.ts'
import type { EngineContext } from '../context.ts'
import { selectHost } from '../context.ts'
import type { Place, SignalReset } from '../remote-job/job-request.ts'
import { describePassedBase } from '../remote-job/passed-base.ts'
import { createNonce, exchangeSafely, type Exchanged } from './exchange.ts'

/** Where jobs of one account on one host live, as the host answered. */
export type Base = { readonly place: Place; readonly boot: string; readonly signals: SignalReset }

export type Prepared =
  | { readonly ok: true; readonly base: Base }
  | { readonly ok: false; readonly failure: Failure }

type Target = {
  readonly host: HostName
  readonly as: string | undefined
  readonly reconnectMs: number
  readonly isPatient?: boolean
}

const preparing = new WeakMap<EngineContext, Map<string, Promise<Prepared>>>()

/**
 * Chooses the base directory of an account on a host, writes the run's epoch there, and records the choice. A later
 * session of the run uses the recorded one, unless its storage was lost: then it is chosen and recorded anew, and the
 * jobs from before are judged by the marker that their intent recorded.
 */
export function prepareBase(context: EngineContext, target: Target): Promise<Prepared> {
  const known = preparing.get(context) ?? new Map<string, Promise<Prepared>>()
  preparing.set(context, known)
  const key = baseKey(target.host, target.as)
  const running = known.get(key) ?? prepare(context, target)
  known.set(key, running)
  void running.then(({ ok }) => ok || known.delete(key))
  return running
}

async function prepare(context: EngineContext, target: Target): Promise<Prepared> {
  const recorded = context.state.bases.get(baseKey(target.host, target.as))
  const configured = recorded?.base ?? selectHost(context, target.host).ssh.base
  const nonce = createNonce(context)
  const reply = await exchangeSafely(context, target, {
    verb: 'base',
    nonce,
    host: target.host,
    ...(configured === undefined ? {} : { configured }),
  })
  if (reply.kind !== 'complete') return { ok: false, failure: buildExchangeFailure(reply) }
  if (reply.trailer.report?.kind === 'refused')
    return baseFailure('no directory of ours is safe and writable there')
  const path = reply.events.flatMap((event) =>
    event.type === 'item' && event.line.kind === 'path' ? [event.line.rest] : [],
  )[0]
  const marker = reply.header.fields['marker']
  const boot = reply.header.fields['boot'] ?? ''
  if (path === undefined || marker === undefined) return baseFailure('the host did not name one')
  const base: Base = {
    place: { base: path, host: target.host, marker },
    boot,
    signals: (reply.trailer.fields['signals'] ?? 'none') as SignalReset,
  }
  const passed =
    recorded === undefined && target.as === undefined
      ? describePassedBase(configured, reply.events)
      : undefined
  if (passed !== undefined) return baseFailure(passed)
  const failure = await seize(context, target, base)
  if (failure !== undefined) return { ok: false, failure }
  if (recorded?.marker !== marker || recorded.base !== path) {
    const as = target.as === undefined ? {} : { as: target.as }
    await context.record({ type: 'base-chosen', host: target.host, base: path, marker, boot, ...as })
  }
  return { ok: true, base }
}

/** The base as it was when the job was intended: what the host says is judged by that. */
export function selectJobBase(base: Base, { boot, marker }: Pick<JobState, 'boot' | 'marker'>): Base {
  return { ...base, boot: boot ?? base.boot, place: { ...base.place, marker: marker ?? base.place.marker } }
}

/** Forgets a base, so that it is chosen anew: the host was restarted or its storage replaced. */
export function forgetBase(context: EngineContext, target: Pick<Target, 'host' | 'as'>): void {
  preparing.get(context)?.delete(baseKey(target.host, target.as))
}

/** Writes the epoch, which also makes the run's private directory. */
async function seize(context: EngineContext, target: Target, { place }: Base): Promise<Failure | undefined> {
  const epoch = await exchangeSafely(context, target, {
    verb: 'epoch',
    nonce: createNonce(context),
    place,
    run: context.run,
    epoch: context.epoch,
  })
  if (epoch.kind !== 'complete') return buildExchangeFailure(epoch)
  const report = epoch.trailer.report
  return report?.kind === 'refused'
    ? { kind: 'base', reason: `the host refused the run: ${report.why}` }
    : undefined
}

function baseFailure(reason: string): Prepared {
  return { ok: false, failure: { kind: 'base', reason } }
}

/** Words for an exchange that brought no answer. */
export function buildExchangeFailure(reply: Exclude<Exchanged, { kind: 'complete' }>): Failure {
  if (reply.kind === 'unreachable') {
    const { kind, message, hint } = reply.failure
    return { kind: 'unreachable', cause: kind, message, ...(hint === undefined ? {} : { hint }) }
  }
  if (reply.kind === 'elevation-failed') return { kind: 'elevation', reason: reply.reason }
  return { kind: 'unreachable', cause: 'lost', message: `the connection was lost: ${reply.reason}` }
}
