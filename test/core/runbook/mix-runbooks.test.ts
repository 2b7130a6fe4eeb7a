import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { brandAs, type Digest, type StepId } from '../../../src/core/base/ids.ts'
import type { LinkedRunbook } from '../../../src/core/runbook/linked-runbook.ts'
import { linkRunbook } from '../../../src/core/runbook/link.ts'
import { mixRunbooks } from '../../../src/core/runbook/mix-runbooks.ts'
import { parseRunbook } from '../../../src/core/runbook/parse-runbook.ts'

const HEAD = '---\nhandrail: 1\n---\n\n# Title\n\nSome words.\n'

function step(title: string, says: string, depth = 2): string {
  return `\n${'#'.repeat(depth)} ${title}\n<!-- handrail on=local -->\n\n\`\`\`sh run repeat=safe\necho ${says}\n\`\`\`\n`
}

function link(files: Readonly<Record<string, string>>): LinkedRunbook {
  const parsed = new Map(
    Object.entries(files).map(([path, text]) => [path, parseRunbook(text, path, brandAs<Digest>('0')).value]),
  )
  return linkRunbook(parsed.get('main.md')!, (path) => parsed.get(path)).value
}

/** The main runbook with these steps taken from the other one. */
function mix(base: string, other: string, ...steps: string[]): string | undefined {
  const taken = new Set(steps.map((id) => brandAs<StepId>(id)))
  return mixRunbooks(link({ 'main.md': base }), link({ 'main.md': other }), taken).get('main.md')
}

const PHASE = '\n## Part\n\nAbout it.\n'
const A = step('A', 'a')
const B = step('B', 'b')
const C = step('C', 'c')

test.each<[string, string, string, string[], string]>([
  [
    'a changed step',
    HEAD + A + B + C,
    HEAD + A + step('B', 'new') + C,
    ['b'],
    HEAD + A + step('B', 'new') + C,
  ],
  [
    'one of two changed steps',
    HEAD + A + B,
    HEAD + step('A', 'new') + step('B', 'new'),
    ['a'],
    HEAD + step('A', 'new') + B,
  ],
  ['a step that only the other has', HEAD + A + C, HEAD + A + B + C, ['b'], HEAD + A + B + C],
  ['the first step', HEAD + B, HEAD + A + B, ['a'], HEAD + A + B],
  ['the last step', HEAD + A, HEAD + A + B, ['b'], HEAD + A + B],
  ['two in a row', HEAD + C, HEAD + A + B + C, ['a', 'b'], HEAD + A + B + C],
  ['one of two in a row', HEAD + C, HEAD + A + B + C, ['b'], HEAD + B + C],
  ['a step that the other does not have', HEAD + A + B + C, HEAD + A + C, ['b'], HEAD + A + C],
  [
    'a step of a phase',
    HEAD + PHASE + step('B', 'b', 3) + step('C', 'c', 3) + A,
    HEAD + PHASE + step('B', 'new', 3) + step('C', 'new', 3) + A,
    ['part.c'],
    HEAD + PHASE + step('B', 'b', 3) + step('C', 'new', 3) + A,
  ],
  [
    'a phase that comes with its step, and not with another',
    HEAD + A,
    HEAD + A + PHASE + step('B', 'b', 3) + step('C', 'c', 3),
    ['part.c'],
    HEAD + A + PHASE + step('C', 'c', 3),
  ],
  [
    'a phase that goes with its last step',
    HEAD + A + PHASE + step('B', 'b', 3) + C,
    HEAD + A + C,
    ['part.b'],
    HEAD + A + C,
  ],
  [
    'what stands between the steps stays that of the base',
    `${HEAD}${A}\n## About\n\nOld prose.\n${B}`,
    `${HEAD}${A}\n## About\n\nNew prose.\n${step('B', 'new')}`,
    ['b'],
    `${HEAD}${A}\n## About\n\nOld prose.\n${step('B', 'new')}`,
  ],
  ['a text without a last line break', HEAD + A, (HEAD + A + B).trimEnd(), ['b'], HEAD + A + B],
  ['line endings of another system', HEAD + A, (HEAD + A + B).replaceAll('\n', '\r\n'), ['b'], HEAD + A + B],
])('mixes %s', (_, base, other, steps, expected) => {
  expect(mix(base, other, ...steps)).toBe(expected)
})

test('a step that stands elsewhere in the other is taken where it stands here', () => {
  const named = (depth: number, says: string) => step('B', says, depth).replace('on=local', 'id=b on=local')
  const base = HEAD + PHASE + step('C', 'c', 3) + named(3, 'b')
  const other = HEAD + named(2, 'new') + PHASE + step('C', 'c', 3)
  expect(mix(base, other, 'b')?.match(/echo new/g)).toHaveLength(1)
})

test('only the runbook that a step stands in is mixed, and a step that is called twice is one', () => {
  const main = `${HEAD}\n## One\n<!-- handrail runbook=sub.md -->\n\n## Two\n<!-- handrail runbook=sub.md -->\n`
  const taken = new Set([brandAs<StepId>('one.a')])
  const mixed = mixRunbooks(
    link({ 'main.md': main, 'sub.md': HEAD + A + B }),
    link({ 'main.md': main, 'sub.md': HEAD + step('A', 'new') + step('B', 'new') }),
    taken,
  )
  expect([...mixed]).toEqual([['sub.md', HEAD + step('A', 'new') + B]])
})

test('all steps taken from the other make its steps; none of them changes nothing', () => {
  const words = fc.constantFrom('a', 'b', 'c')
  const book = fc
    .uniqueArray(fc.constantFrom('A', 'B', 'C', 'D', 'E'), { minLength: 1 })
    .chain((titles) => fc.tuple(...titles.toSorted().map((title) => words.map((word) => step(title, word)))))
    .map((steps) => HEAD + steps.join(''))
  fc.assert(
    fc.property(book, book, (base, other) => {
      expect(mix(base, other, 'a', 'b', 'c', 'd', 'e')).toBe(other)
      expect(mix(base, other)).toBeUndefined()
    }),
    { numRuns: 30 },
  )
})
