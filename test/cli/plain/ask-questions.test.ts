import { getEventListeners } from 'node:events'
import { expect, test, vi } from 'vitest'
import { openAsker } from '../../../src/cli/plain/ask-questions.ts'
import { openOutput } from '../../../src/cli/output/output.ts'
import { openRun } from '../../core/run/support.ts'

test('however much happens, one listener waits for the end', async () => {
  const stream = { write: () => undefined }
  const over = new AbortController()
  let looks = 0
  const { state } = openRun([{ id: 'a', hosts: ['h1'], run: ['x'] }])
  const asker = openAsker({
    engine: {
      get state() {
        looks += 1
        return state
      },
      submit: () => Promise.reject(new Error('nothing is asked')),
    },
    keyboard: { ask: () => Promise.resolve(undefined) } as never,
    output: openOutput({ stdout: stream, stderr: stream, json: false, ascii: false, color: false }),
    by: 'ann',
    getValue: () => Promise.resolve(undefined),
    ref: undefined,
    signal: over.signal,
  })
  for (let turn = 0; turn < 3; turn += 1) {
    const before = looks
    await vi.waitFor(() => expect(looks).toBeGreaterThan(before), { interval: 1 })
    asker.wake()
  }
  expect(getEventListeners(over.signal, 'abort')).toHaveLength(1)
  over.abort()
  await asker.done
})
