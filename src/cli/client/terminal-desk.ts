import type { RunnerConnection } from '../../adapters/runner/connect-runner.ts'
import { brandAs, type HostName } from '../../core/base/ids.ts'
import type { AttachedTerminal, TerminalSize } from '../../engine/ports/terminal.ts'
import type { PersonTerminal } from '../../tui/run-client.ts'

/** Lends this person's terminal to commands of the runner. */
export type TerminalDesk = {
  readonly lend: (terminal: PersonTerminal) => void
  /** Of the terminal that is lent; undefined: there is none. */
  readonly size: () => TerminalSize | undefined
  readonly open: (id: number, host: string) => void
  readonly show: (id: number, bytes: Uint8Array) => void
  readonly close: (id: number) => void
  /** The runner is gone: nothing has the terminal any more. */
  readonly closeAll: () => void
}

/** Makes a desk; `initial` is the size of a terminal that will be lent in a moment. */
export function createTerminalDesk(
  line: () => Pick<RunnerConnection, 'typeTerminal' | 'resizeTerminal' | 'leaveTerminal'> | undefined,
  initial: TerminalSize | undefined,
): TerminalDesk {
  const attached = new Map<number, AttachedTerminal>()
  let terminal: PersonTerminal | undefined
  const tellSize = (): void => {
    if (terminal !== undefined) line()?.resizeTerminal(terminal.size())
  }
  return {
    lend(given) {
      terminal = given
      tellSize()
    },
    size: () => terminal?.size() ?? initial,
    open(id, host) {
      if (terminal === undefined || attached.has(id)) return
      const write = (bytes: Uint8Array): void => line()?.typeTerminal(id, bytes)
      const leave = (): void => {
        attached.get(id)?.release()
        attached.delete(id)
        line()?.leaveTerminal(id)
      }
      attached.set(id, terminal.attach({ host: brandAs<HostName>(host), write, resize: tellSize, leave }))
      tellSize()
    },
    show: (id, bytes) => attached.get(id)?.show(bytes),
    close(id) {
      attached.get(id)?.release()
      attached.delete(id)
    },
    closeAll() {
      for (const each of attached.values()) each.release()
      attached.clear()
    },
  }
}
