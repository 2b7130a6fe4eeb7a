import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { TerminalInput } from '../../engine/ports/terminal.ts'
import type { PersonTerminal } from '../run-client.ts'
import { createPassThrough, type PassThroughParts } from './pass-through.ts'
import { RESET_MODES } from './sequences.ts'

/** What handing the terminal over needs of the screen. */
export type HandOverParts = {
  /** Leaves the full screen while `use` runs, and draws it anew after it. */
  readonly suspend: (use: () => Promise<void>) => Promise<void>
  readonly pauseKeys: () => void
  readonly resumeKeys: () => void
  readonly stdin: PassThroughParts['stdin']
  readonly stdout: PassThroughParts['resizes'] & {
    readonly columns: number
    readonly rows: number
    readonly write: (bytes: Uint8Array | string) => unknown
  }
  readonly term: string
}

/** Ctrl-], twice within a second: the person wants their terminal back. Telnet has used it for as long. */
const LEAVE_BYTE = 0x1d
const LEAVE_MS = 1000

/** The person's terminal for interactive commands: the full screen gives way, keys and output pass through. */
export function createHandOver(parts: HandOverParts): PersonTerminal {
  const { stdin, stdout, term } = parts
  return createPassThrough({
    stdin,
    resizes: stdout,
    print: (bytes) => void stdout.write(bytes),
    size: () => ({ columns: stdout.columns, rows: stdout.rows, term }),
    readKeys: createLeaveKey,
    onBegin: (input) => void stdout.write(formatBanner(input)),
    take: (use) =>
      parts.suspend(async () => {
        parts.pauseKeys()
        await use()
        // Whatever the program asked the terminal for is over with it.
        stdout.write(RESET_MODES)
        parts.resumeKeys()
      }),
  })
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
