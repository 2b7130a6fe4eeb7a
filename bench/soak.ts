// `node bench/soak.ts [MINUTES]`: what the screen of a run that prints 10,000 lines a second holds in memory, each minute.
import { startLiveRun } from './support/live-run.ts'

/** Long enough that what piles up is seen. */
const MINUTES = Number(process.argv[2] ?? 10)
const LINES_PER_SECOND = 10_000
/** Above this a screen is too large, in MiB. */
const LIMIT_MB = 220

const live = await startLiveRun({ linesPerSecond: LINES_PER_SECOND, seconds: MINUTES * 60 + 30 })
try {
  const memoryMb: number[] = []
  for (let minute = 1; minute <= MINUTES; minute += 1) {
    await new Promise((resolve) => {
      setTimeout(resolve, 60_000)
    })
    // What was drawn is of no interest here.
    live.program.written = ''
    memoryMb.push(Math.round(live.program.readMemoryMib()))
    console.error(`minute ${minute}: ${memoryMb.at(-1)} MiB`)
  }
  const largest = Math.max(...memoryMb)
  console.log(JSON.stringify({ minutes: MINUTES, linesPerSecond: LINES_PER_SECOND, memoryMb, largest }))
  console.log(`${largest <= LIMIT_MB ? 'within' : 'ABOVE'} ${LIMIT_MB} MiB`)
  await live.leave()
} finally {
  live.remove()
}
process.exit()
