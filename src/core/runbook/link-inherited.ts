import { mergeInherited } from './inherited-options.ts'
import type { Fence, InheritedOptions, Phase, Step } from './model.ts'

/** A step of a called runbook with what the caller passes on as defaults. */
export function passOnToStep(step: Step, passed: InheritedOptions): Step {
  if (Object.keys(passed).length === 0) return step
  const fences = step.fences.map((fence) => passOnToFence(fence, passed))
  return { ...step, options: mergeInherited(passed, step.options), fences }
}

/** A phase of a called runbook with what the caller passes on as defaults. */
export function passOnToPhase(phase: Phase, passed: InheritedOptions): Phase {
  if (Object.keys(passed).length === 0) return phase
  const options = mergeInherited(passed, phase.options)
  const fixtures = phase.fixtures.map((fence) => passOnToFence(fence, passed))
  return { ...phase, options, fixtures, when: options.when ?? [] }
}

/** The part of inherited options that a fence carries itself. */
function passOnToFence(
  fence: Fence,
  { as, timeoutMs, idleTimeoutMs, reconnectMs, onTimeout }: InheritedOptions,
): Fence {
  const defaults = {
    ...(as === undefined ? {} : { as }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    ...(reconnectMs === undefined ? {} : { reconnectMs }),
    ...(onTimeout === undefined ? {} : { onTimeout }),
  }
  return { ...fence, options: { ...defaults, ...fence.options } }
}
