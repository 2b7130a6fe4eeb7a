import type { Digest, StepId } from '../base/ids.ts'
import { nameSome, selectFitting } from '../journal/name-some.ts'
import { comparePlans, type PlanChange } from './compare-plans.ts'
import type { Decision } from './decision.ts'
import type { EventOf, RunEvent } from './events.ts'
import type { Intent, Refusal } from './intents.ts'
import type { PlanOutline } from './outline.ts'
import { CHANGED_AFTER } from './forget-old-texts.ts'
import type { RunState } from './state.ts'

/** Longest list of changes that one record holds, and its bytes: a record has 4 KiB. */
const CHANGES_NAMED = 30
const CHANGES_BYTES = 1600
/** Bytes of the ids in one record, of those that turn stale and of those that are kept each: as above. */
const IDS_BYTES = 600
/** Longest value that a record shows; all of it is in the inputs, by digest. */
const VALUE_CHARACTERS = 400

/** A plan with other parameters, made from the run's own copies; all that it names is durable. */
export type CorrectedPlan = {
  readonly outline: PlanOutline
  readonly outlineDigest: Digest
  readonly snapshot: Digest
  readonly inputs: Digest
  readonly runbookSha256: Digest
  /** What differs now, what is derived included; secrets stand by their names. */
  readonly params: readonly { readonly name: string; readonly before: unknown; readonly after: unknown }[]
}

export type CorrectionIntent = Extract<Intent, { readonly type: 'correct-params' }>

/** Why parameters cannot be corrected now, before any plan is made anew; undefined: they can. */
export function selectCorrectionRefusal(state: RunState, intent: CorrectionIntent): Refusal | undefined {
  const { status, aborting } = state
  if (intent.reason.trim() === '') return { message: 'a correction needs a reason' }
  if (Object.keys(intent.values).length === 0) return { message: 'nothing is corrected' }
  if (aborting !== undefined) return { message: 'the run is being aborted' }
  if (status === 'open')
    return { message: 'the run is open: parameters are corrected while it is paused', hint: 'pause it first' }
  if (status !== 'draft' && status !== 'paused') return { message: `the run is ${status}` }
  return undefined
}

/** Decides about a correction whose plan was made anew: steps that ran with the old value turn stale. */
export function decideCorrection(state: RunState, intent: CorrectionIntent, next: CorrectedPlan): Decision {
  const refusal = selectCorrectionRefusal(state, intent)
  if (refusal !== undefined) return { ok: false, refusal }
  const changes = comparePlans(state, next.outline)
  const held = changes.filter(({ kind }) => kind === 'changed while it runs').map(({ step }) => step)
  if (held.length > 0) {
    const message = `${held.join(', ')} has begun under the old value and must settle under it first`
    return { ok: false, refusal: { message, hint: 'answer what is open about it, then correct' } }
  }
  if (next.params.length === 0) return { ok: false, refusal: { message: 'it has that value already' } }
  const { reason, by } = intent
  const corrected = next.params.map(({ name, before, after }): RunEvent => ({
    type: 'param-changed',
    name,
    before: shorten(before),
    after: shorten(after),
    reason: reason.trim(),
    by,
  }))
  return { ok: true, events: [...corrected, ...buildAdoption(state, next, { by, changes })] }
}

/** What happens when a run goes by another plan from now on. */
export type Adoption = {
  readonly by: string
  readonly changes: readonly PlanChange[]
  /** What changes beside the steps: how hosts are reached, where secrets are read. */
  readonly surroundings?: readonly string[]
  /** Steps that were edited as well and keep the text that the run has. */
  readonly kept?: readonly StepId[]
}

/**
 * The events by which a run goes by another plan from now on. A record is small: steps that turn stale and that it
 * has no room for are told host by host before it, so that none of them counts as done under a text it never saw.
 */
export function buildAdoption(
  state: RunState,
  next: Omit<CorrectedPlan, 'params' | 'outline'>,
  { by, changes, surroundings = [], kept = [] }: Adoption,
): RunEvent[] {
  const { outlineDigest, snapshot, inputs, runbookSha256 } = next
  const told = [...changes.map(({ step, kind }) => `${step}: ${kind}`), ...surroundings]
  const all = changes.flatMap(({ step, kind }) => (kind === 'changed after it ran' ? [step] : []))
  const stale = selectFitting(all, { sizeBytes: IDS_BYTES })
  const adopted: EventOf<'plan-adopted'> = {
    type: 'plan-adopted',
    outlineDigest,
    snapshot,
    inputs,
    by,
    changes: nameSome(told, { count: CHANGES_NAMED, sizeBytes: CHANGES_BYTES }),
    ...(kept.length === 0 ? {} : { kept: nameSome(kept, { count: CHANGES_NAMED, sizeBytes: IDS_BYTES }) }),
    stale,
    runbookSha256,
  }
  return [...all.slice(stale.length).flatMap((step) => buildStale(state, step)), adopted]
}

function buildStale(state: RunState, step: StepId): RunEvent[] {
  const ended = [...(state.steps.get(step)?.hosts ?? [])].filter(([, { phase }]) => phase === 'ended')
  return ended.map(([host]) => ({ type: 'host-stale', step, host, reason: CHANGED_AFTER }))
}

function shorten(value: unknown): unknown {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.length <= VALUE_CHARACTERS ? value : `${text.slice(0, VALUE_CHARACTERS)}…`
}
