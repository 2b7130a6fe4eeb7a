import { describe, expect, test } from 'vitest'
import { SecretRef } from '../../../src/core/expr/value.ts'
import { hostScope, inventoryScope } from '../../../src/core/inventory/inventory-scope.ts'
import { parseInventory } from '../../../src/core/inventory/parse-inventory.ts'
import { EXAMPLE, inventoryOf, sha256 } from './inventory-builder.ts'

function findings(text: string): string[] {
  return parseInventory(text, 'inv.yaml', sha256).diagnostics.map((each) =>
    `${each.code} ${each.line}:${each.column} ${each.message} ${each.hint ?? ''}`.trim(),
  )
}

describe('a valid inventory', () => {
  test('has hosts in document order with the defaults of the connection', () => {
    const inventory = inventoryOf(EXAMPLE)
    expect(inventory.hosts.map((host) => host.name)).toEqual(['msg1', 'msg2', 'msg3'])
    expect(inventory.hosts[2]!.ssh).toEqual({
      user: 'ops',
      identity: '~/.ssh/id_ed25519',
      jump: 'bastion.example.com',
      sudo: { password: 'sudo' },
      port: 2222,
    })
    expect(inventory.secrets.get('probe')).toEqual({ kind: 'env', variable: 'PROBE_PASSWORD' })
    expect(inventory.ruleFiles).toEqual(['example-rules.yaml'])
    expect(inventory.vars).toEqual({ lb: { host: 'lb.example.com' }, limit: 5n })
  })

  test('gives expressions every field of every host', () => {
    const inventory = inventoryOf(EXAMPLE.replace('limit: 5', 'limit: 5\n  pw: "secret:probe"'))
    const { inventory: root } = inventoryScope(inventory) as never as { inventory: Record<string, never> }
    expect(root.vars).toMatchObject({ pw: new SecretRef('probe') })
    expect(hostScope(inventory, 'msg2')).toMatchObject({
      host: {
        name: 'msg2',
        dc: 'DC1',
        fqdn: '',
        address: { private: '192.0.2.12', public: '' },
        ssh: { host: '192.0.2.12', user: 'ops', port: 22n },
        roles: { message: { standby: true } },
        tags: [],
      },
      dc: { name: 'DC1', racks: ['RACK1', 'RACK2'], hosts: [{ name: 'msg1' }, { name: 'msg2' }] },
      rack: { name: 'RACK2', hosts: [{ name: 'msg2' }] },
    })
    expect(hostScope(inventory, 'local')).toMatchObject({ host: { name: 'local' }, dc: { name: '' } })
  })

  test('needs no more than a version, a name and hosts', () => {
    const inventory = inventoryOf('handrail: 1\nname: small\nhosts: [{ name: a }]\n')
    expect(inventory.environment).toEqual({ name: 'small', level: 'test' })
  })
})

describe('what is wrong is said at its place', () => {
  const head = 'handrail: 1\nname: x\n'
  test.each<[string, string, string]>([
    [
      'an unknown key',
      `${head}hots: []\n`,
      'HR2011 3:1 An inventory has no key `hots`. Did you mean `hosts`?',
    ],
    [
      'an unknown key of a host',
      `${head}hosts:\n  - { name: a, adress: {} }\n`,
      'HR2011 4:16 A host has no key `adress`. Did you mean `address`?',
    ],
    [
      'broken YAML',
      'handrail: 1\nhosts: [\n',
      'HR2010 3:1 This is no valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'no version',
      'name: x\n',
      'HR2012 1:1 An inventory begins with `handrail: 1`. Write `handrail: 1` as its first line.',
    ],
    ['another version', 'handrail: 2\nname: x\n', 'HR2012 1:11 This inventory is of format 2'],
    ['no name', 'handrail: 1\n', 'HR2011 1:1 An inventory needs a `name`.'],
    [
      'a host twice',
      `${head}hosts: [{ name: a, address: { private: "1" } }, { name: A, address: { private: "2" } }]\n`,
      'HR2013 3:57 The host `a` is listed twice.',
    ],
    [
      'one name for two kinds',
      `${head}hosts: [{ name: a, roles: { a: {} } }]\n`,
      'HR2013 3:27 `a` names a host and a role. Give one',
    ],
    ['a reserved name', `${head}hosts: [{ name: peer }]\n`, 'HR2014 3:17 `peer` is reserved'],
    [
      'an unknown datacenter',
      `${head}datacenters: [{ name: DC1 }]\nhosts: [{ name: a, dc: DC2 }]\n`,
      'HR2015 4:24 There is no datacenter `DC2`. Did you mean `DC1`?',
    ],
    [
      'an unknown rack',
      `${head}datacenters: [{ name: DC1, racks: [R1] }]\nhosts: [{ name: a, dc: DC1, rack: RX }]\n`,
      'HR2015 4:35 DC1 has no rack `RX`. Did you mean `R1`?',
    ],
    [
      'a literal password',
      `${head}connection: { password: hunter2 }\n`,
      'HR2016 3:25 connection.password must refer to a secret.',
    ],
    [
      'an unknown secret',
      `${head}vars: { a: { b: "secret:prob" } }\nsecrets: { probe: { env: X } }\n`,
      'HR2017 3:17 There is no secret `prob`. Did you mean `probe`?',
    ],
    [
      'two sources of a secret',
      `${head}secrets: { a: { env: X, file: y } }\n`,
      'HR2011 3:12 The secret a needs exactly one source.',
    ],
    [
      'the same machine twice',
      `${head}hosts: [{ name: a, address: { private: "1" } }, { name: b, address: { private: "1" } }]\n`,
      'HR2019 3:57 b and a have the same address, port and jump host.',
    ],
    [
      'no date',
      `${head}waive: [{ rule: X, reason: r, by: b, until: 2030-02-30 }]\n`,
      'HR2018 3:45 `2030-02-30` is no date.',
    ],
    [
      'an incomplete waiver',
      `${head}waive: [{ rule: X, by: b, until: 2030-02-01 }]\n`,
      'HR2011 3:9 A waiver needs `reason`.',
    ],
    [
      'a number for a text',
      `${head}hosts: [{ name: 5 }]\n`,
      'HR2011 3:17 A host\'s name must be a text. Write it in quotes: "5".',
    ],
    [
      'a bad port',
      `${head}connection: { port: 70000 }\n`,
      'HR2011 3:21 connection.port must be a whole number from 1 to 65535.',
    ],
    [
      'a bad level',
      `${head}environment: { name: x, level: prod }\n`,
      'HR2011 3:32 environment.level cannot be `prod`.',
    ],
    [
      'an option of ssh for an address',
      `${head}hosts: [{ name: a, ssh: { host: "-oProxyCommand=x" } }]\n`,
      'HR2011 3:33 ssh.host cannot be `-oProxyCommand=x`.',
    ],
    ['a name with a slash', `${head}hosts: [{ name: a/b }]\n`, 'HR2011 3:17 A host cannot be named `a/b`.'],
    ['an empty file', '', 'HR2011 1:1 This inventory is empty.'],
  ])('%s', (_, text, expected) => {
    const found = findings(text)
    expect(found.some((each) => each.startsWith(expected)) ? expected : found).toEqual(expected)
    expect(parseInventory(text, 'inv.yaml', sha256).value).toBeUndefined()
  })

  test('a rack name may recur in several datacenters, and one machine may serve two ports', () => {
    const text = `${head}datacenters: [{ name: A, racks: [R] }, { name: B, racks: [R] }]
hosts:
  - { name: a, dc: A, rack: R, address: { private: 127.0.0.1 }, ssh: { port: 2201 } }
  - { name: b, dc: B, rack: R, address: { private: 127.0.0.1 }, ssh: { port: 2202 } }
`
    expect(findings(text)).toEqual([])
  })
})
