import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder, runIn } from './cli-harness.ts'
import { buildOutlineStep, writeRun } from './run-fixture.ts'

const NO_TERMINAL = Object.assign(Object.create(process.stdin) as NodeJS.ReadStream, { isTTY: false })

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

test.each([
  ['other', 'other'],
  ["o'ther one", String.raw`'o'\''ther one'`],
])('what to type next goes to the state directory that was given: %s', async (name, word) => {
  const folder = makeFolder()
  const steps = [buildOutlineStep('restart', ['a1'])]
  const run = await writeRun(folder, steps, [])
  renameSync(join(folder, '.state'), join(folder, name))
  const { last } = await runIn(folder, ['--state-dir', name, 'watch', run], { stdin: NO_TERMINAL })
  expect(last).toBe(`Next: handrail --state-dir ${word} open ${run}`)
  const shown = await runIn(folder, ['show', run, `--state-dir=${name}`])
  expect(shown.stdout).toContain(`Next: handrail --state-dir ${word} resume ${run}`)
  const wrong = await runIn(folder, ['show', 'zzzz', '--state-dir', name])
  expect(wrong.last).toBe(`Next: handrail --state-dir ${word} runs`)
})
