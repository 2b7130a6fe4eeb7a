import type { Terminal } from '../../engine/ports/terminal.ts'

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

/** The person's terminal for interactive commands: the full screen gives way, keys and output pass through. */
export function createHandOver(parts: HandOverParts): Terminal {
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
      void parts.suspend(async () => {
        parts.pauseKeys()
        stdin.setRawMode?.(true)
        stdin.on('data', input.write)
        stdin.resume()
        stdout.on('resize', onResize)
        isOurs = true
        for (const bytes of waiting) stdout.write(bytes)
        await released.promise
        isOurs = false
        stdin.off('data', input.write)
        stdout.off('resize', onResize)
        stdin.pause()
        stdin.setRawMode?.(false)
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
