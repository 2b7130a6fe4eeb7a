import { expect, test } from 'vitest'
import { nameSome, type Room } from '../../../src/core/journal/name-some.ts'

test.each<[string, readonly string[], Room, readonly string[]]>([
  ['all of them where there is room', ['a', 'b'], { sizeBytes: 8 }, ['a', 'b']],
  ['some, and how many more', ['a', 'b', 'c'], { sizeBytes: 8 }, ['a', 'b', 'and 1 more']],
  ['only so many', ['a', 'b', 'c'], { sizeBytes: 100, count: 1 }, ['a', 'and 2 more']],
  ['quotes as a record writes them', ['"', 'b'], { sizeBytes: 5 }, ['"', 'and 1 more']],
  ['a hidden character as a record writes it', ['\u200b'], { sizeBytes: 8 }, ['and 1 more']],
  ['nothing of nothing', [], { sizeBytes: 0 }, []],
])('%s', (_, all, room, expected) => {
  expect(nameSome(all, room)).toEqual(expected)
})
