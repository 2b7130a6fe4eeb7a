import type { FirstValues } from '../../adapters/journal/run-store.ts'
import type { Digest } from '../../core/base/ids.ts'
import { SecretRef } from '../../core/expr/value.ts'
import type { Value } from '../../core/expr/value.ts'
import type { RunOptions } from '../../core/run/events.ts'
import { buildPlanOutline } from '../../core/run/build-plan-outline.ts'
import type { Plan } from '../../core/plan/model.ts'
import type { PlanOutline } from '../../core/run/outline.ts'
import type { CommandInput } from '../command-input.ts'
import type { PlanInputs, PreparedPlan } from '../prepare/prepare-plan.ts'

/** Digests of everything that a plan can be made again from; all are durable. */
export type StoredPlan = {
  readonly outline: PlanOutline
  readonly outlineDigest: Digest
  readonly snapshot: Digest
  readonly inputs: Digest
}

/** Keeps the outline, the files and the inputs of a plan with the run. */
export async function storePlan(prepared: PreparedPlan, values: FirstValues): Promise<StoredPlan> {
  const outline = buildPlanOutline(prepared.plan)
  return {
    outline,
    outlineDigest: await values.putValue(JSON.stringify(outline)),
    snapshot: await values.saveSnapshot(prepared.files),
    inputs: await values.putValue(JSON.stringify(prepared.inputs, jsonValue)),
  }
}

/** Reads back what {@link storePlan} kept. */
export function parseInputs(text: string): PlanInputs {
  return JSON.parse(text) as PlanInputs
}

/** A value as the journal holds it: secrets by name, whole numbers as numbers where they are exact. */
export function describeValue(value: Value): unknown {
  return JSON.parse(JSON.stringify(value, jsonValue)) as unknown
}

/** A parameter of a plan as the journal holds it; null where it has no value. */
export function describeParam({ params }: Plan, name: string): unknown {
  const found = params[name]
  return found === undefined ? null : describeValue(found)
}

function jsonValue(_: string, value: unknown): unknown {
  if (value instanceof SecretRef) return `secret:${value.name}`
  if (typeof value !== 'bigint') return value
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
}

/** The options of a run that its journal tells. */
export function readRunOptions(input: CommandInput, { only, from, limit }: PlanInputs): RunOptions {
  const approve = input.text('approve') as RunOptions['approve']
  const ref = input.text('ref')
  const overrideNeeds = input.text('overrideNeeds')
  return {
    ...(approve === undefined ? {} : { approve }),
    onFailure: input.text('onFailure') === 'stop' ? 'stop' : 'ask',
    ...(only === undefined ? {} : { only }),
    ...(from === undefined ? {} : { from }),
    ...(limit === undefined ? {} : { limit }),
    ...(ref === undefined ? {} : { ref }),
    ...(overrideNeeds === undefined ? {} : { overrideNeeds }),
  }
}
