import { createHash } from 'node:crypto'
import type { HashText } from '../../../src/core/base/hash.ts'
import type { Digest } from '../../../src/core/base/ids.ts'
import type { Inventory } from '../../../src/core/inventory/model.ts'
import { parseInventory } from '../../../src/core/inventory/parse-inventory.ts'

export const sha256: HashText = (text) => createHash('sha256').update(text).digest('hex') as Digest

/** The inventory of most tests: three message hosts in two datacenters. */
export const EXAMPLE = `handrail: 1
name: example
environment: { name: example, level: test }
vars:
  lb: { host: lb.example.com }
  limit: 5
connection: { user: ops, identity: ~/.ssh/id_ed25519, jump: bastion.example.com, sudo: { password: "secret:sudo" } }
datacenters:
  - { name: DC1, racks: [RACK1, RACK2] }
  - { name: DC2, racks: [RACK1, RACK2] }
hosts:
  - { name: msg1, dc: DC1, rack: RACK1, address: { private: 192.0.2.11 }, roles: { message: {} } }
  - { name: msg2, dc: DC1, rack: RACK2, address: { private: 192.0.2.12 }, roles: { message: { standby: true } } }
  - { name: msg3, dc: DC2, rack: RACK1, address: { private: 192.0.2.21 }, roles: { message: {} }, ssh: { port: 2222 }, tags: [late] }
secrets:
  probe: { env: PROBE_PASSWORD }
  sudo: { prompt: "sudo password" }
rules: [example-rules.yaml]
`

/** Parses an inventory that must be valid. */
export function inventoryOf(text: string): Inventory {
  const { value, diagnostics } = parseInventory(text, 'inv.yaml', sha256)
  if (value === undefined) throw new Error(diagnostics.map((each) => each.message).join('\n'))
  return value
}
