import { expect } from 'vitest'
import { testUnless } from '../support/skip.ts'
import { runCrash } from '../engine/support/sim/crash-run.ts'

const one = process.env['HANDRAIL_SIM_SEED']
const count = Number(process.env['HANDRAIL_SIM_RUNS'] ?? 1000)

testUnless(one === undefined ? 'no seed was asked for: HANDRAIL_SIM_SEED=N runs one' : undefined)(
  'the run of one seed keeps every promise',
  async () => {
    const report = await runCrash(Number(one), (line) => console.log(line))
    console.log(report)
    expect(['finished', 'aborted']).toContain(report.status)
  },
)

testUnless(one === undefined ? undefined : `only seed ${one} was asked for`)(
  `${count} runs with crashes, lost lines and reboots keep every promise`,
  async () => {
    const failures: string[] = []
    let lives = 0
    let events = 0
    for (let seed = 1; seed <= count; seed += 1) {
      try {
        const report = await runCrash(seed)
        lives += report.lives
        events += report.events
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error))
      }
    }
    console.log(`${count} runs, ${lives} lives, ${events} events`)
    if (failures.length > 0) console.log(`${failures.length} failed:\n${failures.slice(0, 10).join('\n')}`)
    expect(failures.map((failure) => failure.split('\n')[0])).toEqual([])
  },
)
