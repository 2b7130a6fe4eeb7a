import { expect, test } from 'vitest'
import { LogRing, MAX_RING_LINES } from '../../../src/tui/store/log-ring.ts'
import { createRunUi } from '../../../src/tui/store/ui-state.ts'
import { buildOutputRows } from '../../../src/tui/view-models/output-rows.ts'

function show(lines: number, outputEnd: number | undefined): string[] {
  const ring = new LogRing()
  const text = Array.from({ length: lines }, (_, index) => `line ${index + 1}\n`).join('')
  ring.push({ stream: 'stdout', bytes: Buffer.from(text) })
  const run = { ...createRunUi(), outputEnd }
  const { rows } = buildOutputRows({ ring, run, width: 80, height: 5 })
  return rows.map((row) => row.map(({ text: part }) => part).join(''))
}

test('at the very top it says that there was more, in a pane that is full', () => {
  const shown = show(MAX_RING_LINES + 500, 1)
  expect(shown).toHaveLength(5)
  expect(shown[0]).toContain('handrail log')
  expect(shown[1]).toBe('line 502')
})

test('where nothing was dropped the first line is the first line', () => {
  expect(show(20, 1)).toEqual(['line 1', 'line 2', 'line 3', 'line 4', 'line 5'])
})

test('in the middle no line gives way', () => {
  expect(show(MAX_RING_LINES + 500, MAX_RING_LINES)[0]).toBe(`line ${MAX_RING_LINES - 4}`)
})
