import type { Terminal } from '../../engine/ports/terminal.ts'
import type { CliWorld } from '../cli-world.ts'

/** Hands the person's terminal to an interactive command and takes it back. */
export function openTerminal({ stdin, stdout, env }: CliWorld): Terminal {
  const size = () => {
    const { columns = 80, rows = 24 } = process.stdout
    return { columns, rows, term: env['TERM'] ?? 'dumb' }
  }
  return {
    size,
    attach({ write, resize }) {
      const onData = (bytes: Uint8Array): void => write(bytes)
      const onResize = (): void => resize(size().columns, size().rows)
      stdin.setRawMode?.(true)
      stdin.on('data', onData)
      stdin.resume()
      process.stdout.on('resize', onResize)
      return {
        show: (bytes) => stdout.write(Buffer.from(bytes).toString('utf8')),
        release() {
          stdin.off('data', onData)
          stdin.pause()
          stdin.setRawMode?.(false)
          process.stdout.off('resize', onResize)
        },
      }
    },
  }
}
