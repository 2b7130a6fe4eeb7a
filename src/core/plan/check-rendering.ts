import type { Diagnostic } from '../base/diagnostic.ts'
import { HOST_ROOTS } from './host-step-scope.ts'
import type { Plan } from './model.ts'
import { rootsOf } from './plan-digest.ts'
import type { PlanSource } from './plan-source.ts'
import { renderFromSource } from './render-host-step.ts'

/**
 * Most host-steps that are rendered while a plan is built, to find expressions that fail: about a third of a
 * second. What is not looked at here is looked at right before it would run, and then nothing of it runs.
 */
const MAX_RENDERED = 10_000

/** Renders what the plan would run, as far as the limit allows, and gives what cannot be rendered, once each. */
export function checkRendering(plan: Plan, source: PlanSource): readonly Diagnostic[] {
  const found = new Map<string, Diagnostic>()
  for (const { step, host } of selectRendered(plan, source)) {
    const rendered = renderFromSource(source, source.steps.get(step.id)!, { step: step.id, host })
    for (const each of rendered.diagnostics) {
      const key = `${each.code} ${each.file}:${each.line}:${each.column}`
      const message = step.hosts.length > 1 ? `On ${host}: ${each.message}` : each.message
      if (!found.has(key)) found.set(key, { ...each, message })
    }
  }
  return [...found.values()]
}

/** The first host of every step; then, where a step differs from host to host, the others. */
function selectRendered(plan: Plan, source: PlanSource) {
  const active = plan.steps.filter((step) => step.skipped === undefined)
  const rendered = active.flatMap((step) => step.hosts.slice(0, 1).map((host) => ({ step, host })))
  for (const step of active) {
    const left = MAX_RENDERED - rendered.length
    const differs = [...rootsOf(source.steps.get(step.id)!)].some((root) => HOST_ROOTS.has(root))
    if (differs && left > 0) rendered.push(...step.hosts.slice(1, 1 + left).map((host) => ({ step, host })))
  }
  return rendered
}
