import { Text } from 'ink'
import type { ReactElement } from 'react'
import type { Row } from '../term/row.ts'
import { paintRows, type Theme } from '../term/theme.ts'

/** Rows that are cut to their width already, as one text: nothing is measured or wrapped again. */
export function RowsView({
  rows,
  theme,
  isAscii,
}: {
  readonly rows: readonly Row[]
  readonly theme: Theme
  readonly isAscii: boolean
}): ReactElement | null {
  return rows.length === 0 ? null : <Text wrap="truncate">{paintRows(rows, theme, isAscii)}</Text>
}
