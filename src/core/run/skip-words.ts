import { isSkippedEverywhere, workHosts } from './settled.ts'
import type { StepState } from './state.ts'

type Skip = NonNullable<StepState['skipped']>

/** Why a step is not done: as it happened, else as the plan has it, before the run has come to it. */
export function selectSkip(step: StepState): Skip | undefined {
  const { skipped, outline } = step
  if (skipped !== undefined) return skipped
  if (outline.skipped !== undefined) return { by: outline.skipped.kind, detail: outline.skipped.detail }
  if (!isSkippedEverywhere(step)) return undefined
  const reasons = workHosts(step).flatMap(({ reason }) => (reason === undefined ? [] : [reason]))
  return { by: 'person', detail: [...new Set(reasons)].join('; ') }
}

/** Why a step shows no state, in a person's words. */
export function describeSkip({ by, detail }: Skip): string {
  if (by === 'person') return `skipped by a person: ${detail}`
  if (by === 'no-host') return `no host: ${detail}`
  if (by === 'limit') return `left out: ${detail}`
  return `not needed: ${detail}`
}

/** The same in one or two words. */
export function nameSkip({ by }: Skip): string {
  if (by === 'person') return 'skipped'
  if (by === 'no-host') return 'no host'
  return by === 'limit' ? 'left out' : 'not needed'
}
