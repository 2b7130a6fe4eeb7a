import { buildFailureQuestion } from '../../core/run/build-question.ts'
import type { CheckResult } from '../../core/run/check-result.ts'
import type { EventOf, Outcome } from '../../core/run/events.ts'
import type { Failure } from '../../core/run/failure.ts'
import type { PlanStep } from '../../core/plan/model.ts'
import { requireHostStep, selectPlanStep, type EngineContext } from '../context.ts'
import type { HostPlace } from './step-model.ts'

/** Ends a host-step well (or by a person's word). */
export async function endHost(
  context: EngineContext,
  place: HostPlace,
  end: {
    readonly outcome: Outcome
    readonly by?: string
    readonly reason?: string
    readonly failure?: Failure
  },
): Promise<void> {
  const { step, host, beganMs } = place
  await context.record({
    type: 'host-ended',
    step,
    host,
    durationMs: Math.round(context.clock.monoMs() - beganMs),
    ...end,
  })
}

/** Ends a host-step as failed or unknown, and asks what to do: both durable at once. */
export async function failHost(context: EngineContext, place: HostPlace, failure: Failure): Promise<void> {
  const { step, host, beganMs } = place
  const outcome: Outcome =
    failure.kind === 'unknown' ? 'unknown' : failure.kind === 'cancelled' ? 'cancelled' : 'failed'
  const durationMs = Math.round(context.clock.monoMs() - beganMs)
  await context.record(
    { type: 'host-ended', step, host, outcome, failure, durationMs },
    buildHostQuestion(context, place, failure),
  )
}

/** The question about a host-step that did not succeed. */
export function buildHostQuestion(
  context: EngineContext,
  { step, host }: Pick<HostPlace, 'step' | 'host'>,
  failure: Failure,
): EventOf<'question-asked'> {
  const plan = selectPlanStep(context, step)
  const question = buildFailureQuestion(context.state, context.state.steps.get(step)!, {
    hostStep: requireHostStep(context, step, host),
    failure,
    canLook: plan.repeat !== 'probe-only' && hasProof(plan),
  })
  return { type: 'question-asked', question }
}

/** Whether a step can be proved by looking: a check, a verification, or a file that is read back. */
export function hasProof({ repeat, touches }: PlanStep): boolean {
  const probes = touches.checks + touches.verifies + (repeat === 'probe-only' ? touches.requires : 0)
  return probes > 0 || repeat === 'idempotent'
}

/** The failure that a probe's result is. */
export function buildCheckFailure(worst: CheckResult | undefined): Failure {
  if (worst === undefined) return { kind: 'expression', reason: 'a probe gave no result' }
  const { index, verb, reason = '', expected, actual } = worst
  if (worst.unreachable === true && worst.prober === undefined) {
    return { kind: 'unreachable', cause: 'unreachable', message: reason }
  }
  if (worst.verdict === 'inconclusive') return { kind: 'inconclusive', index, verb, reason }
  return {
    kind: 'check',
    index,
    verb,
    reason,
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
  }
}
