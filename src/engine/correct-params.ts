import { decideCorrection, type CorrectionIntent } from '../core/run/decide-correction.ts'
import type { Decision } from '../core/run/decision.ts'
import { usePlan, type EngineContext } from './context.ts'
import type { WorkPool } from './work-pool.ts'

/** Makes the plan anew with corrected parameters and goes by it from now on, unless something still runs. */
export async function correctParams(
  context: EngineContext,
  pool: WorkPool,
  intent: CorrectionIntent,
): Promise<Decision> {
  const { planner } = context
  if (planner === undefined) return refuse('parameters cannot be corrected here')
  if (!(await isAtRest(pool))) return refuse(STILL_RUNS, WAIT)
  const replanned = await planner.correct(intent.values)
  if (!replanned.ok) return { ok: false, refusal: replanned.refusal }
  // While it was planned somebody may have let the run go on.
  if (!(await isAtRest(pool)) || pool.size() > 0) return refuse(STILL_RUNS, WAIT)
  const decision = decideCorrection(context.state, intent, replanned.corrected)
  if (!decision.ok) return decision
  // Nothing runs, and nothing begins before the record is durable: an intent that lets the run go on comes after it.
  usePlan(context, replanned.plan)
  await context.record(...decision.events)
  replanned.adopted()
  return decision
}

/** Work that touches no host: it only records, and is over when that is durable. */
const RECORDING = new Set(['confirm-run', 'confirm-step', 'skip-step', 'exclude-host', 'ask', 'ask-about'])

/** Whether nothing is under way on a host; what is being recorded, such as a question, is waited for. */
async function isAtRest(pool: WorkPool): Promise<boolean> {
  while (pool.size() > 0) {
    if (!pool.keys().every((key) => RECORDING.has(key.split(' ')[0] ?? ''))) return false
    await pool.settle()
  }
  return true
}

const STILL_RUNS = 'something still runs on a host'
const WAIT = 'wait until it has settled, then correct'

function refuse(message: string, hint?: string): Decision {
  return { ok: false, refusal: hint === undefined ? { message } : { message, hint } }
}
