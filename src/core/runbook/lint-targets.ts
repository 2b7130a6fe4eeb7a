import { suggestHint } from '../base/suggest-name.ts'
import type { Inventory } from '../inventory/model.ts'
import { selectHosts } from '../inventory/select-hosts.ts'
import type { Selector } from '../inventory/selector-model.ts'
import type { Findings } from './findings.ts'
import type { Runbook } from './model.ts'
import { listFences, listPhases, listSteps } from './walk-runbook.ts'

/** Reports targets and secrets that the inventory does not have. */
export function lintTargets(runbook: Runbook, inventory: Inventory, findings: Findings): void {
  const selectors = new Set<Selector>()
  for (const { options } of [...listPhases(runbook), ...listSteps(runbook)])
    if (options.on !== undefined) selectors.add(options.on)
  for (const { options, span } of listFences(runbook)) {
    if (options.from?.kind === 'selector') selectors.add(options.from.selector)
    if (options.basic !== undefined && !inventory.secrets.has(options.basic))
      findings.add('HR6301', span.start, unknownSecret(options.basic, inventory))
  }
  for (const selector of selectors)
    findings.addAll(selectHosts(selector, inventory, findings.file).diagnostics)
  for (const param of runbook.params) {
    const name = param.type === 'secret' ? /^secret:(.+)$/.exec(param.default?.source ?? '')?.[1] : undefined
    if (name === undefined || inventory.secrets.has(name)) continue
    findings.add('HR6301', param.default?.span.start ?? param.span.start, unknownSecret(name, inventory))
  }
}

function unknownSecret(name: string, inventory: Inventory) {
  const hint = suggestHint(name, inventory.secrets.keys()) ?? 'declare it under `secrets:`'
  return { message: `the inventory declares no secret \`${name}\``, hint }
}
