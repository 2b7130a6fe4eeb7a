import { expect, test } from 'vitest'
import { makeFolder, runIn } from './cli-harness.ts'

const INVENTORY = `handrail: 1
name: small
environment: { name: prod-eu, level: production }
connection: { user: ops }
datacenters: [{ name: DC1, racks: [R1] }]
hosts:
  - { name: a1, dc: DC1, rack: R1, address: { private: 192.0.2.1 }, roles: { app: { seed: true } } }
  - { name: a2, dc: DC1, rack: R1, address: { private: 192.0.2.2 }, roles: { app: {} }, ssh: { port: 2222 } }
rules: [rules.yaml]
`
const RULES = `- id: X01
  severity: error
  assert: inventory.hosts.size() >= 3
  message: "only {{ inventory.hosts.size() }} hosts"
  source: Guide, hosts
`

test('hosts are listed and a broken rule ends with 4', async () => {
  const ran = await runIn(makeFolder({ 'inv.yaml': INVENTORY, 'rules.yaml': RULES }), [
    'inventory',
    'inv.yaml',
  ])
  expect(ran.exitCode).toBe(4)
  expect(ran.stdout).toContain('small (prod-eu, production)')
  expect(ran.stdout).toMatch(/^a1 +DC1 +R1 +ops@192\.0\.2\.1 +app\(seed\)$/m)
  expect(ran.stdout).toMatch(/^a2 +DC1 +R1 +ops@192\.0\.2\.2:2222 +app$/m)
  expect(ran.stdout).toContain('rules.yaml:1:1: error HR2102: X01: only 2 hosts')
  expect(ran.last).toBe('Next: correct the errors above; handrail explain HR2102 tells more')
})

test('a waiver makes it a warning, and the JSON says the same', async () => {
  const waived = `${INVENTORY}waive: [{ rule: X01, reason: two are enough, by: Ann, until: 2030-01-02 }]\n`
  const folder = makeFolder({ 'inv.yaml': waived, 'rules.yaml': RULES })
  const ran = await runIn(folder, ['inventory', 'inv.yaml', '--json'])
  expect(ran.exitCode).toBe(0)
  expect(JSON.parse(ran.stdout)).toMatchObject({
    name: 'small',
    hosts: [{ name: 'a1' }, { name: 'a2' }],
    rules: 1,
    diagnostics: [{ severity: 'warning', code: 'HR2102' }],
  })
})

test('an inventory that is wrong ends with 4', async () => {
  const ran = await runIn(makeFolder({ 'inv.yaml': 'handrail: 1\n' }), ['inventory', 'inv.yaml'])
  expect(ran.exitCode).toBe(4)
  expect(ran.stdout).toMatch(/inv\.yaml:1:1: error/)
})
