import type { Scope, Value } from '../expr/value.ts'
import { dialAddress } from './check-names.ts'
import type { Datacenter, Host, Inventory } from './model.ts'
import { LOCAL } from './select-hosts.ts'

type Prepared = {
  readonly inventory: Scope
  readonly hosts: ReadonlyMap<string, Scope>
}

const prepared = new WeakMap<Inventory, Prepared>()

/**
 * What expressions see of an inventory: `inventory` with `name`, `environment`, `vars`, `datacenters` and
 * `hosts`. Every record has all its fields; what is left out is an empty text. Worked out once.
 */
export function inventoryScope(inventory: Inventory): Scope {
  return prepare(inventory).inventory
}

/** `host`, `dc` and `rack` of one host; those of `local` are empty. */
export function hostScope(inventory: Inventory, host: Host | string): Scope {
  const name = typeof host === 'string' ? host : host.name
  const { hosts } = prepare(inventory)
  return hosts.get(name) ?? hosts.get(LOCAL.name)!
}

/** Several hosts as a list, with all fields: `hosts` in a step. */
export function hostList(inventory: Inventory, hosts: readonly Host[]): Value {
  return hosts.map((host) => hostScope(inventory, host).host!)
}

function prepare(inventory: Inventory): Prepared {
  const known = prepared.get(inventory)
  if (known !== undefined) return known
  const records = new Map(inventory.hosts.map((host) => [host as Host, hostRecord(host)]))
  records.set(LOCAL, hostRecord(LOCAL))
  const recordsOf = (keep: (host: Host) => boolean) =>
    inventory.hosts.filter(keep).map((host) => records.get(host)!)
  const datacenters = new Map(
    inventory.datacenters.map((dc) => [
      dc.name,
      datacenterRecord(
        dc,
        recordsOf((host) => host.dc === dc.name),
      ),
    ]),
  )
  const racks = new Map<string, Value>()
  const hosts = new Map<string, Scope>()
  for (const [host, record] of records) {
    const dc = host.dc ?? ''
    const rack = host.rack ?? ''
    const key = `${dc}\n${rack}`
    if (!racks.has(key)) {
      const members = rack === '' ? [] : recordsOf((each) => each.dc === host.dc && each.rack === host.rack)
      racks.set(key, { name: rack, dc, hosts: members })
    }
    hosts.set(host.name, { host: record, dc: datacenters.get(dc) ?? NO_DATACENTER, rack: racks.get(key)! })
  }
  const value: Value = {
    name: inventory.name,
    environment: { ...inventory.environment },
    vars: inventory.vars,
    datacenters: [...datacenters.values()],
    hosts: recordsOf(() => true),
  }
  const result = { inventory: { inventory: value }, hosts }
  prepared.set(inventory, result)
  return result
}

const NO_DATACENTER: Value = { name: '', racks: [], vars: {}, hosts: [] }

function datacenterRecord(dc: Datacenter, hosts: readonly Value[]): Value {
  return { name: dc.name, racks: dc.racks, vars: dc.vars, hosts }
}

function hostRecord(host: Host): Value {
  const { address, ssh } = host
  return {
    name: host.name,
    dc: host.dc ?? '',
    rack: host.rack ?? '',
    address: { private: address.private ?? '', public: address.public ?? '' },
    fqdn: host.fqdn ?? '',
    ssh: { host: dialAddress(host), user: ssh.user ?? '', port: BigInt(ssh.port ?? 22) },
    roles: host.roles,
    tags: host.tags,
    vars: host.vars,
  }
}
