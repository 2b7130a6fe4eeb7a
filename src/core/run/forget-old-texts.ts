import type { Digest, StepId } from '../base/ids.ts'
import type { Question } from './question.ts'
import type { RunState } from './state.ts'

/** Why what was done no longer counts once another text of its step was adopted. */
export const CHANGED_AFTER = 'the step changed after it ran'

/**
 * After a changed plan was adopted: takes back what was asked and confirmed about texts that no longer stand.
 * `before`: the digests of the steps as they were.
 */
export function forgetOldTexts(state: RunState, before: ReadonlyMap<StepId, Digest>): void {
  const changed = new Set<StepId>()
  for (const step of state.steps.values()) {
    if (before.get(step.id) === step.outline.hash) continue
    changed.add(step.id)
    step.confirmed = false
    step.confirmedHosts.clear()
  }
  for (const question of state.questions.values())
    if (isMoot(question, state, changed)) state.questions.delete(question.id)
}

/** Its step or host is gone, or what was to be confirmed reads otherwise now and is asked anew. */
function isMoot({ kind, step, host }: Question, { steps }: RunState, changed: ReadonlySet<StepId>): boolean {
  if (step === undefined) return false
  const found = steps.get(step)
  if (found === undefined || (host !== undefined && !found.hosts.has(host))) return true
  return kind === 'confirm' && changed.has(step)
}
