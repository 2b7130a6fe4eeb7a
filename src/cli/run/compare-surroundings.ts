import type { Host, Inventory } from '../../core/inventory/model.ts'

/**
 * Says what an edited inventory changes without changing a step: how hosts are reached, and where secrets are read.
 * One line each; empty where everything is as the run knows it.
 */
export function compareSurroundings(before: Inventory, after: Inventory): readonly string[] {
  const hosts = new Map(after.hosts.map((host) => [host.name, host]))
  const lines = before.hosts.flatMap((host) => {
    const next = hosts.get(host.name)
    if (next === undefined || describeReach(host) === describeReach(next)) return []
    return [`${host.name}: reached otherwise (${listChanges(host, next)})`]
  })
  for (const [name, source] of after.secrets)
    if (JSON.stringify(before.secrets.get(name)) !== JSON.stringify(source))
      lines.push(`the secret ${name}: read from elsewhere`)
  return lines
}

function selectReach({ address, fqdn, ssh }: Host): Readonly<Record<string, unknown>> {
  return { ...ssh, address: address.private ?? address.public, fqdn }
}

function describeReach(host: Host): string {
  return JSON.stringify(Object.entries(selectReach(host)).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function listChanges(before: Host, after: Host): string {
  const [was, is] = [selectReach(before), selectReach(after)]
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])]
  const changed = keys.filter((key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]))
  return changed.map((key) => `${key} ${tell(was[key])} -> ${tell(is[key])}`).join(', ')
}

function tell(value: unknown): string {
  if (value === undefined) return 'none'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
