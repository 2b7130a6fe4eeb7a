import { Box, useApp, useCursor } from 'ink'
import { useEffect, type ReactElement } from 'react'
import { useStore } from 'zustand'
import type { Session } from '../control/session.ts'
import { ASCII_GLYPHS } from '../term/glyphs.ts'
import type { Theme } from '../term/theme.ts'
import { RowsView } from '../widgets/rows-view.tsx'

export type SuspendTerminal = ReturnType<typeof useApp>['suspendTerminal']

export type AppProps = {
  readonly session: Session
  readonly theme: Theme
  /** Given once: how to hand the terminal to something else. */
  readonly onReady: (suspendTerminal: SuspendTerminal) => void
}

/** The full screen: header, body, a sheet over its lower part, footer. Holds no state of its own. */
export function App({ session, theme, onReady }: AppProps): ReactElement {
  const { suspendTerminal } = useApp()
  const { setCursorPosition } = useCursor()
  useStore(session.store, ({ revision }) => revision)
  const { cols, rows } = useStore(session.store, ({ size }) => size)
  useEffect(() => onReady(suspendTerminal), [onReady, suspendTerminal])
  const view = session.view()
  const isAscii = session.options.glyphs === ASCII_GLYPHS
  setCursorPosition(view.cursor)
  return (
    <Box flexDirection="column" width={cols} height={rows}>
      <RowsView rows={view.header} theme={theme} isAscii={isAscii} />
      <RowsView rows={view.body} theme={theme} isAscii={isAscii} />
      <RowsView rows={view.sheet} theme={theme} isAscii={isAscii} />
      <RowsView rows={view.footer} theme={theme} isAscii={isAscii} />
    </Box>
  )
}
