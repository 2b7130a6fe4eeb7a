import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder, runIn } from './cli-harness.ts'

/** Runs a command that ends with this error as soon as it prints. */
function runFailing(folder: string, args: readonly string[], error: Error) {
  const write = (): never => {
    throw error
  }
  return runIn(folder, args, { stdout: { write } })
}

test.each([[['--state-dir', 'other']], [['--state-dir=other']]])(
  'of a bug what is known is kept in the state directory that was given: %j',
  async (option) => {
    const folder = makeFolder()
    const { exitCode, last } = await runFailing(folder, ['keys', ...option], new TypeError('broken'))
    expect([exitCode, last]).toEqual([70, expect.stringContaining(join(folder, 'other', 'crashes'))])
    expect([existsSync(join(folder, 'other/crashes')), existsSync(join(folder, '.state'))]).toEqual([
      true,
      false,
    ])
  },
)

test('a failure of the disk in the state directory is no bug', async () => {
  const folder = makeFolder()
  const path = join(folder, 'other/runs/x/journal.jsonl')
  const error = Object.assign(new Error('EROFS: read-only file system, open'), { code: 'EROFS', path })
  const { exitCode, stderr, last } = await runFailing(folder, ['keys', '--state-dir', 'other'], error)
  expect(exitCode).toBe(6)
  expect(stderr).toContain(`cannot use ${path}: the file system is read-only`)
  expect(last).toMatch(/^Next: .*state directory/)
})

test('a failure of the disk elsewhere stays a bug', async () => {
  const error = Object.assign(new Error('EROFS'), { code: 'EROFS', path: '/elsewhere/file' })
  expect((await runFailing(makeFolder(), ['keys'], error)).exitCode).toBe(70)
})
