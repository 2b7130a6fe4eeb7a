import { describe, expect, test } from 'vitest'
import { checkWaivers, evaluateRules } from '../../../src/core/inventory/evaluate-rules.ts'
import { parseRules } from '../../../src/core/inventory/parse-rules.ts'
import { EXAMPLE, inventoryOf } from './inventory-builder.ts'

const RULES = `- id: X01
  severity: error
  each: inventory.datacenters
  assert: inventory.hosts.filter(h, h.dc == it.name && "message" in h.roles).size() >= 2
  message: "{{ it.name }} has fewer than two message hosts"
  source: Operations guide, Message hosts
- id: X02
  severity: warning
  runbooks: [other.md]
  assert: inventory.vars.limit > 9
  message: limit is {{ inventory.vars.limit }}
  source: Operations guide, Limits
`

function rulesOf(text: string) {
  const parsed = parseRules(text, 'rules.yaml')
  expect(parsed.diagnostics).toEqual([])
  return parsed.value
}

const waive = (until: string) =>
  inventoryOf(`${EXAMPLE}waive: [{ rule: X01, reason: moving, by: Kim, until: ${until} }]\n`)

describe('rules', () => {
  test('say what is violated, where, and which sentence of the documentation asks for it', () => {
    const [finding, ...rest] = evaluateRules({
      rules: rulesOf(RULES),
      inventory: inventoryOf(EXAMPLE),
      runbookFile: 'books/first.md',
      today: '2030-01-01',
    })
    expect(rest).toEqual([])
    expect(finding).toMatchObject({
      rule: 'X01',
      severity: 'error',
      message: 'DC2 has fewer than two message hosts',
      diagnostic: { code: 'HR2102', file: 'rules.yaml', line: 1, hint: 'Operations guide, Message hosts' },
    })
  })

  test('of other runbooks do not count, and all count without a runbook', () => {
    const request = { rules: rulesOf(RULES), inventory: inventoryOf(EXAMPLE), today: '2030-01-01' }
    const of = (runbookFile?: string) =>
      evaluateRules({ ...request, ...(runbookFile === undefined ? {} : { runbookFile }) }).map(
        (each) => each.rule,
      )
    expect(of('x/other.md')).toEqual(['X01', 'X02'])
    expect(of('first.md')).toEqual(['X01'])
    expect(of()).toEqual(['X01', 'X02'])
  })

  test.each([
    ['2030-01-01', 'warning'],
    ['2029-12-31', 'error'],
  ])('a waiver until %s makes it a %s', (until, severity) => {
    const request = {
      rules: rulesOf(RULES),
      inventory: waive(until),
      runbookFile: 'a.md',
      today: '2030-01-01',
    }
    const [finding] = evaluateRules(request)
    expect(finding?.severity).toBe(severity)
    expect(finding?.waiver?.by).toBe(severity === 'warning' ? 'Kim' : undefined)
    expect(checkWaivers(request)).toHaveLength(severity === 'warning' ? 0 : 1)
  })

  test('that may not be waived stay errors', () => {
    const rules = rulesOf(RULES.replace('severity: error', 'severity: error\n  waivable: false'))
    const request = { rules, inventory: waive('2031-01-01'), runbookFile: 'a.md', today: '2030-01-01' }
    expect(evaluateRules(request)[0]?.severity).toBe('error')
    expect(checkWaivers(request)[0]?.message).toContain('cannot be waived')
  })

  test('that cannot be evaluated are violated', () => {
    const rules = rulesOf(RULES.replace('inventory.vars.limit > 9', 'inventory.vars.nothing > 9'))
    const findings = evaluateRules({ rules, inventory: inventoryOf(EXAMPLE), today: '2030-01-01' })
    expect(findings[1]?.message).toContain('No such key: nothing')
  })

  test('can tell literal passwords from secrets', () => {
    const rules = rulesOf(
      '- { id: X, assert: "inventory.hosts.all(h, !has(h.vars.pw) || isSecret(h.vars.pw))", message: m, source: s }\n',
    )
    const found = (pw: string) =>
      evaluateRules({
        rules,
        inventory: inventoryOf(EXAMPLE.replace('tags: [late]', `vars: { pw: "${pw}" }`)),
        today: '2030-01-01',
      }).length
    expect([found('secret:probe'), found('hunter2')]).toEqual([0, 1])
  })
})

test.each([
  ['an unknown key', '- { id: X, asert: "true" }', 'HR2101', 'Did you mean `assert`?'],
  [
    'an unknown name',
    '- { id: X, assert: "inventry.name == ``", message: m, source: s }',
    'HR1001',
    undefined,
  ],
  [
    'a wrong name',
    '- { id: X, assert: "inventry.name == name", message: m, source: s }',
    'HR1002',
    '`inventory`',
  ],
  [
    'it without each',
    '- { id: X, assert: "it.name == inventory.name", message: m, source: s }',
    'HR1002',
    undefined,
  ],
  ['no condition', '- { id: X, assert: "inventory.name", message: m, source: s }', 'HR1005', undefined],
  [
    'no list',
    '- { id: X, each: inventory.name, assert: "true", message: m, source: s }',
    'HR1005',
    undefined,
  ],
])('a rule file with %s is refused', (_, text, code, hint) => {
  const { value, diagnostics } = parseRules(`${text}\n`, 'rules.yaml')
  expect(value).toEqual([])
  expect(diagnostics.map((each) => each.code)).toContain(code)
  if (hint !== undefined) expect(diagnostics.map((each) => each.hint).join()).toContain(hint)
})
