import { describe, expect, test } from 'vitest'
import { startOfFile } from '../../../src/core/base/place.ts'
import { checkExpression } from '../../../src/core/expr/check-expression.ts'
import { declareScope } from '../../../src/core/expr/declarations.ts'
import { parseExpression } from '../../../src/core/expr/parse-expression.ts'
import type { Scope } from '../../../src/core/expr/value.ts'
import { SecretRef } from '../../../src/core/expr/value.ts'

const scope: Scope = {
  nofile: 5n,
  params: { nofile: 5n },
  pw: new SecretRef('probe'),
  items: ['b', 'a', 'b'],
  host: { name: 'h1', dc: 'DC1', roles: { message: { seed: true } }, vars: {} },
  hosts: [
    { name: 'h1', dc: 'DC1' },
    { name: 'h2', dc: 'DC2' },
    { name: 'h3', dc: 'DC1' },
  ],
  captures: { schema: { h1: 'a', h2: 'a' } },
}

function parse(source: string) {
  const parsed = parseExpression(source, startOfFile('t.md'))
  expect(parsed.diagnostics).toEqual([])
  return parsed.value!
}

describe('values of expressions', () => {
  test.each<[string, unknown]>([
    ['nofile + 1', 6n],
    ['params.nofile == nofile', true],
    ['captures.schema.map(h, captures.schema[h]).distinct().size() == 1', true],
    ['items.distinct().sort().join(",")', 'a,b'],
    ['[3, 1, 2].sort()', [1n, 2n, 3n]],
    ['[3, 1].join("-")', '3-1'],
    ['hosts.map(h, h.dc).countBy()', { DC1: 2n, DC2: 1n }],
    ['toMap(hosts.map(h, [h.name, h.dc]))["h2"]', 'DC2'],
    ['parseJson("{\\"a\\": [1, 2.5, null]}").a', [1n, 2.5, null]],
    ['version("2.2.8") < version("2.2.12")', true],
    ['version("4.0-rc1") < version("4.0")', true],
    ['version("4.0") == version("4.0.0")', true],
    ['version("1.8.0_292") >= version("1.8.0_92")', true],
    ['version("v4.1") > version("3.11")', true],
    ['["2.2.12", "2.2.8"].map(v, version(v)).sort()', ['2.2.8', '2.2.12']],
    ['"message" in host.roles && host.roles.message.seed', true],
    ['has(host.vars.port) ? host.vars.port : 22', 22n],
    ['"aaa".matches("^a+$")', true],
    ['pw', new SecretRef('probe')],
  ])('%s', (source, expected) => {
    const evaluated = parse(source).evaluate(scope)
    expect(evaluated).toMatchObject({ ok: true })
    expect(evaluated.ok && evaluated.value).toEqual(expected)
  })

  test.each([
    ['hosts[9].name', 'index'],
    ['host.vars.port', 'No such key'],
    ['string(pw)', 'overload'],
    ['pw + "x"', 'overload'],
    ['pw.name', 'No such key'],
    ['missing', 'Unknown variable'],
    ['toMap([["a", 1], ["a", 2]])', 'twice'],
    ['ident("a b")', 'not an identifier'],
    ['ident("-rf")', 'not an identifier'],
    ['parseJson("{")', 'not JSON'],
    ['["a", 1].sort()', 'one kind'],
    ['timestamp("2020-01-01T00:00:00Z")', 'cannot be written'],
    ['"x".matches("(")', 'invalid regular expression'],
    ['constructor', 'Unsupported'],
  ])('%s is refused without being thrown', (source, words) => {
    const evaluated = parse(source).evaluate(scope)
    expect(evaluated).toMatchObject({ ok: false, message: expect.stringContaining(words) })
  })

  test('a regular expression that blows up a backtracking engine takes linear time', () => {
    const evaluated = parse('("a".matches("x") || text.matches("^(a+)+$"))').evaluate({
      text: `${'a'.repeat(5000)}!`,
    })
    expect(evaluated).toEqual({ ok: true, value: false })
  })

  test('roots leave out the variables of macros', () => {
    expect([...parse('hosts.map(h, h.name + captures.x[h.name]) + [dc.name]').roots]).toEqual([
      'hosts',
      'captures',
      'dc',
    ])
  })
})

describe('places of errors', () => {
  test.each([
    ['a and b', 'HR1001', 3, '&&'],
    ['a = 1', 'HR1001', 4, '=='],
    ['  ', 'HR1003', 1, 'CEL'],
  ])('%s', (source, code, column, hint) => {
    const { diagnostics } = parseExpression(source, startOfFile('t.md'))
    expect(diagnostics[0]).toMatchObject({ code, line: 1, hint: expect.stringContaining(hint) })
    expect(Math.abs(diagnostics[0]!.column - column)).toBeLessThanOrEqual(1)
  })

  test('a place on a later line counts from the indent', () => {
    const place = { file: 't.md', start: { line: 10, column: 20, offset: 300 }, indent: 2 }
    const { diagnostics } = parseExpression('a +\n  b c', place)
    expect(diagnostics[0]).toMatchObject({ line: 11, column: 7 })
  })

  test('five nested loops are refused', () => {
    const source = 'l.map(a, l.map(b, l.map(c, l.map(d, l.map(e, 1)))))'
    expect(parseExpression(source, startOfFile('t.md')).diagnostics[0]?.code).toBe('HR1004')
  })
})

describe('checks before anything runs', () => {
  const declarations = declareScope({
    params: [
      { name: 'nofile', type: 'int' },
      { name: 'pw', type: 'secret' },
    ],
    captures: ['schema'],
    host: true,
    late: true,
  })
  const check = (source: string, expected?: 'bool') =>
    checkExpression(parse(source), declarations, {
      file: 't.md',
      ...(expected === undefined ? {} : { expected }),
    })

  test.each([
    ['nofil > 1', 'HR1002', 1, '`nofile`'],
    ['1 + params.nofil', 'HR1002', 12, '`nofile`'],
    ['host.nme', 'HR1002', 6, '`name`'],
    ['hosts.exists(h, h.dcc == "x")', 'HR1002', 19, '`dc`'],
    ['run.dri', 'HR1002', 5, '`dir`'],
    ['captures.shema', 'HR1002', 10, '`schema`'],
    ['nofile == "x"', 'HR1005', 1, undefined],
    ['nofile.size()', 'HR1005', undefined, undefined],
    ['string(pw)', 'HR1005', undefined, undefined],
  ])('%s', (source, code, column, hint) => {
    const [first] = check(source)
    expect(first).toMatchObject({ code, severity: 'error', file: 't.md' })
    if (column !== undefined) expect(first?.column).toBe(column)
    if (hint !== undefined) expect(first?.hint).toContain(hint)
  })

  test.each([
    'host.vars.anything.at.all == 3',
    'inventory.hosts.filter(h, h.dc == dc.name && "message" in h.roles).size() >= 1',
    'captures.schema.map(h, captures.schema[h]).distinct().size() == 1',
    'host == prober || host in hosts',
    'inventory.datacenters.all(d, d.hosts.size() > 0)',
    'inventory.environment.level == "lab"',
    'version(inventory.vars.v) >= version("2.2")',
  ])('%s is fine', (source) => {
    expect(check(source, 'bool')).toEqual([])
  })

  test('a condition must be true or false', () => {
    expect(check('nofile + 1', 'bool')[0]).toMatchObject({ code: 'HR1005' })
  })
})
