import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { OpenJournalFile } from '../../../src/adapters/journal/journal-file.ts'
import type { Fault } from './fault-file.ts'
import { buildFaultyFile } from './fault-file.ts'
import { buildDirectory, buildRun, reopen } from './run-builder.ts'

/** Counts the files that are open; one that is forgotten is an error of the process some time later. */
function countOpen(openFile: OpenJournalFile) {
  let open = 0
  const counting: OpenJournalFile = async (path) => {
    const file = await openFile(path)
    open += 1
    const close = async (): Promise<void> => {
      await file.close()
      open -= 1
    }
    return { ...file, close }
  }
  return { openFile: counting, open: () => open }
}

const PAUSED = { type: 'run-paused', reason: 'journal-error' }

/** Appends one by one until a fault strikes; gives what was acknowledged. */
async function appendUntilFault(run: Awaited<ReturnType<typeof buildRun>>, count: number) {
  const acknowledged = [...run.records]
  let refused = 0
  for (let n = 0; n < count; n += 1) {
    try {
      acknowledged.push(...(await run.store.append([{ type: 'x', n, pad: 'p'.repeat(900) }])))
      expect(refused).toBe(0)
    } catch {
      refused += 1
    }
  }
  return { acknowledged, refused }
}

const FAULTS: Fault[] = [2, 3, 7].flatMap((nth) => [
  { call: 'write', nth, code: 'ENOSPC' },
  { call: 'write', nth, code: 'short' },
  { call: 'write', nth, code: 'EIO' },
  { call: 'datasync', nth, code: 'EIO' },
  { call: 'datasync', nth, code: 'EDQUOT' },
])

test.each(FAULTS)('after $code at $call $nth nothing is appended but a durable pause', async (fault) => {
  const run = await buildRun({ openFile: buildFaultyFile(fault) })
  const { acknowledged, refused } = await appendUntilFault(run, 10)
  expect([acknowledged.length, refused]).toEqual([fault.nth - 1, 12 - fault.nth - 0])
  expect(run.notices.length).toBe(1)
  const pause = await run.notices[0].pause
  expect(pause?.event).toMatchObject(PAUSED)
  expect(existsSync(join(run.store.directory, 'ballast'))).toBe(false)
  await expect(run.store.saveHead()).rejects.toThrow('takes no more')
  await run.store.close()
  const again = await reopen(run.state, run.store.run)
  expect([again.kind, again.records]).toEqual(['ok', [...acknowledged, pause]])
  expect(existsSync(join(run.store.directory, 'ballast'))).toBe(true)
  await again.store.append([{ type: 'resumed' }])
})

test.each<Fault>([
  { call: 'write', nth: 4, code: 'EIO', lasting: true },
  { call: 'write', nth: 4, code: 'short', lasting: true },
  { call: 'datasync', nth: 4, code: 'EIO', lasting: true },
])('a disk that stays broken ($code at $call) loses nothing that was acknowledged', async (fault) => {
  const files = countOpen(buildFaultyFile(fault))
  const run = await buildRun({ openFile: files.openFile })
  const { acknowledged } = await appendUntilFault(run, 6)
  expect(await run.notices[0].pause).toBeNull()
  await run.store.close()
  expect(files.open()).toBe(0)
  const again = await reopen(run.state, run.store.run)
  expect(again.records.slice(0, 3)).toEqual(acknowledged)
  expect(
    again.records.slice(3).every(({ event }) => /^(run-paused|journal-recovered)$/.test(event.type)),
  ).toBe(true)
})

test('where the journal cannot even be cut back, the half record is found torn', async () => {
  const failing = buildFaultyFile({ call: 'truncate', nth: 1, code: 'EIO' })
  const writing = buildFaultyFile({ call: 'write', nth: 3, code: 'short' })
  const run = await buildRun({
    openFile: async (path) => {
      const [file, { truncate, close }] = [await writing(path), await failing(path)]
      return { ...file, truncate, close: () => file.close().finally(close) }
    },
  })
  const { acknowledged } = await appendUntilFault(run, 3)
  expect(await run.notices[0].pause).toBeNull()
  await run.store.close()
  const again = await reopen(run.state, run.store.run)
  expect(again.kind).toBe('torn')
  expect(again.records.slice(0, -1)).toEqual(acknowledged)
})

test('appends that wait behind a failed one are refused too', async () => {
  const run = await buildRun({ openFile: buildFaultyFile({ call: 'datasync', nth: 3, code: 'EIO' }) })
  await run.store.append([{ type: 'a' }])
  const results = await Promise.allSettled([1, 2, 3].map((n) => run.store.append([{ type: 'b', n }])))
  expect(results.map((each) => each.status)).toEqual(['rejected', 'rejected', 'rejected'])
  await expect(run.store.append([{ type: 'c' }])).rejects.toMatchObject({ exitCode: 6 })
  expect(run.notices.length).toBe(1)
})

test('a really full disk ends in a short write or ENOSPC, a durable pause, and a run that goes on with room', async (context) => {
  const mounted = mountSmallDisk()
  if (mounted === null) {
    context.skip('no small tmpfs can be mounted here (needs root and CAP_SYS_ADMIN)')
    return
  }
  const run = await buildRun({}, mounted)
  const filler = join(mounted, 'filler')
  fillDisk(filler)
  const { acknowledged, refused } = await appendUntilFault(run, 40)
  expect(refused).toBeGreaterThan(0)
  const [notice] = run.notices
  expect(notice.reason).toMatch(/could be written|disk is full/)
  const pause = await notice.pause
  expect(pause?.event).toMatchObject(PAUSED)
  await run.store.close()
  rmSync(filler)
  const again = await reopen(run.state, run.store.run)
  expect([again.kind, again.records]).toEqual(['ok', [...acknowledged, pause]])
  await again.store.append([{ type: 'resumed' }])
  await again.store.close()
})

function mountSmallDisk(): string | null {
  const directory = join(buildDirectory(), 'disk')
  mkdirSync(directory, { mode: 0o700 })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k,mode=0700', 'tmpfs', directory], {
      stdio: 'ignore',
    })
  } catch {
    return null
  }
  onTestFinished(() => void execFileSync('umount', ['-l', directory]))
  return directory
}

/** Takes all room but what the journal's current page still has. */
function fillDisk(path: string): void {
  for (let size = 512; size > 0; size >>= 1) {
    try {
      for (let n = 0; n < 4; n += 1) writeFileSync(path, Buffer.alloc(size * 1024), { flag: 'a' })
    } catch {
      // Smaller pieces next.
    }
  }
}

test.each([
  ['EROFS', 'the file system is read-only'],
  ['EACCES', 'permission is denied'],
])(
  'a journal that cannot be opened for writing (%s) is told in words, and the run is free again',
  async (code, words) => {
    const { state, store } = await buildRun()
    await store.close()
    const openFile = () => Promise.reject(Object.assign(new Error(`${code}: injected`), { code }))
    const failed = await reopen(state, store.run, { openFile }).catch((error: unknown) => error)
    expect(failed).toMatchObject({
      name: 'EnvironmentError',
      exitCode: 6,
      message: expect.stringContaining(words),
    })
    await reopen(state, store.run)
  },
)
