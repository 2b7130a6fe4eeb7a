import { describe, expect, test } from 'vitest'
import { SecretRef } from '../../../src/core/expr/value.ts'
import { resolveParams } from '../../../src/core/plan/resolve-params.ts'
import { parseRunbook } from '../../../src/core/runbook/parse-runbook.ts'
import { EXAMPLE, inventoryOf, sha256 } from '../inventory/inventory-builder.ts'
import { bookOf } from './plan-builder.ts'

function resolve(declared: string, given: { readonly [name: string]: unknown } = {}) {
  const text = bookOf('', `params:\n  ${declared.trim().replaceAll('\n', '\n  ')}\n`)
  const runbook = parseRunbook(text, 'book.md', sha256(text))
  return resolveParams({
    params: runbook.value.params,
    given,
    inventory: inventoryOf(EXAMPLE),
    file: 'book.md',
    missing: 'error',
  })
}

describe('values of parameters', () => {
  test.each<[string, unknown, unknown]>([
    ['a: { type: int, min: 5 }', '7', 7n],
    ['a: { type: int }', 7, 7n],
    ['a: { type: bool }', 'yes', true],
    ['a: { type: enum, choices: [x, y] }', 'y', 'y'],
    ['a: { type: duration, max: 10m }', '5m', '5m'],
    ['a: { type: host }', 'msg2', 'msg2'],
    ['a: { type: version }', '2.2.12', '2.2.12'],
    ['a: { type: secret }', 'secret:probe', new SecretRef('probe')],
    ['a: { type: list }', 'x, y', ['x', 'y']],
    ['a: { type: list }', '["x", 1]', ['x', 1n]],
    ['a: { type: map }', 'x=1,y=b', { x: '1', y: 'b' }],
    ['a: { type: map }', '{"x": 1}', { x: 1n }],
    ['a: { type: string, pattern: "[a-z]+" }', 'abc', 'abc'],
    ['a: { type: url }', 'https://x/y', 'https://x/y'],
  ])('%s given %j', (declared, given, expected) => {
    const { value, diagnostics } = resolve(declared, { a: given })
    expect(diagnostics).toEqual([])
    expect(value.values.a).toEqual(expected)
  })

  test.each<[string, unknown, string]>([
    ['a: { type: int, min: 5 }', '4', 'below 5'],
    ['a: { type: int }', '4.5', 'whole number'],
    ['a: { type: int }', '', 'whole number'],
    ['a: { type: bool }', 'maybe', 'true or false'],
    ['a: { type: enum, choices: [x, y] }', 'z', 'none of x, y'],
    ['a: { type: duration, max: 10m }', '11m', 'above 10m'],
    ['a: { type: host }', 'msg9', 'no host `msg9`'],
    ['a: { type: ident }', 'a-b', 'letters, digits'],
    ['a: { type: secret }', 'hunter2', 'by reference only'],
    ['a: { type: secret }', 'secret:prob', 'no secret `prob`'],
    ['a: { type: string, pattern: "[a-z]+" }', 'abc1', 'does not match'],
    ['a: { type: string }', 'a\0b', 'NUL'],
    ['a: { type: path }', 'a\nb', 'one line'],
    ['a: { type: map }', 'x', 'map is wanted'],
  ])('%s refuses %j', (declared, given, words) => {
    const { value, diagnostics } = resolve(declared, { a: given })
    expect(diagnostics).toMatchObject([{ code: 'HR4103', message: expect.stringContaining(words) }])
    expect(diagnostics[0]!.message).not.toContain('hunter2')
    expect(value.missing).toEqual(['a'])
  })
})

describe('derived and default values', () => {
  test('may use other parameters and the inventory, in any order', () => {
    const { value, diagnostics } = resolve(`
c: { type: string, value: "{{ a }}-{{ params.b }}" }
b: { type: int, value: "{{ a + 1 }}" }
a: { type: int, default: "{{ inventory.vars.limit }}" }
d: { type: list, value: "{{ inventory.hosts.map(h, h.name) }}" }`)
    expect(diagnostics).toEqual([])
    expect(value.values).toEqual({ a: 5n, b: 6n, c: '5-6', d: ['msg1', 'msg2', 'msg3'] })
  })

  test('of a parameter that is missing are missing too, and only it is reported', () => {
    const { value, diagnostics } = resolve('a: { type: int }\nb: { type: int, value: "{{ a + 1 }}" }')
    expect(value.missing).toEqual(['a', 'b'])
    expect(diagnostics).toMatchObject([{ code: 'HR4104', hint: 'Give it with -p a=…' }])
  })

  test('in a circle are refused', () => {
    const { diagnostics } = resolve('a: { type: int, value: "{{ b }}" }\nb: { type: int, value: "{{ a }}" }')
    expect(diagnostics.map((each) => each.code)).toEqual(['HR4105'])
  })

  test('of secrets without a source are asked for by the parameter’s name', () => {
    const { value, diagnostics } = resolve('sudo: { type: secret }\nfresh: { type: secret, new: true }')
    expect(diagnostics).toEqual([])
    expect(value.values).toEqual({ sudo: new SecretRef('sudo'), fresh: new SecretRef('fresh') })
    expect(value.asked).toEqual([{ name: 'fresh', isNew: true }])
  })

  test('names that do not exist or are derived cannot be given', () => {
    const { diagnostics } = resolve('abc: { type: int, value: "{{ 1 }}" }', { abd: '1', abc: '2' })
    expect(diagnostics).toMatchObject([{ code: 'HR4101', hint: 'Did you mean `abc`?' }, { code: 'HR4102' }])
  })
})
