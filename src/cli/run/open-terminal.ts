import type { PersonTerminal } from '../../tui/run-client.ts'
import type { CliWorld } from '../cli-world.ts'
import type { Keyboard } from '../plain/keyboard.ts'

/** Output that may wait until the keyboard is free, in bytes; more than any prompt. */
const MAX_WAITING_BYTES = 1024 * 1024

/** Hands a plain terminal to an interactive command and takes it back; questions wait meanwhile. */
export function openTerminal({ stdin, stdout, env }: CliWorld, keyboard: Keyboard): PersonTerminal {
  const size = () => {
    const { columns = 80, rows = 24 } = process.stdout
    return { columns, rows, term: env['TERM'] ?? 'dumb' }
  }
  const print = (bytes: Uint8Array): void => void stdout.write(Buffer.from(bytes).toString('utf8'))
  return {
    size,
    attach({ write, resize }) {
      const released = Promise.withResolvers<void>()
      const waiting: Uint8Array[] = []
      let waitingBytes = 0
      let isOurs = false
      const onResize = (): void => resize(size().columns, size().rows)
      void keyboard.lend(async () => {
        stdin.setRawMode?.(true)
        stdin.on('data', write)
        stdin.resume()
        process.stdout.on('resize', onResize)
        isOurs = true
        for (const bytes of waiting) print(bytes)
        await released.promise
        isOurs = false
        stdin.off('data', write)
        stdin.pause()
        stdin.setRawMode?.(false)
        process.stdout.off('resize', onResize)
      })
      return {
        show(bytes) {
          if (isOurs) return print(bytes)
          waitingBytes += bytes.length
          if (waitingBytes <= MAX_WAITING_BYTES) waiting.push(bytes)
        },
        release: released.resolve,
      }
    },
  }
}
