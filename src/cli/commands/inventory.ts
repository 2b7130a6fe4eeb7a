import { loadInventory } from '../../adapters/files/load-inventory.ts'
import { hashText } from '../../adapters/journal/hash-text.ts'
import { hasErrors } from '../../core/base/diagnostic.ts'
import type { Diagnostic } from '../../core/base/diagnostic.ts'
import { dialAddress } from '../../core/inventory/check-names.ts'
import { checkWaivers, evaluateRules } from '../../core/inventory/evaluate-rules.ts'
import type { Host, Inventory } from '../../core/inventory/model.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { DONE } from '../cli-context.ts'
import { requireArgument } from '../command-input.ts'
import { resolveInventoryPath } from '../lab/open-lab.ts'
import { formatTable } from '../output/format-table.ts'
import { countDiagnostics, explainNext, formatCount, printDiagnostics } from '../output/print-diagnostics.ts'
import { say } from '../output/say.ts'

/** `handrail inventory INV`: validates, lists the hosts and evaluates all rules; touches no host. */
export async function runInventory(context: CliContext): Promise<CommandEnd> {
  const { input, output, json, world } = context
  const path = await resolveInventoryPath(context, requireArgument(input, 0, 'the inventory'))
  const { inventory, rules, diagnostics } = await loadInventory(path, { cwd: world.cwd, hash: hashText })
  const today = world.now().toISOString().slice(0, 10)
  const request = inventory === undefined ? undefined : { rules, inventory, today }
  const findings = request === undefined ? [] : evaluateRules(request)
  const all: readonly Diagnostic[] = [
    ...diagnostics,
    ...(request === undefined ? [] : checkWaivers(request)),
    ...findings.map(({ diagnostic }) => diagnostic),
  ]
  if (json) output.json(buildShape(path, { inventory, rules: rules.length, diagnostics: all }))
  else {
    if (inventory !== undefined) printInventory(inventory, output)
    printDiagnostics(all, output)
  }
  const subject = `${formatCount(inventory?.hosts.length ?? 0, 'host')}, ${formatCount(rules.length, 'rule')}`
  output.tell(say`${subject}: ${countDiagnostics(all)}`, hasErrors(all) ? 'bad' : 'good')
  return hasErrors(all) ? { exitCode: 4, next: explainNext(all) } : DONE
}

function printInventory(inventory: Inventory, output: CliContext['output']): void {
  const { name, environment } = inventory
  output.tell(say`${name} (${environment.name}, ${environment.level})`, 'strong')
  const rows = inventory.hosts.map((host) => [
    host.name,
    host.dc ?? '-',
    host.rack ?? '-',
    formatAddress(host),
    formatRoles(host),
    host.tags.join(' '),
  ])
  const [heading, ...lines] = formatTable([['HOST', 'DC', 'RACK', 'REACHED AT', 'ROLES', 'TAGS'], ...rows])
  if (heading !== undefined) output.tell(heading, 'quiet')
  for (const line of lines) output.tell(line)
}

function formatAddress(host: Host): string {
  const { user, port, jump, transport } = host.ssh
  if (transport === 'local') return 'this machine'
  const at = `${user === undefined ? '' : `${user}@`}${dialAddress(host)}`
  return `${at}${port === undefined || port === 22 ? '' : `:${port}`}${jump === undefined ? '' : ` via ${jump}`}`
}

function formatRoles(host: Host): string {
  return Object.entries(host.roles)
    .map(([role, flags]) => {
      const set = Object.keys(flags).filter((flag) => flags[flag] === true)
      return set.length === 0 ? role : `${role}(${set.join(',')})`
    })
    .join(' ')
}

function buildShape(
  path: string,
  found: { inventory: Inventory | undefined; rules: number; diagnostics: readonly Diagnostic[] },
) {
  const { inventory, rules, diagnostics } = found
  return {
    path,
    name: inventory?.name ?? null,
    environment: inventory?.environment ?? null,
    sha256: inventory?.sha256 ?? null,
    hosts: (inventory?.hosts ?? []).map((host) => ({
      name: host.name,
      dc: host.dc ?? null,
      rack: host.rack ?? null,
      address: dialAddress(host),
      roles: Object.keys(host.roles),
      tags: host.tags,
    })),
    rules,
    diagnostics,
  }
}
