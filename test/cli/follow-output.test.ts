import { join } from 'node:path'
import { array, assert, asyncProperty, integer, string } from 'fast-check'
import { expect, test } from 'vitest'
import { openOutputWriter } from '../../src/adapters/journal/output-writer.ts'
import { brandAs, type JobId } from '../../src/core/base/ids.ts'
import { createOutputs } from '../../src/cli/client/follow-output.ts'
import type { OutputChunk } from '../../src/tui/run-client.ts'
import { makeFolder } from './cli-harness.ts'

const JOB = brandAs<JobId>('a1.1')

/** Follows a job whose output is written meanwhile; gives what was seen of standard output. */
async function follow(stored: string, live: readonly string[], tailBytes: number) {
  const outputs = join(makeFolder({ 'out/.keep': '' }), 'out')
  const writer = await openOutputWriter(outputs, { job: JOB, stream: 'stdout' })
  if (stored !== '') await writer.append(Buffer.from(stored))
  const listeners = new Set<() => void>()
  let isOver = false
  const chunks: OutputChunk[] = []
  const stop = createOutputs({
    outputs,
    onNews: (_job, listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    isOver: () => isOver,
  }).follow(JOB, { tailBytes, onChunk: (chunk) => chunks.push(chunk) })
  const text = () => chunks.map(({ bytes }) => Buffer.from(bytes).toString()).join('')
  for (const each of live) {
    await writer.append(Buffer.from(each))
    // Told twice, or not at all: the offset decides.
    for (const listener of listeners) listener()
    if (each.length % 2 === 0) for (const listener of listeners) listener()
  }
  isOver = true
  await writer.finish()
  await writer.close()
  const all = stored + live.join('')
  // Told, or said to be left out; nothing twice.
  const seen = () => (chunks[0]?.skippedBytes ?? 0) + text().length
  await expect.poll(seen, { timeout: 20_000 }).toBe(all.length)
  stop()
  expect(listeners.size).toBe(0)
  return { text: text(), all, skipped: chunks[0]?.skippedBytes ?? 0 }
}

test('what is stored and what comes is told once, without a gap', async () => {
  const { text, all, skipped } = await follow('one\ntwo\n', ['thr', 'ee\n', 'four\n'], 1_000_000)
  expect({ text, skipped }).toEqual({ text: all, skipped: 0 })
})

test('a tail begins behind a line break and says what is before it', async () => {
  const { text, all, skipped } = await follow('one\ntwo\nthree\n', [], 8)
  expect(text).toBe('three\n')
  expect(skipped).toBe(all.length - text.length)
})

test('a stream that is not begun yet is told from its start', async () => {
  expect((await follow('', ['late\n'], 100)).text).toBe('late\n')
})

test('what is stored is told stream by stream, the same at every opening', async () => {
  const outputs = join(makeFolder({ 'out/.keep': '' }), 'out')
  for (const [stream, text] of [
    ['stderr', 'e1\ne2\n'],
    ['stdout', 'o1\no2\n'],
  ] as const) {
    const writer = await openOutputWriter(outputs, { job: JOB, stream })
    await writer.append(Buffer.from(text))
    await writer.finish()
    await writer.close()
  }
  for (let opening = 0; opening < 5; opening += 1) {
    const chunks: OutputChunk[] = []
    const source = { outputs, onNews: () => () => true, isOver: () => true }
    const stop = createOutputs(source).follow(JOB, { tailBytes: 100, onChunk: (chunk) => chunks.push(chunk) })
    await expect.poll(() => chunks.length, { timeout: 20_000 }).toBe(2)
    stop()
    expect(chunks.map(({ stream, isStored }) => [stream, isStored])).toEqual([
      ['stdout', true],
      ['stderr', true],
    ])
  }
})

const LINE = string({ unit: 'grapheme-ascii', maxLength: 30 }).map((text) => `${text.replaceAll('\n', '')}\n`)

test('any split into stored, live and tail gives an end of the stream', async () => {
  const splits = asyncProperty(
    array(LINE, { maxLength: 20 }),
    array(LINE, { maxLength: 10 }),
    // Without a tail nothing is told until more comes.
    integer({ min: 1, max: 200 }),
    async (stored, live, tailBytes) => {
      const { text, all } = await follow(stored.join(''), live, tailBytes)
      expect(all.endsWith(text)).toBe(true)
    },
  )
  await assert(splits, { numRuns: 30 })
})
