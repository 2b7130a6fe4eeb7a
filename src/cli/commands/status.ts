import type { CliContext, CommandEnd } from '../cli-context.ts'
import { DONE } from '../cli-context.ts'
import { say } from '../output/say.ts'

/** `handrail` alone, off a terminal: where things stand and what to type next. */
export function runStatus({ output }: CliContext): Promise<CommandEnd> {
  output.tell(say`handrail walks people through Markdown runbooks over SSH.`)
  output.tell(say`Next: handrail --help`)
  return Promise.resolve(DONE)
}
