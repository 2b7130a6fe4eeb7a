import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { brandAs, type StepId } from '../../src/core/base/ids.ts'
import { makeFolder, runIn } from './cli-harness.ts'
import { buildOutlineStep, writeRun } from './run-fixture.ts'

const step = brandAs<StepId>('a')

/** A run of two records more than its first, whose journal is then changed. */
async function setUp(change: (text: string) => string) {
  const folder = makeFolder()
  const run = await writeRun(
    folder,
    [buildOutlineStep('a', ['h1'])],
    [
      { type: 'run-confirmed', by: 'ada', how: 'asked' },
      { type: 'step-began', step },
    ],
  )
  const directory = join(folder, '.state', 'runs', run)
  const journal = join(directory, 'journal.jsonl')
  rmSync(join(directory, 'head.json'), { force: true })
  writeFileSync(journal, change(readFileSync(journal, 'utf8')))
  return { run, journal, go: (...args: string[]) => runIn(folder, args) }
}

test('a record that was cut short while it was written is told as that, with the way on', async () => {
  const { run, go } = await setUp((text) => text.slice(0, -20))
  const verified = await go('verify')
  expect(verified.exitCode).toBe(6)
  expect(verified.stdout).toContain(
    'journal: its last record was cut short while it was written, so nobody relied on it; the next resume sets it aside and goes on (line 4: ',
  )
  expect(verified.stdout).toContain(`run ${run} is not as it was recorded: 1 finding; 3 records`)
  expect(verified.last).toBe(`Next: handrail resume ${run}`)
  const shown = await go('show')
  expect(shown).toMatchObject({ exitCode: 6, last: `Next: handrail resume ${run}` })
  expect(shown.stdout).toContain('journal: its last record was cut short')
})

test('an end that may have been a whole record is told as that', async () => {
  const { go } = await setUp((text) => `${text.slice(0, -20)}\n`)
  const { stdout, exitCode } = await go('verify')
  expect(exitCode).toBe(6)
  expect(stdout).toContain(
    'journal: its end cannot be read, and may have held a record that others relied on;',
  )
})

test('damage before other records is told as that, and the run cannot go on', async () => {
  const damaged = await setUp((text) => text.replace('"by":"ada"', '"by":"eve"'))
  for (const { exitCode, stdout } of [await damaged.go('verify'), await damaged.go('show')]) {
    expect(exitCode).toBe(6)
    expect(stdout).toContain('journal: it was damaged or changed, so this run cannot go on (line 3: ')
  }
  expect((await damaged.go('verify')).last).toMatch(/^Next: handrail report \S+ --format md shows what can/)
})

test.each([
  ['emptied', () => ''],
  ['cut off within its first record', (text: string) => text.slice(0, 100)],
])('a journal that was %s is damaged for every command', async (_, change) => {
  const { run, go, journal } = await setUp(change)
  const words = `the journal of run ${run} holds not one whole record: either it was cut off at its very beginning, when nothing had been sent to a host, or its records were deleted`
  for (const args of [['show'], ['report'], ['log'], ['verify'], ['show', '--json'], ['resume', run]]) {
    const { exitCode, stderr, last } = await go(...args)
    expect([args, exitCode]).toEqual([args, 6])
    expect(stderr).toContain(words)
    expect(last).toBe('Next: handrail runs')
  }
  expect(JSON.parse((await go('runs', '--json')).stdout)).toMatchObject([{ run, state: 'damaged' }])
  appendFileSync(journal, '\n')
  expect((await go('verify')).exitCode).toBe(6)
})
