import { UsageError } from '../../core/base/errors.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { DONE } from '../cli-context.ts'
import { requireArgument } from '../command-input.ts'
import { COMMON_OPTIONS } from '../command-spec.ts'
import type { CommandSpec } from '../command-spec.ts'
import { formatCompletion, SHELLS } from '../output/format-completion.ts'

/** `handrail completion SHELL`: prints a script that completes commands and options. */
export async function runCompletion({ input, output }: CliContext): Promise<CommandEnd> {
  const wanted = requireArgument(input, 0, 'the shell')
  const shell = SHELLS.find((each) => each === wanted)
  if (shell === undefined)
    throw new UsageError(`there is no completion for ${wanted}`, [`handrail completion ${SHELLS.join('|')}`])
  output.document(formatCompletion(shell, await loadCommands(), COMMON_OPTIONS))
  return DONE
}

/** At the time of use: the table itself names this command. */
async function loadCommands(): Promise<readonly CommandSpec[]> {
  const { COMMANDS } = await import('../commands.ts')
  return COMMANDS.filter(({ isHidden }) => isHidden !== true)
}
