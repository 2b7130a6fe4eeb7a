import stringWidth from 'string-width'
import { brandAs } from '../../core/base/ids.ts'
import type { SafeText } from '../../core/base/safe-text.ts'
import { sanitizeLine } from '../../core/base/sanitize.ts'

/** Two blanks keep columns apart without lines between them. */
const GAP = '  '

/** Lays out rows in columns as wide as their widest cell; every cell is made safe first. The first row may be a heading. */
export function formatTable(rows: readonly (readonly string[])[]): readonly SafeText[] {
  const cells = rows.map((row) => row.map((cell) => sanitizeLine(cell)))
  const widths: number[] = []
  for (const row of cells)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, stringWidth(cell))
    })
  return cells.map((row) => {
    const padded = row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - stringWidth(cell)))
    return brandAs<SafeText>(padded.join(GAP).trimEnd())
  })
}
