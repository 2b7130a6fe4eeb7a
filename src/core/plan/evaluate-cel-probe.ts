import type { Expression, Scope } from '../expr/value.ts'
import type { Fence } from '../runbook/model.ts'
import { hostStepScope } from './host-step-scope.ts'
import type { EvaluateCelProbe } from './model.ts'
import { planSource, stepSource } from './plan-source.ts'

/** Evaluates a condition across hosts with what the run knows by now; its text is that of the probe's body. */
export const evaluateCelProbe: EvaluateCelProbe = (plan, request) => {
  const source = planSource(plan)
  const step = stepSource(source, request.step)
  const { host, prober, late } = request
  const scope: Scope = hostStepScope(source, step, { host, prober, late })
  const expression = findExpression(step.linked.step.fences, request.source)
  if (expression === undefined) return { ok: false, message: 'this condition is not one of the step' }
  const result = expression.evaluate(scope)
  if (!result.ok) return result
  if (typeof result.value === 'boolean') return { ok: true, value: result.value }
  return { ok: false, message: 'it is neither true nor false' }
}

function findExpression(fences: readonly Fence[], source: string): Expression | undefined {
  for (const fence of fences) {
    if (fence.language !== 'cel') continue
    const [part] = fence.body.parts
    if (part?.kind === 'expression' && part.expression.source.trim() === source.trim()) return part.expression
  }
  return undefined
}
