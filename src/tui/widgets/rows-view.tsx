import { Text } from 'ink'
import type { ReactElement } from 'react'
import type { Row } from '../term/row.ts'
import { paintRows, type Theme } from '../term/theme.ts'

/** Rows that are cut to their width already, a text each: a row that stays the same is not worked on again. */
export function RowsView({
  rows,
  theme,
  isAscii,
}: {
  readonly rows: readonly Row[]
  readonly theme: Theme
  readonly isAscii: boolean
}): readonly ReactElement[] {
  return rows.map((row, index) => (
    // A row is its place on the screen.
    <Text key={index} wrap="truncate">
      {paintRows([row], theme, isAscii) || ' '}
    </Text>
  ))
}
