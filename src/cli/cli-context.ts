import type { CliWorld } from './cli-world.ts'
import type { CommandInput } from './command-input.ts'
import type { OpenLab } from './lab/lab-model.ts'
import type { Output } from './output/output.ts'

/** All that a command works with. */
export type CliContext = {
  readonly world: CliWorld
  readonly output: Output
  readonly input: CommandInput
  readonly version: string
  readonly json: boolean
  /** The practice lab that `-i lab:SCENARIO` means; the option itself names its inventory's file. */
  readonly lab?: OpenLab
}

/** How a command ended; every end but 0 says what to type next. */
export type CommandEnd =
  | { readonly exitCode: 0; readonly next?: string }
  /** `isTold`: what to type next was printed already. */
  | { readonly exitCode: number; readonly next: string; readonly isTold?: true }

/** A command: prints what it found and says how it ended. */
export type CommandRunner = (context: CliContext) => Promise<CommandEnd>

/** The end of a command that did what it was asked. */
export const DONE: CommandEnd = { exitCode: 0 }
