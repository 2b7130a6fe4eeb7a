/** One line of the table: what we need, against what, and whether the goal is reached. Nothing here is asserted. */
export type Figure = {
  readonly name: string
  readonly unit: 'ms' | 'MB' | 'MiB/s' | '/s' | ''
  /** Median of the repetitions; absent when it could not be measured, and then `note` says why. */
  readonly ours?: number
  readonly reference?: { readonly name: string; readonly value: number }
  /** Where a ratio counts: `ours / reference`, or the other way round for a speed-up. */
  readonly ratio?: number
  readonly goal?: {
    readonly text: string
    readonly isReached: boolean
    /** Where the goal is on `ours` itself. */ readonly limit?: number
  }
  readonly note?: string
}

/** The middle one of the sorted values; NaN without any. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length % 2 === 1) return sorted[middle] ?? Number.NaN
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

/** The value below which this share of all lies: of an even number the upper of the two; 0 without any. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

/** A goal on `value` that is at most `limit`. */
export function atMost(value: number, limit: number, text: string): NonNullable<Figure['goal']> {
  return { text, isReached: value <= limit }
}

/** Formats the figures as a table with aligned columns. */
export function formatFigures(figures: readonly Figure[]): string {
  const rows = [
    ['figure', 'ours', 'reference', '', 'ratio', 'goal', 'reached?'],
    ...figures.map((figure) => [
      figure.name,
      formatValue(figure.ours, figure.unit),
      figure.reference?.name ?? '',
      formatValue(figure.reference?.value, figure.unit),
      figure.ratio === undefined ? '' : `${figure.ratio.toFixed(2)}×`,
      figure.goal?.text ?? '',
      figure.goal === undefined ? '' : figure.goal.isReached ? 'yes' : 'NO',
    ]),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
  const notes = figures.flatMap(({ name, note }) => (note === undefined ? [] : [`  ${name}: ${note}`]))
  return [...lines, ...(notes.length === 0 ? [] : ['', 'Notes:', ...notes])].join('\n')
}

function formatValue(value: number | undefined, unit: Figure['unit']): string {
  if (value === undefined) return ''
  const digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return unit === '' ? value.toFixed(digits) : `${value.toFixed(digits)} ${unit}`
}
