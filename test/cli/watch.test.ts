import { expect, test } from 'vitest'
import { brandAs, type StepId } from '../../src/core/base/ids.ts'
import { makeFolder, runIn } from './cli-harness.ts'
import { buildOutlineStep, writeRun } from './run-fixture.ts'

const NO_TERMINAL = Object.assign(Object.create(process.stdin) as NodeJS.ReadStream, { isTTY: false })

test('without a terminal, looking at a run that nobody drives ends with how it stands', async () => {
  const folder = makeFolder()
  const run = await writeRun(
    folder,
    [buildOutlineStep('restart', ['a1'])],
    [
      { type: 'run-confirmed', by: 'ada', how: 'asked', ref: 'CHG123' },
      { type: 'step-began', step: brandAs<StepId>('restart') },
      { type: 'run-paused', reason: 'operator' },
    ],
  )
  const ran = await runIn(folder, ['watch', run], { stdin: NO_TERMINAL })
  expect(ran.exitCode).toBe(3)
  expect(ran.stdout).toContain(`watching run ${run}: nobody drives it`)
  expect(ran.stdout).toContain(`run ${run}: waits for a person`)
  expect(ran.last).toBe(`Next: handrail open ${run}`)
})
