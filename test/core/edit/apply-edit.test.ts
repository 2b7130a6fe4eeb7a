import { describe, expect, test } from 'vitest'
import {
  EDIT_LANGUAGES,
  applyEdit,
  decodeCurrent,
  validateWanted,
} from '../../../src/core/edit/apply-edit.ts'
import { EDIT_CODES } from '../../../src/core/edit/edit-codes.ts'
import { formatUnifiedDiff } from '../../../src/core/edit/format-unified-diff.ts'

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
