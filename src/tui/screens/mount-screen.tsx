import { Readable } from 'node:stream'
import { render } from 'ink'
import type { Session } from '../control/session.ts'
import type { Theme } from '../term/theme.ts'
import { App, type SuspendTerminal } from './app.tsx'

/** Ink paints at once; frames are paced by the pump. */
const MAX_FPS = 240

/** The screen while Ink draws it. */
export type MountedScreen = {
  readonly redraw: () => void
  /** Gives the terminal away while `use` runs, then draws anew. */
  readonly suspend: (use: () => Promise<void>) => Promise<void>
  readonly unmount: () => Promise<void>
}

/** Lets Ink draw the session from now on; loaded apart, so that the first frame does not wait for it. */
export function mountScreen(session: Session, theme: Theme, stdout: NodeJS.WriteStream): MountedScreen {
  let suspendTerminal: SuspendTerminal | undefined
  const onReady = (suspend: SuspendTerminal): void => {
    suspendTerminal = suspend
  }
  const instance = render(<App session={session} theme={theme} onReady={onReady} />, {
    stdin: deafStdin(),
    stdout,
    alternateScreen: true,
    interactive: true,
    incrementalRendering: true,
    patchConsole: false,
    exitOnCtrlC: false,
    maxFps: MAX_FPS,
  })
  return {
    redraw: () => {
      instance.clear()
      session.update({ ...session.ui })
    },
    suspend: async (use) => suspendTerminal?.(use),
    unmount: async () => {
      instance.unmount()
      await instance.waitUntilExit().catch(() => undefined)
    },
  }
}

/** Ink never reads: keys are taken apart before it. */
function deafStdin(): NodeJS.ReadStream {
  const nothing = { isTTY: true, setRawMode: () => {}, ref: () => {}, unref: () => {} }
  return Object.assign(new Readable({ read: () => {} }), nothing) as unknown as NodeJS.ReadStream
}
