import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { VERBS } from '../../../src/core/runbook/model.ts'
import { findCodes } from './parse-builder.ts'
import { buildReferenceTables, fillInGenerated } from './reference-tables.ts'

const FILE = new URL('../../../docs/format.md', import.meta.url)

describe('the reference of the format', () => {
  const text = readFileSync(FILE, 'utf8')
  const parts = buildReferenceTables()

  test('says what the code says (UPDATE_DOCS=1 writes it anew)', () => {
    const wanted = fillInGenerated(text, parts)
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(FILE, wanted)
    else expect(text).toBe(wanted)
  })

  test.each(Object.keys(parts))('has a place for the generated part "%s"', (name) =>
    expect(text).toContain(`<!-- generated: ${name} -->`),
  )

  test.each(VERBS)('describes the verb %s', (verb) =>
    expect(text).toMatch(new RegExp(`^\\| \`${verb}\``, 'm')),
  )

  const examples = [...text.matchAll(/^`{4}markdown\n([^]*?)^`{4}$/gm)].map((match) => match[1] ?? '')

  test('has examples', () => expect(examples.length).toBeGreaterThan(2))

  test.each(examples.map((example, index) => [index, example] as const))(
    'has a valid example %i',
    (_, example) => expect(findCodes(example)).toEqual([]),
  )
})
