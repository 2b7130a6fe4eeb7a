import { diagnosticAt } from '../base/place.ts'
import type { Expression } from '../expr/value.ts'
import type { Host } from '../inventory/model.ts'
import { HOST_ROOTS, hostStepScope } from './host-step-scope.ts'
import type { PlanStep } from './model.ts'
import type { PlanSource, StepSource } from './plan-source.ts'
import type { StepContext } from './step-context.ts'

/**
 * Leaves out hosts on which a step's condition is false. A condition that waits for the run is looked at later;
 * one that reads nothing of the host is looked at once.
 */
export function selectByCondition(
  source: StepSource,
  hosts: readonly Host[],
  context: Pick<StepContext, 'linked' | 'inventory' | 'scope' | 'late' | 'diagnostics'>,
): { readonly hosts: readonly Host[]; readonly skipped?: PlanStep['skipped'] } {
  const plan: PlanSource = { ...context, steps: new Map() }
  let left = hosts
  for (const condition of source.linked.step.options.when ?? []) {
    if ([...condition.roots].some((root) => context.late.has(root))) continue
    const isShared = ![...condition.roots].some((root) => HOST_ROOTS.has(root))
    const tell = (host: Host) => isTrue(condition, host, { source, context, plan })
    const first = left[0]
    if (first === undefined) break
    left = isShared ? (tell(first) ? left : []) : left.filter(tell)
    if (left.length === 0)
      return { hosts: [], skipped: { kind: 'condition', detail: condition.source.trim() } }
  }
  return { hosts: left }
}

type Work = {
  readonly plan: PlanSource
  readonly source: StepSource
  readonly context: Pick<StepContext, 'linked' | 'inventory' | 'scope' | 'late' | 'diagnostics'>
}

/** A condition that cannot be told is an error of the plan; the host stays in it. */
function isTrue(condition: Expression, host: Host, { source, context, plan }: Work): boolean {
  const scope = hostStepScope(plan, source, { host: host.name })
  const result = condition.evaluate(scope)
  if (result.ok && typeof result.value === 'boolean') return result.value
  const reason = result.ok ? 'it is neither true nor false' : result.message
  context.diagnostics.push(
    diagnosticAt(source.linked.runbook.path, condition.span.start, {
      code: 'HR4006',
      message: `The condition \`${condition.source}\` cannot be told on ${host.name}: ${reason}.`,
    }),
  )
  return true
}
