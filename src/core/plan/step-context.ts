import type { Diagnostic } from '../base/diagnostic.ts'
import type { HostName, StepId } from '../base/ids.ts'
import type { Scope, Value } from '../expr/value.ts'
import type { Host, Inventory } from '../inventory/model.ts'
import type { LinkedRunbook } from '../runbook/linked-runbook.ts'
import type { Digester } from './plan-digest.ts'

/** What the steps of a plan share while it is built. */
export type StepContext = {
  readonly linked: LinkedRunbook
  readonly inventory: Inventory
  readonly scope: Scope
  readonly late: ReadonlySet<string>
  readonly digester: Digester
  /** Steps that are left out, with the reason. */
  readonly limited: ReadonlyMap<StepId, string>
  /** Hosts that may be worked on; absent: all. */
  readonly limit: ReadonlySet<HostName> | undefined
  /** Hosts by selector's text: many steps have the same. */
  readonly selections: Map<string, readonly Host[]>
  /** `hosts` of a step by its targets. */
  readonly hostLists: Map<readonly Host[], Value>
  readonly diagnostics: Diagnostic[]
}
