import { expect, test } from 'vitest'
import { runCrash } from './support/sim/crash-run.ts'

/** `npm run test:sim` does a thousand; these are the first of another row. */
const SEEDS = Array.from({ length: 100 }, (_, index) => 10_001 + index)

test(
  'a hundred runs with crashes, lost lines and reboots keep every promise',
  { timeout: 300_000 },
  async () => {
    const failures: string[] = []
    for (const seed of SEEDS) {
      try {
        await runCrash(seed)
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error))
      }
    }
    expect(failures).toEqual([])
  },
)

test('the same seed gives the same run', async () => {
  expect(await runCrash(7)).toEqual(await runCrash(7))
})
