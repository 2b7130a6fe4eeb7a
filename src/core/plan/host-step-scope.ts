import type { Scope, Value } from '../expr/value.ts'
import { hostScope } from '../inventory/inventory-scope.ts'
import type { PlanSource, StepSource } from './plan-source.ts'

/** Names that differ from host to host. */
export const HOST_ROOTS: ReadonlySet<string> = new Set(['host', 'dc', 'rack', 'prober', 'captured'])

/**
 * What expressions see on one host of a step: parameters, `inventory`, `hosts`, `host`, `dc`, `rack`, and what
 * the run knows by now. The parameters are inherited, not copied: this is made for every host-step.
 */
export function hostStepScope(
  source: PlanSource,
  step: StepSource,
  at: { readonly host: string; readonly prober?: string | undefined; readonly late?: Scope | undefined },
): Scope {
  const scope: { [root: string]: Value } = Object.create(source.scope)
  scope.hosts = step.hostsValue
  Object.assign(scope, at.late, hostScope(source.inventory, at.host))
  if (at.prober !== undefined) scope.prober = hostScope(source.inventory, at.prober).host!
  return scope
}
