import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linkRunbook } from '../../../src/core/runbook/link.ts'
import { lintRunbook } from '../../../src/core/runbook/lint-runbook.ts'
import { RUNBOOK_CODES } from '../../../src/core/runbook/codes.ts'
import { listFences, listSections } from '../../../src/core/runbook/walk-runbook.ts'
import { parse } from './parse-builder.ts'

const example = readFileSync(new URL('example.md', import.meta.url), 'utf8')
const codes = new Set(RUNBOOK_CODES.map(({ code }) => code))

/** What holds for whatever a document says. */
function checkAny(text: string): void {
  const { value, diagnostics } = parse(text)
  const all = [...diagnostics, ...lintRunbook(value), ...linkRunbook(value, () => undefined).diagnostics]
  const lines = value.text.split('\n')
  for (const { code, line, column, message, file } of all) {
    expect(code).toMatch(/^HR[1-7]\d{3}$/)
    if (/^HR[567]/.test(code)) expect(codes).toContain(code)
    expect(file).toBe('book.md')
    expect(message).not.toBe('')
    if (value.text === '') continue
    expect(line).toBeGreaterThanOrEqual(1)
    expect(line).toBeLessThanOrEqual(lines.length)
    expect(column).toBeGreaterThanOrEqual(1)
  }
  const ids = listSections(value).flatMap(({ id }) => id ?? [])
  if (!diagnostics.some(({ code }) => code === 'HR5014')) expect(new Set(ids).size).toBe(ids.length)
  for (const fence of listFences(value))
    for (const line of fence.body.source.split('\n')) expect(value.text).toContain(line.trimStart())
}

const PIECES = [
  '# T',
  '## A',
  '### B',
  '- [ ] task',
  '- item',
  '> quote',
  '> [!NOTE]',
  '    indented',
  '\t',
  '',
  '---',
  'a | b',

  '```sh run',
  '```sh check for=1m',
  '```text expect',
  '```',
  '~~~',
  '```cel check',
  '```http check',
  '- ```sh run',

  '<!-- handrail on=all -->',
  '<!-- handrail',
  '-->',
  '<!-- handrial -->',
  '<!-- handrail id=x runbook=a.md -->',

  'handrail: 1',
  'params:',
  '  a: { type: int }',
  'defaults: { on: all }',
  '{{ a }}',
  '{{',
  '$ ls',
  '&amp;',
  '\\',
  '"',
]

describe('parsing, linting and linking never throw', () => {
  test('on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), checkAny), { numRuns: 300 })
  })

  test('on any lines that look like a runbook', () => {
    const line = fc
      .tuple(fc.constantFrom('', '', '  ', '> ', '- ', '1. '), fc.constantFrom(...PIECES))
      .map((parts) => parts.join(''))
    const lines = fc
      .array(line, { maxLength: 30 })
      .map((lines) => `---\nhandrail: 1\n---\n# T\n${lines.join('\n')}`)
    fc.assert(fc.property(lines, checkAny), { numRuns: 400 })
  })

  test('on a mutated example', () => {
    const edit = fc.record({
      at: fc.nat(example.length),
      remove: fc.nat(40),
      insert: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 5 })),
    })
    const mutated = fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) => {
      let text = example
      for (const { at, remove, insert } of edits) text = text.slice(0, at) + insert + text.slice(at + remove)
      return text
    })
    fc.assert(fc.property(mutated, checkAny), { numRuns: 100 })
  })

  test.each([
    ['many quotes', '> '.repeat(5000)],
    ['many bullets', '- '.repeat(5000)],
    ['many headings', '# a\n'.repeat(2000)],
    ['many open brackets', '['.repeat(20_000)],
    ['many fences', '```sh run\n```\n'.repeat(1000)],
    ['many comments', '<!-- handrail on=all -->\n'.repeat(1000)],
    [
      'an alias bomb',
      '---\nhandrail: 1\na: &a [x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c]\nparams: [*d,*d,*d]\n---\n# T',
    ],
    ['a map as a key', '---\nhandrail: 1\n? { a: 1 }\n: 2\n---\n# T'],
    ['front matter that is a list', '---\nhandrail: 1\n- a\n---\n# T'],
    ['a null param', '---\nhandrail: 1\nparams: { a: , b: null }\n---\n# T'],
  ])('on %s', (_, text) => checkAny(text))
})
