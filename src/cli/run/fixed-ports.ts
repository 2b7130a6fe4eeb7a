import { hashText } from '../../adapters/journal/hash-text.ts'
import { evaluateCelProbe } from '../../core/plan/evaluate-cel-probe.ts'
import { renderHostStep } from '../../core/plan/render-host-step.ts'
import type { EnginePorts } from '../../engine/context.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'

/** The ports that are the same for a run and for looking at hosts without one. */
export const FIXED_PORTS = {
  clock: SYSTEM_CLOCK,
  hash: hashText,
  renderStep: renderHostStep,
  evaluateCel: evaluateCelProbe,
} satisfies Partial<EnginePorts>
