import type { Host, Inventory } from './model.ts'

/** Names that mean something in a selector or as a prober's origin, and so name nothing else. */
export const RESERVED_SELECTOR_NAMES: ReadonlySet<string> = new Set([
  'and',
  'or',
  'not',
  'local',
  'all',
  'peer',
  'other-dc',
])

/** What the names of an inventory select. */
export type NameIndex = {
  /** Hosts, roles, datacenters, racks and tags. */
  readonly names: ReadonlyMap<string, ReadonlySet<Host>>
  /** `role.flag` → hosts where it is true. */
  readonly flags: ReadonlyMap<string, ReadonlySet<Host>>
  /** Flag → roles that have it. */
  readonly rolesOfFlag: ReadonlyMap<string, readonly string[]>
}

const indexes = new WeakMap<Inventory, NameIndex>()

/** The names of an inventory; worked out once. */
export function indexNames(inventory: Inventory): NameIndex {
  const known = indexes.get(inventory)
  if (known !== undefined) return known
  const names = new Map<string, Set<Host>>()
  const flags = new Map<string, Set<Host>>()
  const rolesOfFlag = new Map<string, Set<string>>()
  for (const dc of inventory.datacenters) for (const name of [dc.name, ...dc.racks]) add(names, name)
  for (const host of inventory.hosts) {
    const own = [host.name, host.dc, host.rack, ...Object.keys(host.roles), ...host.tags]
    for (const name of own) if (name !== undefined) add(names, name, host)
    for (const [role, values] of Object.entries(host.roles))
      for (const [flag, value] of Object.entries(values)) {
        if (typeof value !== 'boolean') continue
        add(flags, `${role}.${flag}`, value ? host : undefined)
        const roles = rolesOfFlag.get(flag) ?? new Set()
        rolesOfFlag.set(flag, roles.add(role))
      }
  }
  const index = {
    names,
    flags,
    rolesOfFlag: new Map([...rolesOfFlag].map(([flag, roles]) => [flag, [...roles]])),
  }
  indexes.set(inventory, index)
  return index
}

function add(map: Map<string, Set<Host>>, name: string, host?: Host): void {
  const hosts = map.get(name) ?? new Set()
  if (host !== undefined) hosts.add(host)
  map.set(name, hosts)
}
