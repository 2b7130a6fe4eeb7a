import type { HostName, StepId } from '../../core/base/ids.ts'

/**
 * The person's own terminal, handed to an interactive command. Exists because such a command cannot run detached.
 * `attach` takes the keyboard until `release`; what the command prints goes to `show` as it comes. One command has it
 * at a time.
 */
export type Terminal = {
  /** Asks the person for it, before anything is sent to the host; false: nobody with one is there, or not now. */
  readonly offer: (question: TerminalQuestion) => Promise<boolean>
  readonly size: () => TerminalSize
  readonly attach: (input: TerminalInput) => AttachedTerminal
}

/** The command that has the terminal. */
export type TerminalInput = {
  readonly host: HostName
  /** What the person types. */
  readonly write: (bytes: Uint8Array) => void
  readonly resize: (columns: number, rows: number) => void
  /** The person takes the terminal back and the command goes on without; absent: they cannot. */
  readonly leave?: () => void
}

export type TerminalSize = { readonly columns: number; readonly rows: number; readonly term: string }

export type AttachedTerminal = { readonly show: (bytes: Uint8Array) => void; readonly release: () => void }

/** What wants the terminal. */
export type TerminalQuestion = {
  readonly host: HostName
  readonly step: StepId
  /** Becomes this user there. */
  readonly as?: string
  /** It runs already, and its person's terminal was lost. */
  readonly isUnderWay?: boolean
}
