import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasErrors } from '../../../src/core/base/diagnostic.ts'
import {
  EDIT_LANGUAGES,
  applyEdit,
  decodeCurrent,
  validateWanted,
} from '../../../src/core/edit/apply-edit.ts'
import { EDIT_CODES } from '../../../src/core/edit/edit-codes.ts'
import { readFixture } from './edit-fixture.ts'
import { formatUnifiedDiff } from '../../../src/core/edit/format-unified-diff.ts'

const FIXTURES = {
  yaml: 'cassandra-2.2.yaml',
  json: 'cassandra-5.0.yaml',
  properties: 'cassandra-rackdc.properties',
  ini: 'message.service',
  xml: 'store.xml',
  crontab: 'crontab',
} as const

describe('applyEdit', () => {
  test('names the file, the line and what to do', () => {
    const { value, diagnostics } = applyEdit({
      language: 'yaml',
      path: '/etc/x.yaml',
      current: 'a: 1\nb: 2\na: 3\n',
      wanted: 'a: 4',
    })
    expect(value).toEqual({ text: 'a: 1\nb: 2\na: 3\n', changed: false, managed: [] })
    expect(diagnostics).toEqual([
      {
        code: 'HR3203',
        severity: 'error',
        file: '/etc/x.yaml',
        line: 3,
        column: 1,
        message: '"a" stands 2 times in the file, so it is not clear which one counts',
        hint: EDIT_CODES.find((page) => page.code === 'HR3203')?.hint,
      },
    ])
  })

  test('a new file counts as changed', () => {
    const { value } = applyEdit({ language: 'properties', path: 'p', current: undefined, wanted: 'a=1\n' })
    expect(value).toEqual({ text: 'a=1\n', changed: true, managed: [{ key: 'a', after: '1' }] })
  })

  test('validates a body without a file', () => {
    expect(validateWanted('yaml', 'a: 1\n')).toEqual([])
    expect(validateWanted('yaml', 'a: 1\nb: *c\n', 'run.md')).toMatchObject([
      { code: 'HR3104', file: 'run.md', line: 2 },
    ])
    for (const language of EDIT_LANGUAGES)
      expect(validateWanted(language, '\u0000<&[{').length).toBeGreaterThan(0)
  })

  test('never throws, and what it accepts it accepts again without a change', () => {
    const language = fc.constantFrom(...EDIT_LANGUAGES)
    const noise = fc.string({ unit: fc.constantFrom(...'ab:=#-[]{}<>/"\'!&*|>,\\ \n\r\t1'), maxLength: 60 })
    const damaged = fc
      .tuple(language, fc.nat(), fc.nat({ max: 40 }), noise)
      .map(([name, at, length, text]) => {
        const whole = readFixture(FIXTURES[name])
        const start = at % whole.length
        return { language: name, current: whole.slice(0, start) + text + whole.slice(start + length) }
      })
    const current = fc.oneof(fc.record({ language, current: noise }), damaged)
    const wanted = fc.oneof(
      noise,
      fc.constantFrom(
        'a: 1\n',
        'a: {b: 2}\n',
        'seed_provider: [1]\n',
        '{"a": 1}',
        'a=1\n',
        '[Service]\na=1\n',
        '//a = 1',
        '# handrail:a\n* * * * * x\n',
      ),
    )
    fc.assert(
      fc.property(current, wanted, (file, wanted) => {
        const first = applyEdit({ ...file, path: 'f', wanted })
        if (hasErrors(first.diagnostics)) {
          expect(first.value.text).toBe(file.current)
          return
        }
        const again = applyEdit({ ...file, path: 'f', wanted, current: first.value.text })
        expect(again.value).toMatchObject({ text: first.value.text, changed: false })
        expect(hasErrors(again.diagnostics)).toBe(false)
      }),
      { numRuns: 400 },
    )
  })

  test.each([
    ['yaml', '['],
    ['json', '['],
    ['json', '{"a":'],
    ['xml', '<a>'],
  ] as const)('refuses %s nested without end: %s', (language, piece) => {
    const wanted = { yaml: 'a: 1', json: '{"a": 1}', xml: '//b = 1' }[language]
    const { diagnostics } = applyEdit({ language, path: 'f', current: piece.repeat(50_000), wanted })
    expect(diagnostics.map((each) => each.code)).toEqual(['HR3201'])
  })

  test('refuses bytes that are not UTF-8', () => {
    expect(decodeCurrent(new Uint8Array([0x61]), 'f')).toEqual({ value: 'a', diagnostics: [] })
    expect(decodeCurrent(new Uint8Array([0xff]), 'f').diagnostics).toMatchObject([
      { code: 'HR3209', severity: 'error' },
    ])
  })
})

test('every code has one page', () => {
  const codes = EDIT_CODES.map((page) => page.code)
  expect(new Set(codes).size).toBe(codes.length)
  for (const page of EDIT_CODES) expect(page.code).toMatch(/^HR3[12]\d\d$/)
})

describe('formatUnifiedDiff', () => {
  test('shows changed lines with three lines around', () => {
    expect(formatUnifiedDiff('/etc/f', '1\n2\n3\n4\n5\n6\n', '1\n2\n3\n4\n5\nsix\n')).toBe(
      '--- /etc/f\n+++ /etc/f\n@@ -3,4 +3,4 @@\n 3\n 4\n 5\n-6\n+six\n',
    )
  })

  test('a new file, no difference, a missing final newline', () => {
    expect(formatUnifiedDiff('/etc/f', undefined, 'a\n')).toBe(
      '--- /dev/null\n+++ /etc/f\n@@ -0,0 +1,1 @@\n+a\n',
    )
    expect(formatUnifiedDiff('/etc/f', 'a', 'a')).toBe('')
    expect(formatUnifiedDiff('/etc/f', 'a', 'a\n')).toContain('\\ No newline at end of file')
  })
})
