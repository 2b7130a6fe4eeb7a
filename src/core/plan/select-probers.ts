import type { HostName } from '../base/ids.ts'
import { LOCAL_HOST } from '../base/ids.ts'
import type { Host, Inventory } from '../inventory/model.ts'
import { selectHosts } from '../inventory/select-hosts.ts'
import type { ProbeOrigin } from '../runbook/model.ts'

/** Where a probe runs: the host itself, or what `from=` says; empty when no such host is there. */
export function selectProbers(
  from: ProbeOrigin | undefined,
  host: HostName,
  around: { readonly targets: readonly Host[]; readonly inventory: Inventory },
): readonly HostName[] {
  if (from === undefined) return [host]
  if (from.kind === 'local') return [LOCAL_HOST]
  const { targets, inventory } = around
  if (from.kind === 'selector')
    return selectHosts(from.selector, inventory, '').value.map((each) => each.name)
  const own = inventory.hosts.find((each) => each.name === host)
  const others = targets.filter((each) => each.name !== host && each.name !== LOCAL_HOST)
  const elsewhere = others.filter((each) => each.dc !== own?.dc)
  const nearest =
    from.kind === 'peer' ? [...others.filter((each) => each.dc === own?.dc), ...elsewhere] : elsewhere
  return nearest.slice(0, 1).map((each) => each.name)
}
