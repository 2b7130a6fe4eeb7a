import { expect, test } from 'vitest'
import type { JobId } from '../../src/core/base/ids.ts'
import type { OutputChunk } from '../../src/tui/run-client.ts'
import { LogRing, MAX_RING_LINES } from '../../src/tui/store/log-ring.ts'
import { createLogStore } from '../../src/tui/store/log-store.ts'
import { createPump, FRAMES_PER_SECOND } from '../../src/tui/store/pump.ts'
import { FakeTimers } from './support/mount-screen.tsx'

const out = (text: string): OutputChunk => ({ stream: 'stdout', bytes: Buffer.from(text) })

test('many changes are drawn at most thirty times a second, and the last one is drawn', () => {
  const timers = new FakeTimers()
  let frames = 0
  const pump = createPump(timers, () => (frames += 1))
  for (let ms = 0; ms < 1000; ms += 1) {
    pump.mark()
    timers.pass(1)
  }
  timers.pass(100)
  expect(frames).toBeGreaterThan(FRAMES_PER_SECOND - 3)
  expect(frames).toBeLessThanOrEqual(FRAMES_PER_SECOND + 2)
})

test('a slow frame halves the rate until frames are quick again', () => {
  const timers = new FakeTimers()
  const times: number[] = []
  const pump = createPump(timers, () => {
    times.push(timers.nowMs())
    if (times.length < 4) timers.pass(60)
  })
  for (let turn = 0; turn < 12; turn += 1) {
    pump.mark()
    timers.pass(1000)
  }
  expect(times.length).toBe(12)
})

test('the ring keeps the last lines, counts those that are gone, and finds by number', () => {
  const ring = new LogRing()
  ring.push(out(Array.from({ length: MAX_RING_LINES + 5000 }, (_, index) => `line ${index}\n`).join('')))
  expect(ring.length).toBe(MAX_RING_LINES)
  expect(ring.dropped).toBe(5000)
  expect(ring.slice(ring.end - 1, ring.end)[0]?.text).toBe(`line ${MAX_RING_LINES + 4999}`)
  expect(ring.find('line 5000', ring.end, -1)).toBe(5000)
  expect(ring.find('LINE 5000', ring.end, -1)).toBeUndefined()
  expect(ring.slice(0, 5001).map(({ text }) => text)).toEqual(['line 5000'])
})

test('a line that has not ended is shown as it is now', () => {
  const ring = new LogRing()
  ring.push(out('done\n10%\r20%'))
  expect(ring.slice(0, ring.end).map(({ text }) => text)).toEqual(['done', '20%'])
})

test('output that comes faster than it can be taken in leaves a gap that says so', () => {
  const timers = new FakeTimers()
  const feeds: ((chunk: OutputChunk) => void)[] = []
  const store = createLogStore(
    { follow: (_job, { onChunk }) => (feeds.push(onChunk), () => {}) },
    timers,
    () => {},
  )
  const ring = store.open('a1.1' as JobId)
  feeds[0]!(out('first\n'))
  timers.pass(1)
  feeds[0]!(out('x'.repeat(399).concat('\n').repeat(15_000)))
  timers.pass(1000)
  const texts = ring.slice(0, ring.end).map(({ text }) => text)
  expect(texts.some((text) => /bytes are not shown here/.test(text))).toBe(true)
  expect(texts.at(-1)).toBe('x'.repeat(399))
})

test('what is read back says that the order among its streams is not kept, and what comes live that it is', () => {
  const ring = new LogRing()
  const push = (stream: 'stdout' | 'stderr', text: string, isStored: boolean): void =>
    ring.push({ stream, bytes: Buffer.from(text), isStored })
  push('stdout', 'o1\n', true)
  push('stdout', 'o2\n', true)
  push('stderr', 'e1\n', true)
  push('stdout', 'o3\n', false)
  push('stderr', 'e2\n', false)
  expect(ring.slice(0, ring.end).map(({ text }) => text)).toEqual([
    'o1',
    'o2',
    expect.stringContaining('is not kept'),
    'e1',
    expect.stringContaining('in the order in which it came'),
    'o3',
    'e2',
  ])
})

test('one stream alone that is read back says nothing about an order', () => {
  const ring = new LogRing()
  ring.push({ stream: 'stderr', bytes: Buffer.from('e1\n'), isStored: true })
  ring.push({ stream: 'stdout', bytes: Buffer.from('o1\n') })
  expect(ring.slice(0, ring.end).map(({ text }) => text)).toEqual(['e1', 'o1'])
})
