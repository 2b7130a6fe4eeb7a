import { describe, expect, test } from 'vitest'
import type { Digest, StepId } from '../../../src/core/base/ids.ts'
import type { PlanChange } from '../../../src/core/run/compare-plans.ts'
import { decideEdit, findMixedWrong, type EditChoice } from '../../../src/core/run/decide-edit.ts'
import type { PlanOutline } from '../../../src/core/run/outline.ts'
import { openRun } from './support.ts'

function changes(...kinds: readonly (readonly [string, PlanChange['kind']])[]): PlanChange[] {
  return kinds.map(([step, kind]) => ({ step: step as StepId, kind, isBehind: false }))
}

const TWO = changes(['a', 'changed'], ['b', 'changed after it ran'])
const HELD = changes(['a', 'changed'], ['b', 'changed while it runs'])
const MOVED = changes(['a', 'moved'], ['b', 'moved'], ['c', 'changed'])

describe('decideEdit', () => {
  test.each<[string, PlanChange[], string[], string[], unknown]>([
    ['nothing said', TWO, [], [], { kind: 'open' }],
    ['all adopted', TWO, ['all'], [], { kind: 'decided', whole: 'adopt' }],
    ['all kept by name', TWO, [], ['a', 'b'], { kind: 'decided', whole: 'keep' }],
    ['one adopted, one kept', TWO, ['a'], ['b'], { kind: 'decided', whole: undefined }],
    ['all but one', TWO, ['all'], ['b'], { kind: 'decided', whole: undefined }],
    ['all, in other words', TWO, ['all', 'a'], [], { kind: 'decided', whole: 'adopt' }],
    ['what begun is kept', HELD, ['a'], ['b'], { kind: 'decided', whole: undefined }],
    ['what begun would change', HELD, ['all'], [], { kind: 'held', steps: ['b'] }],
    ['no step, all', [], ['all'], [], { kind: 'decided', whole: 'adopt' }],
    ['no step, all kept', [], [], ['all'], { kind: 'decided', whole: 'keep' }],
    ['moved together', MOVED, ['a', 'b'], ['c'], { kind: 'decided', whole: undefined }],
  ])('%s', (_, edited, adopt, keep, expected) => {
    expect(decideEdit(edited, { adopt, keep })).toMatchObject(expected as object)
  })

  test.each<[string, PlanChange[], string[], string[], string]>([
    ['a gap', TWO, ['a'], [], 'it is not said yet what becomes of b'],
    ['no such step', TWO, ['x', 'a'], ['b'], 'the edit does not change x; it touches a, b'],
    ['no step at all', [], ['x'], [], 'the edit does not change x; it touches no step: say all'],
    ['a contradiction', TWO, ['a', 'b'], ['b'], 'b is both adopted and kept'],
    ['all twice', TWO, ['all'], ['all'], 'all is both adopted and kept'],
    ['a torn order', MOVED, ['a', 'c'], ['b'], 'the order of steps is taken as a whole: a, b'],
  ])('is unclear about %s', (_, edited, adopt, keep, message) => {
    expect(decideEdit(edited, { adopt, keep })).toMatchObject({ kind: 'unclear', refusal: { message } })
  })
})

/** An outline of steps written as `id:text`. */
function outline(steps: string): PlanOutline {
  const parts = steps.split(' ').map((each) => each.split(':') as [string, string])
  const built = openRun(parts.map(([id]) => ({ id, hosts: ['h1'], run: ['x'] }))).state.outline
  return {
    ...built,
    steps: built.steps.map((step, index) => ({ ...step, hash: parts[index]![1] as Digest })),
  }
}

test.each<[string, string, string, Record<string, EditChoice>, string, string[]]>([
  ['as wanted', 'a:1 b:1', 'a:2 b:2', { a: 'adopt', b: 'keep' }, 'a:2 b:1', []],
  ['changed from outside', 'a:1 b:1', 'a:2 b:2', { a: 'adopt', b: 'keep' }, 'a:2 b:3', ['b']],
  ['an added one kept out', 'a:1', 'a:2 b:2', { a: 'adopt', b: 'keep' }, 'a:2', []],
  ['a removed one is gone', 'a:1 b:1', 'a:2', { a: 'keep', b: 'adopt' }, 'a:1', []],
  ['a removed one that stays', 'a:1 b:1', 'a:2', { a: 'adopt', b: 'keep' }, 'a:2 b:1', []],
  ['another that changes along', 'a:1 b:1', 'a:2 b:1', { a: 'adopt' }, 'a:2 b:2', ['b']],
  ['the old order', 'a:1 b:1 c:1', 'b:1 a:1 c:2', { a: 'keep', b: 'keep', c: 'adopt' }, 'a:1 b:1 c:2', []],
  [
    'the new order, though the old one is kept',
    'a:1 b:1 c:1',
    'b:1 a:1 c:2',
    { a: 'keep', b: 'keep', c: 'adopt' },
    'b:1 a:1 c:2',
    ['a', 'b'],
  ],
])('a mixed plan is looked at: %s', (_, before, after, choices, mixed, wrong) => {
  const plans = { before: outline(before), after: outline(after), mixed: outline(mixed) }
  expect(findMixedWrong(new Map(Object.entries(choices)) as never, plans)).toEqual(wrong)
})
