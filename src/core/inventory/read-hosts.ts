import type { Node } from 'yaml'
import { brandAs } from '../base/ids.ts'
import type { Value } from '../expr/value.ts'
import { isMapValue } from '../expr/value-from-data.ts'
import type { ConnectionOptions, Datacenter, Host } from './model.ts'
import { readConnection } from './read-connection.ts'
import type { YamlReader } from './yaml-reader.ts'
import { complainAt, readData, readEntries, readItems, readText, readVars } from './yaml-reader.ts'

/** Something read, with the node of its name for later findings. */
export type Placed<T> = { readonly value: T; readonly node: Node; readonly part: (key: string) => Node }

const HOST_KEYS = ['name', 'dc', 'rack', 'address', 'fqdn', 'ssh', 'roles', 'tags', 'vars'] as const

/** Reads `datacenters`. */
export function readDatacenters(reader: YamlReader, node: Node | undefined): readonly Placed<Datacenter>[] {
  return readItems(reader, node, 'datacenters').flatMap((item) => {
    const entries = readEntries(reader, item, { what: 'A datacenter', known: ['name', 'racks', 'vars'] })
    const name = readName(reader, entries.get('name')?.node ?? item, 'A datacenter')
    if (name === undefined) return []
    const racks = readItems(reader, entries.get('racks')?.node, 'racks').flatMap(
      (rack) => readName(reader, rack, 'A rack') ?? [],
    )
    const vars = readVars(reader, entries.get('vars')?.node, 'vars')
    const part = (key: string) => entries.get(key)?.node ?? item
    return [{ value: { name, racks, vars }, node: part('name'), part }]
  })
}

/** Reads `hosts`; each gets the inventory's connection with its own `ssh` over it. */
export function readHosts(
  reader: YamlReader,
  node: Node | undefined,
  defaults: ConnectionOptions,
): readonly Placed<Host>[] {
  return readItems(reader, node, 'hosts').flatMap((item) => readHost(reader, item, defaults) ?? [])
}

function readHost(reader: YamlReader, item: Node, defaults: ConnectionOptions): Placed<Host> | undefined {
  const entries = readEntries(reader, item, { what: 'A host', known: HOST_KEYS })
  const part = (key: string) => entries.get(key)?.node ?? item
  const name = readName(reader, part('name'), 'A host')
  const addressEntries = readEntries(reader, entries.get('address')?.node, {
    what: 'address',
    known: ['private', 'public'],
  })
  const address: { private?: string; public?: string } = {}
  for (const key of ['private', 'public'] as const) {
    const text = readText(reader, addressEntries.get(key)?.node, `address.${key}`)
    if (text !== undefined) address[key] = text
  }
  const dc = readText(reader, entries.get('dc')?.node, 'dc')
  const rack = readText(reader, entries.get('rack')?.node, 'rack')
  const fqdn = readText(reader, entries.get('fqdn')?.node, 'fqdn')
  const ssh = readConnection(reader, entries.get('ssh')?.node, 'ssh')
  const host: Omit<Host, 'name'> = {
    ...(dc === undefined ? {} : { dc }),
    ...(rack === undefined ? {} : { rack }),
    address,
    ...(fqdn === undefined ? {} : { fqdn }),
    ssh: { ...defaults, ...ssh },
    roles: readRoles(reader, entries.get('roles')?.node),
    tags: readItems(reader, entries.get('tags')?.node, 'tags').flatMap(
      (tag) => readName(reader, tag, 'A tag') ?? [],
    ),
    vars: readVars(reader, entries.get('vars')?.node, 'vars'),
  }
  if (name === undefined) return undefined
  return { value: { name: brandAs(name), ...host }, node: part('name'), part }
}

function readRoles(reader: YamlReader, node: Node | undefined): Host['roles'] {
  const roles: { [role: string]: { readonly [flag: string]: Value } } = {}
  for (const [role, entry] of readEntries(reader, node, { what: 'roles' })) {
    checkName(reader, entry.keyNode, { what: 'A role', name: role })
    const flags = readData(reader, entry.node)
    if (flags === null) roles[role] = {}
    else if (isMapValue(flags)) roles[role] = flags
    else
      complainAt(reader, entry.node, {
        message: `The flags of the role ${role} must be a map; write {} for none.`,
      })
  }
  return roles
}

function readName(reader: YamlReader, node: Node, what: string): string | undefined {
  const name = readText(reader, node, `${what}'s name`)
  return name === undefined || !checkName(reader, node, { what, name }) ? undefined : name
}

/** Names stand in selectors, in paths on hosts and in lists: letters, digits, `_`, `-` and, for hosts, `.`. */
function checkName(reader: YamlReader, node: Node, { what, name }: { what: string; name: string }): boolean {
  const pattern =
    what === 'A host' ? /^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/ : /^[A-Za-z0-9_][A-Za-z0-9_-]{0,100}$/
  if (pattern.test(name)) return true
  complainAt(reader, node, {
    message: `${what} cannot be named \`${name}\`.`,
    hint: 'Names hold letters, digits, `_` and `-` (hosts also `.`), and begin with a letter or digit.',
  })
  return false
}
