import { describe, expect, test } from 'vitest'
import { startOfFile } from '../../../src/core/base/place.ts'
import { parseSelector } from '../../../src/core/inventory/parse-selector.ts'
import { pickHosts, selectHosts } from '../../../src/core/inventory/select-hosts.ts'
import { inventoryOf } from './inventory-builder.ts'

const inventory = inventoryOf(`handrail: 1
name: x
datacenters: [{ name: DC1, racks: [R1, R2] }, { name: DC2, racks: [R1] }]
hosts:
  - { name: a, dc: DC1, rack: R1, roles: { db: { seed: true }, web: { main: true } }, tags: [old] }
  - { name: b, dc: DC1, rack: R2, roles: { db: { seed: false, main: true } } }
  - { name: c.example, dc: DC1, rack: R1, roles: { web: {} } }
  - { name: d, dc: DC2, rack: R1, roles: { db: {} } }
`)

function select(source: string) {
  const parsed = parseSelector(source, startOfFile('t.md'))
  if (parsed.value === undefined) return parsed.diagnostics
  const selected = selectHosts(parsed.value, inventory, 't.md')
  return selected.diagnostics.length > 0
    ? selected.diagnostics
    : selected.value.map((host) => host.name).join(' ')
}

describe('a selector', () => {
  test.each([
    ['db', 'a b d'],
    ['all', 'a b c.example d'],
    ['local', 'local'],
    ['local or d', 'local d'],
    ['not db', 'c.example'],
    ['db and not old', 'b d'],
    ['db and DC1 or web and DC1', 'a b c.example'],
    ['db and (DC2 or web)', 'a d'],
    ['not db and web', 'c.example'],
    ['not (db and web)', 'b c.example d'],
    ['R1', 'a c.example d'],
    ['DC1 and R1', 'a c.example'],
    ['db.seed', 'a'],
    ['seed', 'a'],
    ['db and not seed', 'b d'],
    ['web.main', 'a'],
    ['c.example', 'c.example'],
    ['d or a', 'a d'],
    ['db and web and DC2', ''],
  ])('%s', (source, expected) => {
    expect(select(source)).toBe(expected)
  })

  test.each([
    ['dbb', 'HR2002', 1, 'Did you mean `db`?'],
    ['db and webb', 'HR2002', 8, 'Did you mean `web`?'],
    ['main', 'HR2003', 1, '`web.main` or `db.main`'],
    ['a, b', 'HR2001', 1, 'and'],
    ['a b', 'HR2001', 3, 'and'],
    ['a and', 'HR2001', 6, 'name'],
    ['(a or b', 'HR2001', 8, ')'],
    ['a or or b', 'HR2001', 6, 'name'],
    ['', 'HR2001', 1, 'name'],
    ['a && b', 'HR2001', 3, 'and'],
  ])('%s is refused', (source, code, column, hint) => {
    expect(select(source)).toMatchObject([{ code, line: 1, column, hint: expect.stringContaining(hint) }])
  })
})

test.each([
  ['all', 'a b c.example d'],
  ['any', 'a b c.example d'],
  ['first', 'a'],
  ['one-per-dc', 'a d'],
  ['one-per-rack', 'a b d'],
] as const)('pick=%s', (pick, expected) => {
  expect(
    pickHosts(pick, inventory.hosts)
      .map((host) => host.name)
      .join(' '),
  ).toBe(expected)
})
