import { expect, test } from 'vitest'
import type { HostName } from '../../../src/core/base/ids.ts'
import { decideIntent } from '../../../src/core/run/decide-intent.ts'
import type { Intent } from '../../../src/core/run/intents.ts'
import { askAboutWaits, parseWaitAnswer } from '../../../src/cli/plain/ask-about-waits.ts'
import { openOutput } from '../../../src/cli/output/output.ts'
import { failed, openRun } from '../../core/run/support.ts'

test.each<[string, Partial<Intent> | undefined]>([
  ['now', { type: 'try-now', by: 'ann' }],
  [' stop  h1 ', { type: 'stop-waiting', by: 'ann', host: 'h1' as HostName }],
  ['stop', { type: 'stop-waiting', by: 'ann' }],
  ['stop h1 h2', undefined],
  ['', undefined],
  ['go', undefined],
])('what "%s" means while a host is waited for', (line, expected) => {
  expect(parseWaitAnswer(line, 'ann')).toEqual(expected)
})

/** A run with a lost host, and a person who types these lines one after the other. */
function open(...lines: readonly string[]) {
  let text = ''
  let wake: (() => void) | undefined
  const stream = { write: (part: string) => void (text += part) }
  const run = openRun([{ id: 'a', hosts: ['h1', 'h2'], run: ['x'] }])
  run.tell({ type: 'link-lost', host: 'h1' as HostName, reason: 'gone' })
  const intents: Intent[] = []
  const typed = [...lines]
  const asked = askAboutWaits(
    {
      engine: {
        state: run.state,
        submit: async (intent) => {
          intents.push(intent)
          const decision = decideIntent(run.state, intent)
          if (decision.ok) run.tell(...decision.events)
          wake?.()
          return decision
        },
      },
      keyboard: {
        ask: (_, { signal } = {}) =>
          new Promise((resolve) => {
            const line = typed.shift()
            if (line !== undefined) return resolve(line)
            signal?.addEventListener('abort', () => resolve(undefined))
            if (signal?.aborted === true) resolve(undefined)
          }),
      },
      output: openOutput({ stdout: stream, stderr: stream, json: false, ascii: false, color: false }),
      by: 'ann',
      signal: new AbortController().signal,
    },
    () => new Promise((resolve) => (wake = resolve)),
  )
  return { run, intents, asked, wake: () => wake?.(), text: () => text }
}

test('a person ends the wait in plain lines', async () => {
  const { intents, asked, text } = open('what', 'now', 'stop h1')
  await asked
  expect(intents.map(({ type }) => type)).toEqual(['try-now', 'stop-waiting'])
  expect(text()).toContain('h1: waited for. Type now to try at once')
  expect(text()).toContain('type now, or stop')
})

test('a question that comes meanwhile withdraws it', async () => {
  const { run, asked, wake, intents } = open()
  run.tell(...failed('a', 'h2'))
  wake()
  await asked
  expect(intents).toEqual([])
})
