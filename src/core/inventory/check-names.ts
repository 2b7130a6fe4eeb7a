import type { Node } from 'yaml'
import { suggestHint } from '../base/suggest-name.ts'
import type { Datacenter, Host } from './model.ts'
import { RESERVED_SELECTOR_NAMES } from './name-index.ts'
import type { Placed } from './read-hosts.ts'
import type { YamlReader } from './yaml-reader.ts'
import { complainAt } from './yaml-reader.ts'

type Things = { readonly datacenters: readonly Placed<Datacenter>[]; readonly hosts: readonly Placed<Host>[] }
type Kind = 'host' | 'role' | 'datacenter' | 'rack' | 'tag'

/** Checks what one thing alone cannot show: names that come twice, references to nothing, one machine listed twice. */
export function checkNames(reader: YamlReader, things: Things): void {
  checkKinds(reader, things)
  checkReferences(reader, things)
  checkAddresses(reader, things.hosts)
}

/** A name means one kind of thing, and hosts and datacenters are unique, letter case aside. */
function checkKinds(reader: YamlReader, { datacenters, hosts }: Things): void {
  const kinds = new Map<string, Kind>()
  const unique = new Map<string, string>()
  const claim = (name: string, kind: Kind, node: Node) => {
    if (RESERVED_SELECTOR_NAMES.has(name))
      complainAt(reader, node, { code: 'HR2014', message: `\`${name}\` is reserved and names no ${kind}.` })
    const other = kinds.get(name)
    if (other !== undefined && other !== kind)
      complainAt(reader, node, {
        code: 'HR2013',
        message: `\`${name}\` names a ${other} and a ${kind}.`,
        hint: 'Give one of them another name: a selector could mean either.',
      })
    kinds.set(name, other ?? kind)
  }
  const claimOnce = (name: string, kind: Kind, node: Node) => {
    const key = `${kind} ${name.toLowerCase()}`
    const earlier = unique.get(key)
    if (earlier !== undefined)
      complainAt(reader, node, { code: 'HR2013', message: `The ${kind} \`${earlier}\` is listed twice.` })
    unique.set(key, name)
    claim(name, kind, node)
  }
  for (const dc of datacenters) {
    claimOnce(dc.value.name, 'datacenter', dc.node)
    for (const rack of dc.value.racks) claim(rack, 'rack', dc.part('racks'))
    if (new Set(dc.value.racks).size < dc.value.racks.length)
      complainAt(reader, dc.part('racks'), {
        code: 'HR2013',
        message: `A rack of ${dc.value.name} is listed twice.`,
      })
  }
  for (const host of hosts) {
    claimOnce(host.value.name, 'host', host.node)
    for (const role of Object.keys(host.value.roles)) claim(role, 'role', host.part('roles'))
    for (const tag of host.value.tags) claim(tag, 'tag', host.part('tags'))
  }
}

function checkReferences(reader: YamlReader, { datacenters, hosts }: Things): void {
  const racks = new Map(datacenters.map((dc) => [dc.value.name, dc.value.racks]))
  for (const { value: host, part } of hosts) {
    if (host.dc !== undefined && !racks.has(host.dc))
      complainAt(reader, part('dc'), {
        code: 'HR2015',
        message: `There is no datacenter \`${host.dc}\`.`,
        hint: suggestHint(host.dc, racks.keys()) ?? 'List it under `datacenters:`.',
      })
    else if (host.rack !== undefined && host.dc === undefined)
      complainAt(reader, part('rack'), { code: 'HR2015', message: `${host.name} has a rack but no \`dc\`.` })
    else if (host.rack !== undefined && !racks.get(host.dc!)!.includes(host.rack))
      complainAt(reader, part('rack'), {
        code: 'HR2015',
        message: `${host.dc} has no rack \`${host.rack}\`.`,
        hint: suggestHint(host.rack, racks.get(host.dc!)!) ?? `List it under the racks of ${host.dc}.`,
      })
  }
}

function checkAddresses(reader: YamlReader, hosts: readonly Placed<Host>[]): void {
  const seen = new Map<string, string>()
  for (const { value: host, node } of hosts) {
    if (host.ssh.transport === 'local') continue
    const key = [dialAddress(host), host.ssh.port ?? 22, host.ssh.jump ?? ''].join('\n')
    const other = seen.get(key)
    if (other !== undefined)
      complainAt(reader, node, {
        code: 'HR2019',
        message: `${host.name} and ${other} have the same address, port and jump host.`,
        hint: 'Work meant for two machines would meet on one; correct an address, or list it once with both roles.',
      })
    seen.set(key, host.name)
  }
}

/** Address or alias to dial: `ssh.host`, else private, public, fqdn, name. */
export function dialAddress(host: Host): string {
  return host.ssh.host ?? host.address.private ?? host.address.public ?? host.fqdn ?? host.name
}
