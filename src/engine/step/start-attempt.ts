import { brandAs, type AttemptId } from '../../core/base/ids.ts'
import { requireHostStep, selectPlanStep, type EngineContext } from '../context.ts'
import type { HostPlace } from './step-model.ts'

/** Letters and digits of an attempt's id: 16 of 36 kinds are 82 random bits, unique over all runs and machines. */
const ATTEMPT_ID_LENGTH = 16

/** Begins a new attempt, durably. `keepsDone` goes on after the actions that already ended well. */
export async function startAttempt(
  context: EngineContext,
  { step, host }: HostPlace,
  how: { readonly kind: 'action' | 'undo'; readonly keepsDone: boolean },
): Promise<void> {
  const { attempts } = requireHostStep(context, step, host)
  const attempt = brandAs<AttemptId>(context.clock.randomToken(ATTEMPT_ID_LENGTH))
  const stepHash = selectPlanStep(context, step).hash
  await context.record({
    type: 'attempt-started',
    step,
    host,
    attempt,
    number: attempts + 1,
    stepHash,
    ...how,
  })
}
