import type { InputReader } from './read-input.ts'
import { ENTER_MODES, LEAVE_MODES } from './sequences.ts'

type Suspension = {
  /** Gives the terminal away while `use` runs, then draws anew. */
  readonly suspend: (use: () => Promise<void>) => Promise<void>
  readonly reader: InputReader | undefined
  readonly stdout: NodeJS.WriteStream
}

/** How long the stop takes to take effect, in milliseconds; what follows it comes after `fg`. */
const STOP_MS = 20

/** Ctrl+Z: gives the terminal back, stops the whole job as the shell expects, and draws again when it goes on. */
export async function suspendProcess({ suspend, reader, stdout }: Suspension): Promise<void> {
  // Something must keep the loop alive while nothing is read.
  const keepAlive = setInterval(() => {}, 1000)
  try {
    await suspend(async () => {
      reader?.pause()
      stdout.write(LEAVE_MODES)
      process.kill(0, 'SIGTSTP')
      await new Promise((resolve) => {
        setTimeout(resolve, STOP_MS)
      })
      stdout.write(ENTER_MODES)
      reader?.resume()
    })
  } finally {
    clearInterval(keepAlive)
  }
}
