import type { Diagnostic } from '../base/diagnostic.ts'
import { diagnosticAt } from '../base/place.ts'
import type { Expression, Scope } from '../expr/value.ts'
import type { Fence } from '../runbook/model.ts'
import { hostStepScope } from './host-step-scope.ts'
import type { HostStepRequest, HostStepWork, Plan, RenderHostStep } from './model.ts'
import { planSource, stepSource } from './plan-source.ts'
import type { PlanSource, StepSource } from './plan-source.ts'
import type { FenceContext } from './render-fence.ts'
import { renderAction, renderFixture, renderProbe } from './render-fence.ts'

/**
 * Renders one step for one host. Without `late` (a plan) expressions that wait for the run stay as late parts;
 * with it, what must be exact and is not yet becomes `problem`.
 */
export const renderHostStep: RenderHostStep = (plan, request) => renderWithFindings(plan, request).work

/** The same, with the diagnostics of what could not be rendered. */
export function renderWithFindings(
  plan: Plan,
  request: HostStepRequest,
): { readonly work: HostStepWork; readonly diagnostics: readonly Diagnostic[] } {
  const source = planSource(plan)
  return renderFromSource(source, stepSource(source, request.step), request)
}

/** The same, before the plan is complete. */
export function renderFromSource(
  source: PlanSource,
  step: StepSource,
  request: HostStepRequest,
): { readonly work: HostStepWork; readonly diagnostics: readonly Diagnostic[] } {
  const { host, late, prober } = request
  const scope = hostStepScope(source, step, { host, late, prober })
  const diagnostics: Diagnostic[] = []
  const file = step.linked.runbook.path
  const context: FenceContext = {
    source,
    step,
    scope,
    file,
    host,
    ...(late === undefined ? {} : { lateScope: late }),
    ...(prober === undefined ? {} : { prober }),
    diagnostics,
  }
  const skipped =
    late === undefined ? undefined : falseCondition(step.linked.step.options.when ?? [], context)
  const work = renderFences(context, request)
  const [problem] = diagnostics
  return {
    work: {
      ...work,
      ...(skipped === undefined ? {} : { skipped }),
      ...(problem === undefined ? {} : { problem: `${problem.file}:${problem.line}: ${problem.message}` }),
    },
    diagnostics,
  }
}

function renderFences(context: FenceContext, request: HostStepRequest): HostStepWork {
  const fences = context.step.linked.step.fences.filter(
    (fence) => fence.verb !== 'fixture' && holds(fence, context),
  )
  const probes = fences.filter((fence) => PROBES.has(fence.verb))
  const rendered = probes.map((fence, index) => renderProbe(fence, index + 1, context))
  const of = (verb: string) => rendered.filter((probe) => probe.verb === verb)
  const undos = fences.filter((fence) => fence.verb === 'undo')
  const actions = fences.filter((fence) => !PROBES.has(fence.verb) && fence.verb !== 'undo')
  return {
    step: request.step,
    host: request.host,
    fixtures:
      fences.length === 0
        ? []
        : context.step.fixtures
            .filter((fence) => holds(fence, context))
            .map((fence) => renderFixture(fence, context)),
    checks: of('check'),
    requires: of('require'),
    actions: actions.map((fence, index) => renderAction(fence, index + 1, context)),
    verifies: of('verify'),
    undos: undos.map((fence, index) => renderAction(fence, index + 1, context)),
  }
}

const PROBES: ReadonlySet<string> = new Set(['check', 'verify', 'require'])

function holds(fence: Fence, context: FenceContext): boolean {
  return fence.options.when.length === 0 || falseCondition(fence.options.when, context) === undefined
}

/** The first condition that is false; one that waits for the run counts as true in a plan. */
function falseCondition(conditions: readonly Expression[], context: FenceContext): string | undefined {
  const { source, scope } = context
  for (const condition of conditions) {
    if (waits(condition, { late: source.late, scope })) continue
    const result = condition.evaluate(scope)
    if (result.ok && result.value === true) continue
    if (result.ok && result.value === false) return condition.source
    context.diagnostics.push(
      diagnosticAt(context.file, condition.span.start, {
        code: 'HR4006',
        message: `The condition \`${condition.source}\` cannot be told on ${context.host}: ${
          result.ok ? 'it is neither true nor false' : result.message
        }.`,
      }),
    )
  }
  return undefined
}

/** Whether an expression reads a name that is not there yet. */
export function waits(
  expression: Expression,
  { late, scope }: { readonly late: ReadonlySet<string>; readonly scope: Scope },
): boolean {
  return [...expression.roots].some((root) => late.has(root) && scope[root] === undefined)
}
