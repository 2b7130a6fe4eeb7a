import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { TerminalInput } from '../../engine/ports/terminal.ts'
import type { PersonTerminal } from '../run-client.ts'
import { RESET_MODES } from './sequences.ts'

/** What handing the terminal over needs of the screen. */
export type HandOverParts = {
  /** Leaves the full screen while `use` runs, and draws it anew after it. */
  readonly suspend: (use: () => Promise<void>) => Promise<void>
  readonly pauseKeys: () => void
  readonly resumeKeys: () => void
  readonly stdin: {
    readonly setRawMode?: (isRaw: boolean) => unknown
    readonly on: (event: 'data', listener: (bytes: Uint8Array) => void) => unknown
    readonly off: (event: 'data', listener: (bytes: Uint8Array) => void) => unknown
    readonly resume: () => unknown
    readonly pause: () => unknown
  }
  readonly stdout: {
    readonly columns: number
    readonly rows: number
    readonly write: (bytes: Uint8Array | string) => unknown
    readonly on: (event: 'resize', listener: () => void) => unknown
    readonly off: (event: 'resize', listener: () => void) => unknown
  }
  readonly term: string
}

/** Output that may wait until the full screen is left, in bytes; more than any prompt. */
const MAX_WAITING_BYTES = 1024 * 1024

/** Ctrl-], twice within a second: the person wants their terminal back. Telnet has used it for as long. */
const LEAVE_BYTE = 0x1d
const LEAVE_MS = 1000

/** The person's terminal for interactive commands: the full screen gives way, keys and output pass through. */
export function createHandOver(parts: HandOverParts): PersonTerminal {
  const { stdin, stdout } = parts
  const size = (): { columns: number; rows: number; term: string } => ({
    columns: stdout.columns,
    rows: stdout.rows,
    term: parts.term,
  })
  return {
    size,
    attach: (input) => {
      const released = Promise.withResolvers<void>()
      const waiting: Uint8Array[] = []
      let waitingBytes = 0
      let isOurs = false
      const onResize = (): void => input.resize(stdout.columns, stdout.rows)
      const onData = createLeaveKey(input)
      void parts.suspend(async () => {
        parts.pauseKeys()
        stdin.setRawMode?.(true)
        stdin.on('data', onData)
        stdin.resume()
        stdout.write(formatBanner(input))
        stdout.on('resize', onResize)
        isOurs = true
        for (const bytes of waiting) stdout.write(bytes)
        await released.promise
        isOurs = false
        stdin.off('data', onData)
        stdout.off('resize', onResize)
        stdin.pause()
        stdin.setRawMode?.(false)
        // Whatever the program asked the terminal for is over with it.
        stdout.write(RESET_MODES)
        parts.resumeKeys()
      })
      return {
        show: (bytes) => {
          if (isOurs) return void stdout.write(bytes)
          waitingBytes += bytes.length
          if (waitingBytes <= MAX_WAITING_BYTES) waiting.push(bytes)
        },
        release: released.resolve,
      }
    },
  }
}

/** What is typed goes to the command, but for the second of two Ctrl-] in a row. */
function createLeaveKey({ write, leave }: TerminalInput): (bytes: Uint8Array) => void {
  let pressedMs = Number.NEGATIVE_INFINITY
  return (bytes) => {
    const nowMs = performance.now()
    const isLeaveKey = leave !== undefined && bytes.every((byte) => byte === LEAVE_BYTE)
    if (isLeaveKey && (bytes.length > 1 || nowMs - pressedMs < LEAVE_MS)) return leave()
    pressedMs = isLeaveKey ? nowMs : Number.NEGATIVE_INFINITY
    return write(bytes)
  }
}

function formatBanner({ host, leave }: TerminalInput): string {
  const back = leave === undefined ? '' : '; Ctrl-] twice takes it back'
  return `-- handrail: ${sanitizeLine(host)} has your terminal until its command ends${back} --\r\n`
}
