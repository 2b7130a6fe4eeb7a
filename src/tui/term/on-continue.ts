import type { InputReader } from './read-input.ts'
import { ENTER_MODES, ENTER_SCREEN } from './sequences.ts'

type Continuation = {
  readonly reader: () => InputReader | undefined
  readonly redraw: () => void
  readonly stdin: Pick<NodeJS.ReadStream, 'isRaw' | 'setRawMode'>
  readonly stdout: Pick<NodeJS.WriteStream, 'write'>
}

/**
 * After a stop that was not ours (SIGSTOP, SIGTSTP from outside) whoever had the terminal meanwhile may have left it in
 * any state: on SIGCONT its modes are asked for anew and all is drawn. While somebody else has the terminal, by Ctrl+Z
 * or as a command that it was lent to, only its line settings are. Gives a way to end that.
 */
export function onContinue({ reader, redraw, stdin, stdout }: Continuation): () => void {
  const goOn = (): void => {
    if (stdin.isRaw) {
      // Node remembers the mode that it asked for last, and does not ask for the same again.
      stdin.setRawMode(false)
      stdin.setRawMode(true)
    }
    // A stopped process is not told of a new size in time; this makes Node look.
    process.emit('SIGWINCH', 'SIGWINCH')
    if (reader()?.isReading() !== true) return
    stdout.write(ENTER_SCREEN + ENTER_MODES)
    redraw()
  }
  process.on('SIGCONT', goOn)
  return () => void process.off('SIGCONT', goOn)
}
