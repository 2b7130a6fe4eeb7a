import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { hashText } from '../../src/adapters/journal/hash-text.ts'
import { evaluateRules } from '../../src/core/inventory/evaluate-rules.ts'
import { parseInventory } from '../../src/core/inventory/parse-inventory.ts'
import { parseRules } from '../../src/core/inventory/parse-rules.ts'

const RUNBOOKS = join(import.meta.dirname, '../../runbooks')
const EXAMPLE = readFileSync(join(RUNBOOKS, 'inventory.example.yaml'), 'utf8')
const { value: rules, diagnostics } = parseRules(
  readFileSync(join(RUNBOOKS, 'rules/cassandra.yaml'), 'utf8'),
  'rules/cassandra.yaml',
)

type HostData = {
  name: string
  dc: string
  rack?: string
  address: { private?: string; public?: string }
  roles: { cassandra: { seed?: boolean } }
}
type InventoryData = {
  environment: { level: string }
  vars: { cassandra: Record<string, unknown> }
  datacenters: { name: string; racks: string[] }[]
  hosts: HostData[]
}

/** The rules that an inventory breaks, once something in the example was changed. */
function findBroken(change: (inventory: InventoryData) => void): readonly string[] {
  const data = parse(EXAMPLE) as InventoryData
  change(data)
  const parsed = parseInventory(stringify(data), 'inventory.yaml', hashText)
  if (parsed.value === undefined) throw new Error(JSON.stringify(parsed.diagnostics))
  const findings = evaluateRules({ rules, inventory: parsed.value, today: '2030-01-01' })
  expect(findings.filter(({ message }) => message.includes('cannot be evaluated'))).toEqual([])
  return [...new Set(findings.map(({ rule }) => rule))]
}

function host(inventory: InventoryData, index: number): HostData {
  const found = inventory.hosts[index]
  if (found === undefined) throw new Error('no such host')
  return found
}

const BREAKS: readonly (readonly [string, (inventory: InventoryData) => void])[] = [
  ['V02', (inventory) => inventory.hosts.pop()],
  [
    'V02-two',
    (inventory) => {
      inventory.hosts = inventory.hosts.filter(({ dc }) => dc === 'DC1')
    },
  ],
  ['V03', (inventory) => inventory.datacenters[1]?.racks.push('RACK9')],
  [
    'V03-used',
    (inventory) => {
      for (const each of inventory.datacenters) each.racks.push('RACK4')
    },
  ],
  ['V04', (inventory) => void (host(inventory, 0).rack = 'RACK2')],
  ['V05', (inventory) => void (host(inventory, 0).roles.cassandra = {})],
  [
    'V06',
    (inventory) => {
      for (const each of inventory.hosts) each.roles.cassandra.seed = true
    },
  ],
  ['V07', (inventory) => void (host(inventory, 0).address = { public: '203.0.113.1' })],
  ['V09', (inventory) => void (inventory.vars.cassandra['cluster_name'] = 'Test Cluster')],
  ['V10', (inventory) => void (host(inventory, 2).address.private = '0.0.0.0')],
  [
    'V11',
    (inventory) => Object.assign(host(inventory, 2), { ...host(inventory, 1), name: 'copy', ssh: { port: 23 } }),
  ],
  ['V11-private', (inventory) => void (host(inventory, 2).address.private = '203.0.113.7')],
  ['V12', (inventory) => void (host(inventory, 2).address.public = '203.0.113.7')],
  ['V13', (inventory) => void (inventory.vars.cassandra['version'] = '3.11.4')],
  ['V14', (inventory) => void (inventory.vars.cassandra['java_home'] = '/opt/jre11')],
  ['V14-tokens', (inventory) => void (inventory.vars.cassandra['num_tokens'] = 32)],
  ['V38', (inventory) => void (inventory.vars.cassandra['admin_role'] = 'cassandra')],
  ['V39', (inventory) => void (inventory.vars.cassandra['storage_port'] = 9042)],
]

describe('the rules for Cassandra', () => {
  it('are well formed, and each names its source', () => {
    expect(diagnostics).toEqual([])
    for (const rule of rules) expect(rule.source).toMatch(/^(Multi-datacenter guide|Cassandra documentation), /)
  })

  it('hold for the example', () => expect(findBroken(() => undefined)).toEqual([]))

  it.each(BREAKS)('%s finds what it is for', (rule, change) => expect(findBroken(change)).toContain(rule))

  it('are all tried', () => {
    expect(BREAKS.map(([rule]) => rule)).toEqual(rules.map(({ id }) => id))
  })
})
