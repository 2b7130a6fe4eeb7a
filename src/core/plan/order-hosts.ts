import type { Host } from '../inventory/model.ts'
import type { By, Danger, Order } from '../runbook/model.ts'
import type { PlanStep } from './model.ts'

/** Hosts in the order of work: group after group of `by`, each in the order that was given. */
export function orderHosts(
  hosts: readonly Host[],
  by: By | undefined,
): { readonly hosts: readonly Host[]; readonly groups: readonly number[] } {
  if (by === undefined) return { hosts, groups: hosts.length === 0 ? [] : [0] }
  const groups = Map.groupBy(hosts, (host) =>
    by === 'dc' ? (host.dc ?? '') : `${host.dc ?? ''}\n${host.rack ?? ''}`,
  )
  const ordered: Host[] = []
  const starts: number[] = []
  for (const group of groups.values()) {
    starts.push(ordered.length)
    ordered.push(...group)
  }
  return { hosts: ordered, groups: starts }
}

/**
 * How the hosts of a step follow each other: as written, else by its danger (read: all at once; change: the
 * first alone, then the rest; disruptive and irreversible: one after the other). A written `batch` without an
 * order asks for that many at a time.
 */
export function decideOrder(
  danger: Danger,
  written: { readonly order?: Order | undefined; readonly batch?: number | undefined },
): PlanStep['order'] {
  if (written.order !== undefined) return written.order
  if (danger === 'read') return 'parallel'
  if (danger === 'change') return 'first-then-parallel'
  return written.batch === undefined || written.batch === 1 ? 'serial' : 'parallel'
}

/** Failures that stop starting further hosts: 1 from `change` up unless written, none when only reading. */
export function decideMaxFailures(danger: Danger, written: number | undefined): number | undefined {
  return written ?? (danger === 'read' ? undefined : 1)
}
