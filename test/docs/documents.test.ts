import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { findCodes, HEAD } from '../core/runbook/parse-builder.ts'
import { fillInGenerated } from '../core/runbook/reference-tables.ts'
import { INVENTORY_CODES } from '../../src/core/inventory/codes.ts'
import { parseInventory } from '../../src/core/inventory/parse-inventory.ts'
import { parseRules } from '../../src/core/inventory/parse-rules.ts'
import { sha256 } from '../core/inventory/inventory-builder.ts'
import {
  fillInPictures,
  findEventKeys,
  findEventRows,
  findExamples,
  findTable,
  readDocument,
  readScreens,
} from './document.ts'

const screenOf = readScreens(readDocument('test/tui/__snapshots__/screens.test.ts.snap'))
const EXIT_CODES = '| exit code | meaning |'

function inventoryCodes(): string {
  const rows = INVENTORY_CODES.map(({ code, title }) => `| ${code} | ${title} |`)
  return ['| code | finding |', '|---|---|', ...rows].join('\n')
}

function saysUnknown(inventory: string): boolean {
  const { diagnostics } = parseInventory(inventory, 'inventory.yaml', sha256)
  return diagnostics.some(({ message }) => / has no key `/.test(message))
}

/** A part that begins with a step stands below front matter and a title. */
function asRunbook(text: string): string {
  return text.startsWith('---\n') ? text : `${HEAD}${text}`
}

/** A document as it must be: pictures are screens of the snapshots, exit codes those of docs/cli.md. */
function complete(text: string): string {
  const table = findTable(text, EXIT_CODES)
  const filled = fillInGenerated(fillInPictures(text, screenOf), { 'inventory codes': inventoryCodes() })
  return table === ''
    ? filled
    : filled.replace(table, () => findTable(readDocument('docs/cli.md'), EXIT_CODES))
}

test.each(['README.md', 'docs/inventory.md'])(
  'pictures and tables of %s are those of the program (UPDATE_DOCS=1 writes them anew)',
  (file) => {
    const text = readDocument(file)
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, complete(text))
    else expect(text).toBe(complete(text))
  },
)

describe.each(['README.md', 'docs/writing-runbooks.md'])('the runbooks in %s', (file) => {
  const examples = findExamples(readDocument(file), 'markdown')

  test('are there', () => expect(examples).not.toEqual([]))

  test.each(examples.map((text, index) => [index + 1, text] as const))('lint clean: number %i', (_, text) =>
    expect(findCodes(asRunbook(text))).toEqual([]),
  )
})

const nameOnly = (name: string): string => `screen of ${name}`

test('canary: a picture that is out of date, an unknown one and a wrong table are found', () => {
  const picture = '<!-- picture: home at 80x24 -->\n```text\nold\n```\n<!-- end -->\n'
  expect(fillInPictures(picture, nameOnly)).toContain('screen of home at 80x24')
  expect(fillInPictures(picture, nameOnly)).not.toContain('old')
  expect(() => screenOf('nowhere at 80x24')).toThrow('no screen is called nowhere at 80x24')
  expect(complete(`${EXIT_CODES}\n|---|---|\n| 0 | wrong |\n\nrest`)).not.toContain('wrong')
  expect(findTable(readDocument('docs/cli.md'), EXIT_CODES)).toContain('| 130 |')
})

describe('the examples in docs/inventory.md', () => {
  const text = readDocument('docs/inventory.md')
  const inventories = findExamples(text, 'yaml inventory')

  test('are there', () => expect(inventories.length).toBeGreaterThan(2))

  test.each(inventories.map((example, index) => [index + 1, example] as const))(
    'can be used: inventory %i',
    (_, example) => expect(parseInventory(example, 'inventory.yaml', sha256).diagnostics).toEqual([]),
  )

  test('can be used: the rules', () => {
    const [rules = ''] = findExamples(text, 'yaml rules')
    const { value, diagnostics } = parseRules(rules, 'rules.yaml')
    expect(diagnostics).toEqual([])
    expect(value.map(({ id }) => id)).toEqual(['X01', 'X02'])
  })

  test.each([
    ['Keys', (key: string) => `${key}: {}`],
    ['Hosts', (key: string) => `hosts: [{ ${key}: {} }]`],
    ['Connection', (key: string) => `connection: { ${key}: {} }`],
  ])('names no key that is not read: %s', (section, write) => {
    const rows = text.split(`\n## ${section}\n`)[1]?.split('\n## ', 1)[0] ?? ''
    const firstCells = [...rows.matchAll(/^\| (`[^|]*`) \|/gm)].map((match) => match[1] ?? '')
    const keys = firstCells.flatMap((cell) => cell.replaceAll('`', '').split(', '))
    expect(keys.length).toBeGreaterThan(7)
    expect(keys.filter((key) => saysUnknown(write(key)))).toEqual([])
    expect(saysUnknown(write('nothing'))).toBe(true)
  })
})

describe('the mistakes in docs/writing-runbooks.md', () => {
  const text = readDocument('docs/writing-runbooks.md')
  const mistakes = [...text.matchAll(/^`{4}markdown (HR\d{4})$/gm)].map((match) => match[1] ?? '')

  test('are there', () => expect(mistakes.length).toBeGreaterThan(5))

  test.each(mistakes)('%s is what lint finds', (code) => {
    const [example = ''] = findExamples(text, `markdown ${code}`)
    expect(findCodes(asRunbook(example)).map((found) => found.slice(0, code.length))).toContain(code)
  })
})

test('canary: an example with a finding is found', () => {
  expect(
    findCodes(findExamples('````markdown\n---\nhandrail: 1\n---\n# A\n````\n', 'markdown')[0] ?? ''),
  ).toEqual(['HR5019 1:1'])
})

test('README.md shows the walk as the suite of the lab last saw it', () => {
  expect(readDocument('README.md')).toContain(readDocument('docs/pictures/walk.txt').trimEnd())
})

describe('the events in docs/journal.md', () => {
  const rows = findEventRows(readDocument('docs/journal.md'))

  test('are those of the program, with the keys that they have', () => {
    const declared = findEventKeys(readDocument('src/core/run/events.ts'))
    expect(declared.size).toBeGreaterThan(35)
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(declared))
  })

  test('canary: an event and its keys are read from code and from a table', () => {
    const code = [
      'export type RunEvent =',
      "  | { readonly type: 'a-b'; readonly step: StepId }",
      '  /** With more. */',
      '  | {',
      "      readonly type: 'c-d'",
      '      readonly of: { readonly path: string; readonly title: string }',
      '      /** Which. */ readonly which?: Digest',
      '      readonly all: readonly string[]',
      '    }',
      '',
      "export type EventOf = { readonly type: 'none' }",
    ].join('\n')
    const table =
      '| `a-b` | `step` | x |\n| `c-d` | `of`, `which?`, `all` | y, `z` |\n| `other` | no key | x |\n'
    const expected = new Map([
      ['a-b', 'step'],
      ['c-d', 'of, which?, all'],
    ])
    expect(findEventKeys(code)).toEqual(expected)
    expect(findEventRows(table)).toEqual(expected)
  })
})
