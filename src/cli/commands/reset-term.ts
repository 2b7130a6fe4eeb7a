import { spawnSync } from 'node:child_process'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { DONE } from '../cli-context.ts'
import { say } from '../output/say.ts'

/** `handrail reset-term`: brings a terminal back that a killed program left on its screen, without echo or cursor. */
export async function runResetTerm({ output, world }: CliContext): Promise<CommandEnd> {
  const { RESET_TERMINAL } = await import('../../tui/term/sequences.ts')
  if (world.stdout.isTTY === true) world.stdout.write(RESET_TERMINAL)
  // The terminal's own line settings can only be set by a program that has it as its standard input.
  const { error, status } = spawnSync('stty', ['sane'], { stdio: ['inherit', 'ignore', 'ignore'] })
  if (error === undefined && status === 0) output.tell(say`The terminal is as it should be.`)
  else
    output.tell(
      say`There is no terminal here to repair; its screen was told to be normal where there is one.`,
    )
  return DONE
}
