import { expect, test } from 'vitest'
import type { Diagnostic } from '../../../src/core/base/diagnostic.ts'
import {
  countDiagnostics,
  formatDiagnostics,
  toDiagnosticJson,
} from '../../../src/core/base/format-diagnostics.ts'

const found = (more: Partial<Diagnostic> = {}): Diagnostic => ({
  code: 'HR6101',
  severity: 'error',
  file: 'book.md',
  line: 2,
  column: 8,
  message: 'unknown option `dangre`',
  ...more,
})

function check(diagnostics: readonly Diagnostic[], text: string | undefined, ...wanted: string[]): void {
  expect(formatDiagnostics(diagnostics, () => text).split('\n')).toEqual(wanted)
}

test('a finding shows its place, its line with a caret, and its hint', () =>
  check(
    [found({ hint: 'did you mean `danger`?' })],
    'one\nsecond dangre=x\nthree',
    'book.md:2:8: error HR6101: unknown option `dangre`',
    '  2 | second dangre=x',
    '    |        ^',
    '  hint: did you mean `danger`?',
  ))

test('a file that is not at hand shows no line', () =>
  check([found()], undefined, 'book.md:2:8: error HR6101: unknown option `dangre`'))

test('findings are separated by an empty line', () =>
  check(
    [found({ line: 9 }), found({ line: 9, severity: 'warning' })],
    'x',
    'book.md:9:8: error HR6101: unknown option `dangre`',
    '',
    'book.md:9:8: warning HR6101: unknown option `dangre`',
  ))

test('the caret stands under its character behind tabs, a byte order mark and CRLF', () =>
  check(
    [found({ line: 1, column: 3 })],
    '\uFEFF\ta b\r\n',
    'book.md:1:3: error HR6101: unknown option `dangre`',
    '  1 |     a b',
    '    |      ^',
  ))

test('a long line is cut around its place', () => {
  const [, line, caret] = formatDiagnostics(
    [found({ line: 1, column: 501 })],
    () => `${'a'.repeat(500)}X${'b'.repeat(500)}`,
  ).split('\n')
  expect(line!.length).toBeLessThan(115)
  expect(line![caret!.indexOf('^')]).toBe('X')
})

test('nothing of a document reaches the terminal as a control character', () => {
  const text = formatDiagnostics(
    [found({ message: 'a\u001B[2Jb', line: 1, column: 1 })],
    () => 'x\u001B]0;t\u0007\u202Ey',
  )
  expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u202E]/)
  expect(text).toContain('\\u{1B}[2J')
})

test('the JSON has the fields of the contract, in their order', () => {
  expect(Object.keys(toDiagnosticJson(found({ hint: 'x' })))).toEqual([
    'file',
    'line',
    'column',
    'severity',
    'code',
    'message',
    'hint',
  ])
  expect(Object.keys(toDiagnosticJson(found()))).not.toContain('hint')
})

test.each([
  [[], ''],
  [[found()], '1 error'],
  [[found(), found(), found({ severity: 'warning' })], '2 errors, 1 warning'],
] as const)('%#: findings are counted', (list, wanted) => expect(countDiagnostics(list)).toBe(wanted))
