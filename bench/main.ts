// `npm run bench`: measures, prints a table, and asserts nothing. Options: --quick, --only NAME, --json FILE.
import { writeFileSync } from 'node:fs'
import { cpus, loadavg, release } from 'node:os'
import { parseArgs } from 'node:util'
import { formatFigures, type Figure } from './figure.ts'
import { measureInFreshProcess } from './in-fresh-process.ts'
import { measureHostSteps } from './host-steps.ts'
import { measureParts, PART_NAMES } from './parts.ts'
import { measureVersion } from './version.ts'

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean' }, only: { type: 'string' }, json: { type: 'string' } },
})
const isQuick = options.quick === true

/** A part measures once what a person waits for once; so many fresh processes give a median. */
const PART_REPETITIONS = 3
const SIZES = [
  { count: 1, repetitions: 7 },
  { count: 10, repetitions: 5 },
  { count: 50, repetitions: 3 },
]
const QUICK_SIZES = [
  { count: 1, repetitions: 2 },
  { count: 5, repetitions: 2 },
]

const MEASURES: Readonly<Record<string, () => Promise<Figure[]> | Figure[]>> = {
  version: () => measureVersion(isQuick ? 9 : 25),
  hosts: () => measureHostSteps({ sizes: isQuick ? QUICK_SIZES : SIZES }),
  memory: async () => (await import('./memory.ts')).measureMemory(isQuick ? 20 : 100),
  ...Object.fromEntries(PART_NAMES.map((name) => [name, () => measureParts(name, isQuick)])),
}

// Leaves through `exit`, which stops the daemons.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))

if (options.only !== undefined && MEASURES[options.only] === undefined) {
  console.error(`There is no measure ${options.only}; there are: ${Object.keys(MEASURES).join(', ')}.`)
  process.exit(2)
}

const figures: Figure[] = []
if (options.only === undefined) {
  for (const name of Object.keys(MEASURES)) {
    const times = PART_NAMES.includes(name) && !isQuick ? PART_REPETITIONS : 1
    figures.push(...(await measureInFreshProcess(name, { times, isQuick })))
  }
} else {
  console.error(`measuring: ${options.only}`)
  figures.push(...(await MEASURES[options.only]!()))
}
const load = loadavg()[0]!.toFixed(1)
const machine = {
  cores: cpus().length,
  model: cpus()[0]?.model ?? '',
  kernel: release(),
  node: process.version,
  load,
}
console.log(formatFigures(figures))
console.log(
  `\nMedians, on ${machine.cores} cores (${machine.model}), Node ${machine.node}, load ${load} at the end; nothing is asserted.`,
)
if (options.json !== undefined)
  writeFileSync(options.json, `${JSON.stringify({ machine, quick: isQuick, figures }, null, 2)}\n`)
