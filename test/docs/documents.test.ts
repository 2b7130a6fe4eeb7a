import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { findCodes } from '../core/runbook/parse-builder.ts'
import { fillInPictures, findExamples, findTable, readDocument, readScreens } from './document.ts'

const screenOf = readScreens(readDocument('test/tui/__snapshots__/screens.test.ts.snap'))
const EXIT_CODES = '| exit code | meaning |'

/** A document as it must be: pictures are screens of the snapshots, exit codes those of docs/cli.md. */
function complete(text: string): string {
  const table = findTable(text, EXIT_CODES)
  const filled = fillInPictures(text, screenOf)
  return table === ''
    ? filled
    : filled.replace(table, () => findTable(readDocument('docs/cli.md'), EXIT_CODES))
}

test.each(['README.md'])(
  'pictures and tables of %s are those of the program (UPDATE_DOCS=1 writes them anew)',
  (file) => {
    const text = readDocument(file)
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, complete(text))
    else expect(text).toBe(complete(text))
  },
)

describe.each(['README.md'])('the runbooks in %s', (file) => {
  const examples = findExamples(readDocument(file), 'markdown')

  test('are there', () => expect(examples).not.toEqual([]))

  test.each(examples.map((text, index) => [index + 1, text] as const))('lint clean: number %i', (_, text) =>
    expect(findCodes(text)).toEqual([]),
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

test('canary: an example with a finding is found', () => {
  expect(
    findCodes(findExamples('````markdown\n---\nhandrail: 1\n---\n# A\n````\n', 'markdown')[0] ?? ''),
  ).toEqual(['HR5019 1:1'])
})
