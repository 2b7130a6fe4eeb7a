import { loadInventory } from '../../adapters/files/load-inventory.ts'
import { hashText } from '../../adapters/journal/hash-text.ts'
import { hasErrors } from '../../core/base/diagnostic.ts'
import { EnvironmentError, UsageError } from '../../core/base/errors.ts'
import { LOCAL_HOST, type HostName } from '../../core/base/ids.ts'
import { suggestName } from '../../core/base/suggest-name.ts'
import type { Inventory } from '../../core/inventory/model.ts'
import type { Runbook } from '../../core/runbook/model.ts'
import type { CliContext } from '../cli-context.ts'
import { explainNext, printDiagnostics } from '../output/print-diagnostics.ts'
import { buildEmptyPlan, openLooking, type Looking } from '../run/open-looking.ts'

/** Hosts of an inventory for looking at, without a runbook. */
export async function openInventoryHosts(
  context: CliContext,
  names: readonly string[],
): Promise<{ readonly looking: Looking; readonly hosts: readonly HostName[] }> {
  const path = context.input.text('inventory')
  if (path === undefined) throw new UsageError('which hosts? Name an inventory', ['add -i INVENTORY'])
  const { inventory, diagnostics } = await loadInventory(path, { cwd: context.world.cwd, hash: hashText })
  if (inventory === undefined || hasErrors(diagnostics)) {
    printDiagnostics(diagnostics, context.output)
    throw new EnvironmentError(`the inventory ${path} has errors`, [explainNext(diagnostics)], 4)
  }
  const hosts = selectNames(inventory, names)
  const plan = buildEmptyPlan(inventory)
  const root = { ...NO_RUNBOOK, path: '', sha256: plan.digest }
  const linked = { root, runbooks: new Map(), params: [], steps: [], phases: new Map() }
  const inputs = { cwd: context.world.cwd, runbook: '', inventory: path, given: {} }
  const params = { values: {}, missing: [], asked: [] }
  return { looking: openLooking(context, { inputs, plan, inventory, linked, params }), hosts }
}

const NO_RUNBOOK: Omit<Runbook, 'path' | 'sha256'> = {
  text: '',
  version: undefined,
  title: '',
  tags: [],
  params: [],
  needs: [],
  interpreters: new Map(),
  sections: [],
  preamble: [],
}

function selectNames(inventory: Inventory, names: readonly string[]): readonly HostName[] {
  const known = [...inventory.hosts.map(({ name }) => name), LOCAL_HOST]
  if (names.length === 0) return inventory.hosts.map(({ name }) => name)
  return names.map((name) => {
    const host = known.find((each) => each === name)
    if (host !== undefined) return host
    const near = suggestName(name, known)
    throw new UsageError(`the inventory has no host ${name}`, [
      near === undefined ? `handrail inventory ${inventory.path}` : `did you mean ${near}?`,
    ])
  })
}
