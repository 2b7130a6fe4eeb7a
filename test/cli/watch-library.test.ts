import { spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { watchLibrary } from '../../src/cli/library/watch-library.ts'

/** A state directory, how often it was said to have changed, and a wait for the next time. */
function open(name?: string) {
  const parent = mkdtempSync(join(tmpdir(), 'hr-watch-'))
  const folder = name === undefined ? parent : join(parent, name)
  if (name === undefined) for (const kind of ['runs', 'labs']) mkdirSync(join(folder, kind))
  let times = 0
  let looks = 0
  const stop = watchLibrary(
    folder,
    () => (times += 1),
    () => (looks += 1),
  )
  onTestFinished(() => {
    stop()
    rmSync(parent, { recursive: true, force: true })
  })
  const looked = (more: number): Promise<void> =>
    vi.waitFor(() => expect(looks).toBeGreaterThanOrEqual(more), { timeout: 5000, interval: 20 })
  return {
    folder,
    stop,
    times: () => times,
    looks: () => looks,
    /** What was there before is watched. */
    ready: () => looked(2),
    looked,
    /** Something happens, and it is told of well before the slow tick. */
    tells: async (what: () => void): Promise<void> => {
      const before = times
      what()
      await vi.waitFor(() => expect(times).toBeGreaterThan(before), { timeout: 5000, interval: 20 })
    },
  }
}

function writeRun(folder: string, name: string): string {
  const directory = join(folder, 'runs', name)
  mkdirSync(directory)
  writeFileSync(join(directory, 'journal.jsonl'), 'first\n')
  return directory
}

test('a run that begins, goes on, is driven and is let go is told of', async () => {
  const watched = open()
  await watched.ready()
  let run = ''
  await watched.tells(() => (run = writeRun(watched.folder, 'aaaa-bbbb')))
  await watched.tells(() => appendFileSync(join(run, 'journal.jsonl'), 'second\n'))
  const holder = { pid: process.pid, host: 'here', operator: 'ann', since: '2030-01-02T03:04:05Z' }
  await watched.tells(() => writeFileSync(join(run, 'lock.json'), JSON.stringify(holder)))
  await watched.tells(() => rmSync(join(run, 'lock.json')))
})

test('the very first run of a person is told of', async () => {
  const watched = open('not-there-yet')
  await watched.ready()
  await watched.tells(() => {
    mkdirSync(join(watched.folder, 'runs'), { recursive: true })
    writeRun(watched.folder, 'aaaa-bbbb')
  })
})

test('a lab that goes up and down is told of', async () => {
  const watched = open()
  await watched.ready()
  const lab = join(watched.folder, 'labs', 'two-dc')
  await watched.tells(() => {
    mkdirSync(lab)
    writeFileSync(join(lab, 'lab.pid'), `${process.pid}\n`)
  })
  await watched.tells(() => rmSync(join(lab, 'lab.pid')))
})

test('what changes nothing that is listed is not told of', async () => {
  const watched = open()
  const run = writeRun(watched.folder, 'aaaa-bbbb')
  await watched.ready()
  const [looks, times] = [watched.looks(), watched.times()]
  writeFileSync(join(run, 'head.json'), '{}')
  await watched.looked(looks + 1)
  expect(watched.times() - times).toBeLessThanOrEqual(1)
  const settled = watched.times()
  const before = watched.looks()
  writeFileSync(join(run, 'head.json'), '{ }')
  await watched.looked(before + 1)
  expect(watched.times()).toBe(settled)
})

test('after the end nothing is told of, and no process is kept alive', async () => {
  const watched = open()
  await watched.ready()
  watched.stop()
  const looks = watched.looks()
  writeRun(watched.folder, 'aaaa-bbbb')
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 400)'])
  await new Promise((resolve) => child.once('exit', resolve))
  expect([watched.times(), watched.looks()]).toEqual([0, looks])
})
