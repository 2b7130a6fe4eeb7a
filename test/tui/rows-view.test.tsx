import { render } from 'ink-testing-library'
import { expect, test } from 'vitest'
import { word } from '../../src/tui/term/row.ts'
import { ANSI_THEME, MONO_THEME } from '../../src/tui/term/theme.ts'
import { RowsView } from '../../src/tui/widgets/rows-view.tsx'

const ROWS = [[word('one ', 'strong'), word('two')], [word('it’s …', 'selected')]]

test('rows become lines in their order', () => {
  const { lastFrame, unmount } = render(<RowsView rows={ROWS} theme={MONO_THEME} isAscii={true} />)
  expect(lastFrame()?.replace(/\u001b\[[\d;]*m/g, '')).toBe("one two\nit's ~")
  unmount()
})

test('no rows take no room', () => {
  const { lastFrame, unmount } = render(<RowsView rows={[]} theme={ANSI_THEME} isAscii={false} />)
  expect(lastFrame()).toBe('')
  unmount()
})
