// `npm run bench`: measures, prints a table, and asserts nothing. Options: --quick, --only NAME, --json FILE.
import { writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { parseArgs } from 'node:util'
import { formatFigures, type Figure } from './figure.ts'
import { measureHostSteps } from './host-steps.ts'
import { measureParts, PART_NAMES } from './parts.ts'
import { measureVersion } from './version.ts'

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean' }, only: { type: 'string' }, json: { type: 'string' } },
})
const isQuick = options.quick === true

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

const names = options.only === undefined ? Object.keys(MEASURES) : [options.only]
const unknown = names.find((name) => MEASURES[name] === undefined)
if (unknown !== undefined) {
  console.error(`There is no measure ${unknown}; there are: ${Object.keys(MEASURES).join(', ')}.`)
  process.exit(2)
}

const figures: Figure[] = []
for (const name of names) {
  console.error(`measuring: ${name}`)
  try {
    figures.push(...(await MEASURES[name]!()))
  } catch (error) {
    figures.push({
      name,
      unit: '',
      note: `not measured: ${error instanceof Error ? error.message : String(error)}`,
    })
  }
}
const machine = {
  cores: cpus().length,
  model: cpus()[0]?.model ?? '',
  kernel: release(),
  node: process.version,
}
console.log(formatFigures(figures))
console.log(
  `\nMedians, on ${machine.cores} cores (${machine.model}), Node ${machine.node}; nothing is asserted.`,
)
if (options.json !== undefined)
  writeFileSync(options.json, `${JSON.stringify({ machine, quick: isQuick, figures }, null, 2)}\n`)
