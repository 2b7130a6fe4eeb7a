import type { Diagnostic } from '../../../src/core/base/diagnostic.ts'
import type { Inventory } from '../../../src/core/inventory/model.ts'
import type { PlanRequest } from '../../../src/core/plan/build-plan.ts'
import { buildPlan } from '../../../src/core/plan/build-plan.ts'
import type { Plan } from '../../../src/core/plan/model.ts'
import { resolveParams } from '../../../src/core/plan/resolve-params.ts'
import { linkRunbook } from '../../../src/core/runbook/link.ts'
import { parseRunbook } from '../../../src/core/runbook/parse-runbook.ts'
import { EXAMPLE, inventoryOf, sha256 } from '../inventory/inventory-builder.ts'

export type PlanOptions = Omit<Partial<PlanRequest>, 'params' | 'linked'> & {
  readonly given?: { readonly [name: string]: unknown }
  readonly inventory?: Inventory
  /** Other runbooks by path. */
  readonly others?: { readonly [path: string]: string }
}

/** Plans a runbook's text; diagnostics of parsing, parameters and plan together. */
export function planOf(
  text: string,
  options: PlanOptions = {},
): { readonly plan: Plan; readonly diagnostics: readonly Diagnostic[] } {
  const { given = {}, inventory = inventoryOf(EXAMPLE), others = {}, ...rest } = options
  const root = parse('book.md', text)
  const linked = linkRunbook(root.value, (path) => {
    const body = others[path]
    return body === undefined ? undefined : parse(path, body).value
  })
  const params = resolveParams({
    params: linked.value.params,
    given,
    inventory,
    file: 'book.md',
    missing: 'warning',
  })
  const built = buildPlan({ linked: linked.value, inventory, params: params.value, hash: sha256, ...rest })
  return {
    plan: built.value,
    diagnostics: [...root.diagnostics, ...linked.diagnostics, ...params.diagnostics, ...built.diagnostics],
  }
}

/** A runbook of a front matter and sections. */
export function bookOf(body: string, front = ''): string {
  return `---\nhandrail: 1\n${front}---\n\n# Book\n\n${body}`
}

function parse(path: string, body: string) {
  return parseRunbook(body, path, sha256(body))
}
