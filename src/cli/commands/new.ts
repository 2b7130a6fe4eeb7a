import { resolve } from 'node:path'
import { buildRunbookTemplate } from '../begin/runbook-template.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { say } from '../output/say.ts'
import { writeNew } from './init.ts'

/** `handrail new [FILE]`: writes a small commented runbook to start from. */
export async function runNew({ input, output, world }: CliContext): Promise<CommandEnd> {
  const file = input.argument(0) ?? 'runbook.md'
  const title = input.text('title') ?? 'What this runbook does'
  await writeNew(resolve(world.cwd, file), { text: buildRunbookTemplate(title), file })
  output.tell(say`${file} is written. It can be run as it is.`, 'good')
  return { exitCode: 0, next: `handrail lint ${file}, then handrail run ${file} -i lab:empty-5.0` }
}
