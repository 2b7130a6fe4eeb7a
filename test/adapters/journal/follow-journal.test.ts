import { appendFileSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { followJournal } from '../../../src/adapters/journal/follow-journal.ts'
import { listRuns } from '../../../src/adapters/journal/list-runs.ts'
import { buildRun } from './run-builder.ts'

function follow(directory: string, fromSeq: number) {
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const journal = followJournal(directory, fromSeq, { signal: stop.signal, pollMs: 20 })
  const next = async () => {
    const { value } = await journal.next()
    return value === undefined ? 'ended' : value.kind === 'record' ? value.record.seq : value.kind
  }
  return { next, stop }
}

test('a follower gets what is there from its number on, and then what comes', async () => {
  const { store } = await buildRun()
  await store.append([{ type: 'a' }, { type: 'b' }])
  const { next, stop } = follow(store.directory, 2)
  expect([await next(), await next()]).toEqual([2, 3])
  const waiting = next()
  await store.append([{ type: 'c' }])
  expect(await waiting).toBe(4)
  const last = next()
  stop.abort()
  expect(await last).toBe('ended')
})

test('a follower sees a record only when it is whole', async () => {
  const { store } = await buildRun()
  await store.append([{ type: 'a' }])
  const journal = join(store.directory, 'journal.jsonl')
  const [first, second] = readFileSync(journal, 'utf8').split('\n')
  truncateSync(journal, first.length + 1)
  const { next } = follow(store.directory, 1)
  expect(await next()).toBe(1)
  const waiting = next()
  appendFileSync(journal, second.slice(0, 50))
  appendFileSync(journal, second.slice(50))
  appendFileSync(journal, '\n')
  expect(await waiting).toBe(2)
})

test('a follower starts over when records that it saw were cut off and others written', async () => {
  const { store } = await buildRun()
  const journal = join(store.directory, 'journal.jsonl')
  await store.append([{ type: 'unacknowledged' }])
  const other = await buildRun()
  await other.store.append([{ type: 'a much longer event than the other one', note: 'x'.repeat(300) }])
  const { next } = follow(store.directory, 1)
  expect([await next(), await next()]).toEqual([1, 2])
  const waiting = next()
  truncateSync(journal, 0)
  appendFileSync(journal, readFileSync(join(other.store.directory, 'journal.jsonl')))
  expect(await waiting).toBe('restarted')
  expect([await next(), await next()]).toEqual([1, 2])
})

test('runs are listed newest first, by their first and last records', async () => {
  let wall = Date.parse('2026-01-02T00:00:00Z')
  const clock = { wallMs: () => wall, monoMs: () => 0 }
  const first = await buildRun({ clock })
  wall += 1000
  const second = await buildRun({ clock }, join(first.state, '..'))
  await second.store.append([{ type: 'x' }])
  appendFileSync(join(second.store.directory, 'journal.jsonl'), '{"torn')
  const runs = await listRuns(first.state)
  expect(runs.map(({ run, first: one, last }) => [run, one?.event.type, last?.event.type])).toEqual([
    [second.store.run, 'run-created', 'x'],
    [first.store.run, 'run-created', 'run-created'],
  ])
  truncateSync(join(second.store.directory, 'journal.jsonl'), 0)
  expect((await listRuns(first.state)).map(({ first: one }) => one?.run)).toEqual([
    first.store.run,
    undefined,
  ])
})

test('a long journal is read on without waiting, and without piling up waits', async () => {
  const { store } = await buildRun()
  for (let round = 0; round < 20; round += 1)
    await store.append(Array.from({ length: 100 }, () => ({ type: 'a', note: 'x'.repeat(3000) })))
  const warnings: Error[] = []
  const onWarning = (warning: Error): void => void warnings.push(warning)
  process.on('warning', onWarning)
  onTestFinished(() => void process.off('warning', onWarning))
  const { next } = follow(store.directory, 2001)
  expect(await next()).toBe(2001)
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
  expect(warnings).toEqual([])
})
