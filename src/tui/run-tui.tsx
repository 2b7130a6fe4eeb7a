import { Readable } from 'node:stream'
import { render, type Instance } from 'ink'
import { Session } from './control/session.ts'
import type { TerminalPort } from './control/session-port.ts'
import type { Library } from './library.ts'
import type { RunClient } from './run-client.ts'
import { App, type SuspendTerminal } from './screens/app.tsx'
import { NODE_TIMERS } from './store/pump.ts'
import type { Capabilities } from './term/capabilities.ts'
import { ASCII_GLYPHS, UNICODE_GLYPHS } from './term/glyphs.ts'
import { readInput, type InputReader, type InputStream } from './term/read-input.ts'
import { ENTER_MODES, LEAVE_MODES, formatClipboard, formatTitle } from './term/sequences.ts'
import { ANSI_THEME, MONO_THEME } from './term/theme.ts'
import { buildClosingLines } from './view-models/closing-lines.ts'

/** Ink paints at once; frames are paced by the pump. */
const MAX_FPS = 240

/** Why the screen was left. The run goes on, unless it was over. */
export type TuiExit = 'detached' | 'left' | 'hangup' | 'terminated' | 'finished'

export type TuiOptions = {
  /** A run to show; without one, the home screen of `library`. */
  readonly client?: RunClient
  readonly library?: Library
  readonly streams: { readonly stdin: NodeJS.ReadStream; readonly stdout: NodeJS.WriteStream }
  readonly capabilities: Capabilities
}

/**
 * Shows the full screen until it is left; both streams must be terminals. The terminal is as it was before on every
 * way out but SIGKILL; nothing that runs on a host is ended by leaving.
 */
export async function runTui(options: TuiOptions): Promise<TuiExit> {
  const { stdin, stdout } = options.streams
  const { promise, resolve } = Promise.withResolvers<TuiExit>()
  let instance: Instance | undefined
  let suspendTerminal: SuspendTerminal | undefined
  let reader: InputReader | undefined
  const terminal: TerminalPort = {
    leave: (why) => resolve(why),
    redraw: () => {
      instance?.clear()
      session.update({ ...session.ui })
    },
    suspend: () => void suspendProcess({ suspendTerminal, reader, stdout }),
    copy: (text) => void stdout.write(formatClipboard(text)),
    setTitle: (title) => void stdout.write(formatTitle(title)),
  }
  const session = new Session({
    ...(options.client === undefined ? {} : { client: options.client }),
    ...(options.library === undefined ? {} : { library: options.library }),
    size: readSize(stdout),
    glyphs: options.capabilities.isAscii ? ASCII_GLYPHS : UNICODE_GLYPHS,
    timers: NODE_TIMERS,
    wallMs: () => Date.now(),
    terminal,
  })
  const onResize = (): void => session.resize(readSize(stdout))
  // A terminal that is gone fails each write; that is a way to detach, not an error.
  const onLost = (): void => resolve('hangup')
  stdout.on('error', onLost)
  stdin.on('error', onLost)
  const unhook = hookSignals(resolve)
  const restore = (): void => {
    reader?.pause()
    stdout.write(LEAVE_MODES)
  }
  process.once('exit', restore)
  try {
    reader = readInput(stdin as InputStream, NODE_TIMERS, {
      onEvent: (event) => session.handle(event),
      onEnd: () => resolve('hangup'),
    })
    // Raw mode before anything is drawn: what is typed at the first glance is a key, not a signal of the line discipline.
    reader.resume()
    stdout.write(ENTER_MODES)
    // Before Ink draws, so that the new size is known when it lays out.
    stdout.prependListener('resize', onResize)
    instance = render(
      <App
        session={session}
        theme={options.capabilities.hasColor ? ANSI_THEME : MONO_THEME}
        onReady={(suspend) => {
          suspendTerminal = suspend
        }}
      />,
      {
        stdin: deafStdin(),
        stdout,
        alternateScreen: true,
        interactive: true,
        incrementalRendering: true,
        patchConsole: false,
        exitOnCtrlC: false,
        maxFps: MAX_FPS,
      },
    )
    const exit = await promise
    const closing = session.client === undefined ? [] : buildClosingLines(session.client)
    const isOver = session.client?.state.status === 'finished' || session.client?.state.status === 'aborted'
    instance.unmount()
    await instance.waitUntilExit().catch(() => undefined)
    if (exit !== 'hangup') stdout.write(closing.map((line) => `${line}\n`).join(''))
    return isOver && exit === 'detached' ? 'finished' : exit
  } finally {
    instance?.unmount()
    stdout.off('resize', onResize)
    session.close()
    restore()
    process.off('exit', restore)
    unhook()
    // Errors of writes that are still under way come later: the listeners stay while the process ends.
  }
}

function readSize({ columns, rows }: NodeJS.WriteStream): { cols: number; rows: number } {
  return { cols: columns || 80, rows: rows || 24 }
}

/** Ink never reads: keys are taken apart before it. */
function deafStdin(): NodeJS.ReadStream {
  return Object.assign(new Readable({ read: () => {} }), {
    isTTY: true,
    setRawMode: () => {},
    ref: () => {},
    unref: () => {},
  }) as unknown as NodeJS.ReadStream
}

/** A lost terminal or a wish of the system to end lets go of the run; both are ways to detach. */
function hookSignals(resolve: (exit: TuiExit) => void): () => void {
  const hangup = (): void => resolve('hangup')
  const terminate = (): void => resolve('terminated')
  process.on('SIGHUP', hangup)
  process.on('SIGTERM', terminate)
  process.on('SIGINT', terminate)
  return () => {
    process.off('SIGHUP', hangup)
    process.off('SIGTERM', terminate)
    process.off('SIGINT', terminate)
  }
}

type Suspension = {
  readonly suspendTerminal: SuspendTerminal | undefined
  readonly reader: InputReader | undefined
  readonly stdout: NodeJS.WriteStream
}

/** Ctrl+Z: gives the terminal back, stops the whole job as the shell expects, and draws again when it goes on. */
async function suspendProcess({ suspendTerminal, reader, stdout }: Suspension): Promise<void> {
  if (suspendTerminal === undefined) return
  // Something must keep the loop alive while nothing is read.
  const keepAlive = setInterval(() => {}, 1000)
  try {
    await suspendTerminal(async () => {
      reader?.pause()
      stdout.write(LEAVE_MODES)
      process.kill(0, 'SIGTSTP')
      // The stop takes effect while the loop turns; this goes on after `fg`.
      await new Promise((resolve) => {
        setTimeout(resolve, 20)
      })
      stdout.write(ENTER_MODES)
      reader?.resume()
    })
  } finally {
    clearInterval(keepAlive)
  }
}
