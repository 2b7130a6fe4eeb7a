import type { RunCommand } from '../run-text.ts'
import type { ShellState } from '../state.ts'

/** A command that the shell runs itself, with its own state in reach. */
export type Builtin = (call: BuiltinCall) => number | Promise<number>

export type BuiltinCall = {
  readonly state: ShellState
  readonly name: string
  readonly args: readonly string[]
  readonly run: RunCommand
  write(text: string): void
  writeError(text: string): void
  /** Prints `sh: LINE: NAME: message`. */
  complain(message: string): void
}
