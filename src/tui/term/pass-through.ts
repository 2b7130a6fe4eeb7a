import type { TerminalInput, TerminalSize } from '../../engine/ports/terminal.ts'
import type { PersonTerminal } from '../run-client.ts'

/** The terminal of a person, and how it is had. */
export type PassThroughParts = {
  /** Runs `use` once the terminal is free, and takes the terminal back after it. */
  readonly take: (use: () => Promise<void>) => Promise<void>
  readonly size: () => TerminalSize
  readonly stdin: {
    readonly setRawMode?: (isRaw: boolean) => unknown
    readonly on: (event: 'data', listener: (bytes: Uint8Array) => void) => unknown
    readonly off: (event: 'data', listener: (bytes: Uint8Array) => void) => unknown
    readonly resume: () => unknown
    readonly pause: () => unknown
  }
  readonly print: (bytes: Uint8Array) => void
  readonly resizes: {
    readonly on: (event: 'resize', listener: () => void) => unknown
    readonly off: (event: 'resize', listener: () => void) => unknown
  }
  /** What becomes of typed bytes; by default the command gets them. */
  readonly readKeys?: (input: TerminalInput) => (bytes: Uint8Array) => void
  /** Told when a command has the terminal, before anything of it is printed. */
  readonly onBegin?: (input: TerminalInput) => void
}

/** Output that may wait until the terminal is free, in bytes; more than any prompt. */
const MAX_WAITING_BYTES = 1024 * 1024

/** Lends a terminal to one command after the other: keys and output pass through while it has it. */
export function createPassThrough(parts: PassThroughParts): PersonTerminal {
  const { stdin, print, resizes, size } = parts
  return {
    size,
    attach: (input) => {
      const released = Promise.withResolvers<void>()
      const waiting: Uint8Array[] = []
      let waitingBytes = 0
      let isOurs = false
      const onResize = (): void => input.resize(size().columns, size().rows)
      const onData = parts.readKeys?.(input) ?? input.write
      void parts.take(async () => {
        stdin.setRawMode?.(true)
        stdin.on('data', onData)
        stdin.resume()
        parts.onBegin?.(input)
        resizes.on('resize', onResize)
        isOurs = true
        for (const bytes of waiting) print(bytes)
        await released.promise
        isOurs = false
        stdin.off('data', onData)
        resizes.off('resize', onResize)
        stdin.pause()
        stdin.setRawMode?.(false)
      })
      return {
        show: (bytes) => {
          if (isOurs) return print(bytes)
          waitingBytes += bytes.length
          if (waitingBytes <= MAX_WAITING_BYTES) waiting.push(bytes)
        },
        release: released.resolve,
      }
    },
  }
}
