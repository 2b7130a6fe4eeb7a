import { expect, test } from 'vitest'
import { formatKey } from '../../../src/tui/term/format-key.ts'
import { KEYMAP, selectAction } from '../../../src/tui/term/keymap.ts'
import { formatKeyTable } from '../../../src/tui/view-models/help-view.ts'

test('no key means two things in one place', () => {
  const seen = new Map<string, string>()
  const twice: string[] = []
  for (const { id, keys, contexts } of KEYMAP) {
    for (const place of contexts.flatMap((context) => keys.map((key) => `${context} ${key}`))) {
      if (seen.has(place) && seen.get(place) !== id) twice.push(`${place}: ${seen.get(place) ?? ''}, ${id}`)
      seen.set(place, id)
    }
  }
  expect(twice).toEqual([])
})

test.each([
  ['ctrl+c', 'Ctrl+C'],
  ['shift+tab', 'Shift+Tab'],
  ['space', 'Space'],
  ['j', 'j'],
  ['G', 'G'],
  ['f1', 'F1'],
])('%s is written %s', (key, expected) => {
  expect(formatKey(key)).toBe(expected)
})

test('keys that hold everywhere hold in a field too, and characters do not act there', () => {
  expect(selectAction('ctrl+c', 'text')).toBe('interrupt')
  expect(selectAction('q', 'text')).toBeUndefined()
})

test('the plain table names every binding', () => {
  const table = formatKeyTable()
  for (const { help } of KEYMAP) expect(table).toContain(help)
  // One key has several meanings: where each holds is said.
  expect(table).toContain('Space                run: pause')
  expect(table).toContain('Space                question: choose')
})
