// Parts that measure themselves; one that is missing says so in words.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { atMost, type Figure } from './figure.ts'

type Part = {
  readonly file: string
  readonly measure: string
  /** Limits by the name of the number, in its own unit. */
  readonly limits?: Readonly<Record<string, number>>
}

/** A key that is felt at once; what a screen may hold; what a person calls a start. */
const TUI_LIMITS: Readonly<Record<string, number>> = {
  firstFrameRatio: 3.5,
  ...Object.fromEntries(
    ['screen', 'live'].flatMap((kind) =>
      (
        [
          [0, 33],
          [10_000, 33],
          [100_000, 50],
        ] as const
      ).flatMap(([lines, keyMs]) => [
        [`${kind} ${lines} lines/s keyP95Ms`, keyMs],
        [`${kind} ${lines} lines/s memoryMb`, 220],
      ]),
    ),
  ),
}

/** The limits are those that a person notices: a second of waiting. */
const PARTS: Readonly<Record<string, Part>> = {
  journal: { file: 'journal.ts', measure: 'measureJournal', limits: { openMs: 1000 } },
  plan: { file: 'plan.ts', measure: 'measurePlan', limits: { planMs: 1000 } },
  parse: { file: 'parse.ts', measure: 'measureParse' },
  'run-state': { file: 'run-state.ts', measure: 'measureRunState', limits: { replayMs: 1000, selectMs: 1 } },
  tui: { file: 'tui.ts', measure: 'measureTui', limits: TUI_LIMITS },
  open: { file: 'open.ts', measure: 'measureOpen', limits: { openMs: 1000 } },
}

export const PART_NAMES: readonly string[] = Object.keys(PARTS)

/** Measures one part and gives each number that it found as a figure. */
export async function measureParts(name: string, isQuick: boolean): Promise<Figure[]> {
  const { file, measure, limits = {} } = PARTS[name]!
  if (isQuick && (name === 'tui' || name === 'open'))
    return [{ name, unit: '', note: 'left out with --quick' }]
  const path = join(import.meta.dirname, file)
  if (!existsSync(path)) return [{ name, unit: '', note: `not measured: there is no bench/${file}` }]
  const found: unknown = await import(path).then((part: Record<string, unknown>) => {
    const run = part[measure]
    if (typeof run !== 'function') throw new Error(`bench/${file} has no ${measure}`)
    return run() as unknown
  })
  return Object.entries(found ?? {}).flatMap(([key, value]) =>
    typeof value === 'number' ? [describeNumber(`${name} ${key}`, value, limits[key])] : [],
  )
}

function describeNumber(name: string, value: number, limit: number | undefined): Figure {
  const goal =
    limit === undefined
      ? {}
      : { goal: { ...atMost(value, limit, `≤ ${limit} ${selectUnit(name)}`.trimEnd()), limit } }
  return { name, unit: selectUnit(name), ours: value, ...goal }
}

function selectUnit(name: string): Figure['unit'] {
  if (name.endsWith('MibPerSecond')) return 'MiB/s'
  if (name.endsWith('PerSecond')) return '/s'
  if (name.endsWith('Mb')) return 'MB'
  return name.endsWith('Ms') ? 'ms' : ''
}
