import { execFileSync } from 'node:child_process'
import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openRun } from '../../../src/adapters/journal/run-store.ts'
import { buildLines } from '../../core/journal/journal-builder.ts'
import { buildOptions, buildRun, reopen } from './run-builder.ts'

test('what was appended is there when the run is opened again, and goes on', async () => {
  const { state, store, records } = await buildRun()
  const more = await store.append([{ type: 'a' }, { type: 'b', n: 1, gone: undefined }])
  expect(more.map((record) => record.event)).toEqual([{ type: 'a' }, { type: 'b', n: 1 }])
  await store.close()
  const again = await reopen(state, store.run, { session: 's2' })
  expect(again.kind).toBe('ok')
  expect(again.records).toEqual([...records, ...more])
  const [next] = await again.store.append([{ type: 'c' }], { actor: 'bob' })
  expect([next.seq, next.session, next.actor, next.prev]).toEqual([4, 's2', 'bob', more[1].h])
  expect(again.store.head()).toEqual({ seq: 4, h: next.h })
})

test('appends made at once are kept in order, and share their fdatasyncs', async () => {
  const { store } = await buildRun()
  const all = await Promise.all(Array.from({ length: 200 }, (_, n) => store.append([{ type: 'x', n }])))
  expect(all.map(([record]) => [record.seq, record.event['n']])).toEqual(
    Array.from({ length: 200 }, (_, n) => [n + 2, n]),
  )
})

test('an event that cannot be recorded is refused alone', async () => {
  const { state, store } = await buildRun()
  await expect(store.append([{ type: 'x' }, { type: 'y', seq: 1 }])).rejects.toThrow('reserved')
  const [record] = await store.append([{ type: 'z' }])
  expect(record.seq).toBe(2)
  await store.close()
  expect((await reopen(state, store.run)).records.map((each) => each.event.type)).toEqual([
    'run-created',
    'z',
  ])
})

test('a torn end is kept aside, cut off, and told as an event', async () => {
  const { state, store, records } = await buildRun()
  await store.close()
  const journal = join(store.directory, 'journal.jsonl')
  appendFileSync(journal, '{"v":1,"seq":2,"t":"20')
  const again = await reopen(state, store.run)
  expect(again.kind).toBe('torn')
  expect(again.records.slice(0, 1)).toEqual(records)
  expect(again.records[1].event).toEqual({
    type: 'journal-recovered',
    bytes: 22,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    file: 'journal.torn.2',
    suspicious: false,
  })
  expect(readFileSync(join(store.directory, 'journal.torn.2'), 'utf8')).toBe('{"v":1,"seq":2,"t":"20')
  await again.store.close()
  expect((await reopen(state, store.run)).kind).toBe('ok')
})

test('a torn end is kept under another name where an earlier copy has the first', async () => {
  const { state, store } = await buildRun()
  await store.close()
  writeFileSync(join(store.directory, 'journal.torn.2'), 'earlier')
  appendFileSync(join(store.directory, 'journal.jsonl'), 'torn')
  expect(await reopen(state, store.run)).toMatchObject({ kind: 'torn', file: 'journal.torn.2.1' })
  expect(readFileSync(join(store.directory, 'journal.torn.2'), 'utf8')).toBe('earlier')
})

test('a journal that lost records which head.json knows is corrupt, and is left as it is', async () => {
  const { state, store } = await buildRun()
  await store.append([{ type: 'x' }])
  expect(await store.saveHead()).toEqual(store.head())
  await store.close()
  const journal = join(store.directory, 'journal.jsonl')
  truncateSync(journal, readFileSync(journal).indexOf('\n') + 1)
  const before = statSync(journal)
  const opened = await openRun(state, store.run, buildOptions().options)
  expect(opened).toMatchObject({ kind: 'corrupt', reason: expect.stringContaining('head.json') })
  expect(statSync(journal).mtimeMs).toBe(before.mtimeMs)
  // The lock is free again.
  expect((await openRun(state, store.run, buildOptions().options)).kind).toBe('corrupt')
})

test('a journal that lacks a record which a host knows is corrupt', async () => {
  const { state, store } = await buildRun()
  const [record] = await store.append([{ type: 'x' }])
  await store.close()
  const known = { seq: record.seq, h: record.h, source: 'host c1' }
  const sound = await reopen(state, store.run, { knownHeads: [known] })
  await sound.store.close()
  const opened = await openRun(state, store.run, buildOptions({ knownHeads: [{ ...known, seq: 9 }] }).options)
  expect(opened).toMatchObject({ kind: 'corrupt', reason: expect.stringContaining('host c1') })
})

test('a run under an older lease than its last record is refused', async () => {
  const { state, store } = await buildRun({ fence: 3 })
  await store.close()
  await expect(openRun(state, store.run, buildOptions({ fence: 2 }).options)).rejects.toThrow('taken over')
  const again = await reopen(state, store.run)
  const [record] = await again.store.append([{ type: 'x' }])
  expect(record.fence).toBe(3)
})

test('everything of a run is private whatever the umask', async () => {
  const umask = process.umask(0)
  try {
    const { state, store } = await buildRun()
    await store.putValue('plan')
    await store.saveHead()
    const output = await store.openOutput('j.1' as never, 'stdout')
    await output.close()
    const open = execFileSync('find', [state, '-perm', '/077'], { encoding: 'utf8' })
    expect(open).toBe('')
    expect(readdirSync(store.directory).toSorted()).toEqual(
      [
        'ballast',
        'head.json',
        'journal.jsonl',
        'lock.db',
        'lock.json',
        'out',
        'snapshot',
        'values',
      ].toSorted(),
    )
  } finally {
    process.umask(umask)
  }
})

test('values and snapshots are found by digest, and refused when changed or missing', async () => {
  const { store } = await buildRun()
  const digest = await store.putValue('a plan\n')
  expect(await store.putValue('a plan\n')).toBe(digest)
  expect(await store.getValue(digest)).toBe('a plan\n')
  writeFileSync(join(store.directory, 'values', digest), 'another plan')
  await expect(store.getValue(digest)).rejects.toThrow('no longer matches')
  expect(await store.putValue('a plan\n')).toBe(digest)
  expect(await store.getValue(digest)).toBe('a plan\n')
  await expect(store.getValue('0'.repeat(64) as never)).rejects.toThrow('missing')
  await expect(store.getValue('../journal.jsonl' as never)).rejects.toThrow('not a digest')
  const files = [
    { path: 'runbooks/drain.md', text: '# Drain\r\n' },
    { path: 'inventory.yaml', text: 'handrail: 1\n' },
  ]
  const snapshot = await store.saveSnapshot(files)
  expect(await store.loadSnapshot(snapshot)).toEqual(files)
  const adopted = await store.saveSnapshot([{ path: 'runbooks/drain.md', text: '# Drain 2\n' }])
  expect(await store.loadSnapshot(snapshot)).toEqual(files)
  expect(adopted).not.toBe(snapshot)
})

test('a jump of the wall clock is recorded before the next event, once', async () => {
  let wall = 1_000_000
  let mono = 0
  const { store } = await buildRun({ clock: { wallMs: () => wall, monoMs: () => mono } })
  wall += 60_000
  mono += 60_000
  expect((await store.append([{ type: 'a' }])).map((each) => each.event)).toEqual([{ type: 'a' }])
  wall -= 7_200_000
  expect((await store.append([{ type: 'b' }])).map((each) => each.event)).toEqual([
    { type: 'clock-jumped', byMs: -7_200_000 },
    { type: 'b' },
  ])
  expect((await store.append([{ type: 'c' }])).length).toBe(1)
})

test('a journal that is full takes nothing but the pause that says so', async () => {
  const { state, store } = await buildRun()
  await store.close()
  const maxEvents = 500
  const lines = buildLines(maxEvents - 1, store.run)
  writeFileSync(join(store.directory, 'journal.jsonl'), lines.join(''))
  const full = await reopen(state, store.run, { maxEvents })
  expect((await full.store.append([{ type: 'last' }]))[0].seq).toBe(maxEvents)
  await expect(full.store.append([{ type: 'more' }])).rejects.toThrow('full')
  expect((await full.notices[0].pause)?.event).toMatchObject({ type: 'run-paused', reason: 'journal-error' })
  await full.store.close()
  expect((await reopen(state, store.run)).records.length).toBe(maxEvents + 1)
})
