import { isRunOver } from '../core/run/end-run.ts'
import { Session } from './control/session.ts'
import type { TerminalPort } from './control/session-port.ts'
import type { EditReview } from './edit-review.ts'
import type { Library } from './library.ts'
import type { RunClient } from './run-client.ts'
import type { MountedScreen } from './screens/mount-screen.tsx'
import { NODE_TIMERS } from './store/pump.ts'
import type { Capabilities } from './term/capabilities.ts'
import { ASCII_GLYPHS, UNICODE_GLYPHS } from './term/glyphs.ts'
import { createHandOver } from './term/hand-over.ts'
import { holdHeap } from './term/hold-heap.ts'
import { holdWarnings } from './term/hold-warnings.ts'
import { onContinue } from './term/on-continue.ts'
import { readInput, type InputReader, type InputStream } from './term/read-input.ts'
import {
  ENTER_MODES,
  ENTER_SCREEN,
  LEAVE_MODES,
  LEAVE_SCREEN,
  formatClipboard,
  formatTitle,
} from './term/sequences.ts'
import { suspendProcess } from './term/suspend-process.ts'
import { ANSI_THEME, MONO_THEME, paintRows } from './term/theme.ts'
import { buildClosingLines } from './view-models/closing-lines.ts'

/** Why the screen was left. The run goes on, unless it was over. */
export type TuiExit = 'detached' | 'left' | 'hangup' | 'terminated' | 'finished' | 'withdrawn' | 'undecided'

export type TuiOptions = {
  /** A run to show; without one, the home screen of `library`. */
  readonly client?: RunClient
  readonly library?: Library
  /** What has to be decided about the run before it is taken up. */
  readonly edit?: EditReview | Promise<EditReview | undefined>
  /** Takes up a run with what was decided, where there is no library. */
  readonly reopen?: Library['open']
  readonly streams: { readonly stdin: NodeJS.ReadStream; readonly stdout: NodeJS.WriteStream }
  readonly capabilities: Capabilities
  /** Leaves the screen without a word about the run when it aborts: somebody else tells why. */
  readonly leaveWhen?: AbortSignal
  /** How handrail is called in what is said last; just by its name unless told. */
  readonly command?: string
}

/**
 * Shows the full screen until it is left; both streams must be terminals. The terminal is as it was before on every
 * way out but SIGKILL; nothing that runs on a host is ended by leaving.
 */
export async function runTui(options: TuiOptions): Promise<TuiExit> {
  const { stdin, stdout } = options.streams
  const { promise, resolve } = Promise.withResolvers<TuiExit>()
  const mounted = Promise.withResolvers<MountedScreen>()
  let screen: MountedScreen | undefined
  let reader: InputReader | undefined
  const terminal: TerminalPort = {
    leave: (why) => resolve(why),
    redraw: () => screen?.redraw(),
    // A key may come before Ink does.
    suspend: () => void mounted.promise.then(({ suspend }) => suspendProcess({ suspend, reader, stdout })),
    copy: (text) => void stdout.write(formatClipboard(text)),
    setTitle: (title) => void stdout.write(formatTitle(title)),
    person: createHandOver({
      suspend: async (use) => (await mounted.promise).suspend(use),
      pauseKeys: () => {
        reader?.pause()
        stdout.write(LEAVE_MODES)
      },
      resumeKeys: () => {
        stdout.write(ENTER_MODES)
        reader?.resume()
      },
      stdin,
      stdout,
      term: process.env['TERM'] ?? 'xterm',
    }),
  }
  const session = createSession(options, terminal)
  const unhook = hookSignals(resolve)
  const releaseWarnings = holdWarnings()
  const offContinue = onContinue({ reader: () => reader, redraw: terminal.redraw, stdin, stdout })
  options.leaveWhen?.addEventListener('abort', () => resolve('withdrawn'), { once: true })
  // A terminal that is gone fails each write; that is a way to detach, not an error.
  const onLost = (): void => resolve('hangup')
  stdout.on('error', onLost)
  stdin.on('error', onLost)
  const onResize = (): void => session.resize(readSize(stdout))
  // Before Ink's own listener, so that the new size is known when it lays out.
  stdout.on('resize', onResize)
  const restore = (): void => {
    reader?.pause()
    stdout.write(LEAVE_MODES)
  }
  process.once('exit', restore)
  try {
    // Raw mode before anything is drawn: what is typed at the first glance is a key, not a signal of the line discipline.
    reader = readInput(stdin as InputStream, NODE_TIMERS, {
      onEvent: (event) => session.handle(event),
      onEnd: onLost,
    })
    reader.resume()
    const theme = options.capabilities.hasColor ? ANSI_THEME : MONO_THEME
    stdout.write(ENTER_MODES + ENTER_SCREEN + paintFirstFrame(session, options))
    const { mountScreen } = await import('./screens/mount-screen.tsx')
    screen = mountScreen(session, theme, stdout)
    mounted.resolve(screen)
    holdHeap()
    return await close(await promise, { session, screen, stdout, command: options.command })
  } finally {
    if (screen === undefined) stdout.write(LEAVE_SCREEN)
    await screen?.unmount()
    stdout.off('resize', onResize)
    session.close()
    restore()
    process.off('exit', restore)
    unhook()
    offContinue()
    releaseWarnings()
    // Errors of writes that are under way come later: those listeners stay while the process ends.
  }
}

function createSession(options: TuiOptions, terminal: TerminalPort): Session {
  return new Session({
    ...(options.client === undefined ? {} : { client: options.client }),
    ...(options.library === undefined ? {} : { library: options.library }),
    ...(options.edit === undefined ? {} : { edit: options.edit }),
    ...(options.reopen === undefined ? {} : { reopen: options.reopen }),
    size: readSize(options.streams.stdout),
    glyphs: options.capabilities.isAscii ? ASCII_GLYPHS : UNICODE_GLYPHS,
    timers: NODE_TIMERS,
    wallMs: () => Date.now(),
    terminal,
  })
}

/** The first frame is the real one, painted without Ink, which is still being loaded. */
function paintFirstFrame(session: Session, { capabilities }: TuiOptions): string {
  const { header, body, sheet, footer } = session.view()
  const theme = capabilities.hasColor ? ANSI_THEME : MONO_THEME
  return paintRows([...header, ...body, ...sheet, ...footer], theme, capabilities.isAscii).replaceAll(
    '\n',
    '\r\n',
  )
}

type Open = {
  readonly session: Session
  readonly screen: MountedScreen
  readonly stdout: NodeJS.WriteStream
  readonly command: string | undefined
}

/** Leaves the screen, and says on the normal one how it stands and what to type next. */
async function close(exit: TuiExit, { session, screen, stdout, command }: Open): Promise<TuiExit> {
  const { client } = session
  const closing =
    client === undefined ? [] : buildClosingLines(client, { command, isUndecided: exit === 'undecided' })
  const isOver = client !== undefined && isRunOver(client.state)
  await screen.unmount()
  if (exit !== 'hangup' && exit !== 'withdrawn') stdout.write(closing.map((line) => `${line}\n`).join(''))
  return isOver && exit === 'detached' ? 'finished' : exit
}

function readSize({ columns, rows }: NodeJS.WriteStream): { cols: number; rows: number } {
  return { cols: columns || 80, rows: rows || 24 }
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
