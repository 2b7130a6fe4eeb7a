import { dirname, join } from 'node:path'
import type { CliContext } from '../cli-context.ts'

const HERE = import.meta.dirname
/** Sources keep their folders; the bundle is one folder. */
const isSource = import.meta.filename.endsWith('.ts')
const PACKAGE = isSource ? join(HERE, '..', '..', '..') : dirname(HERE)

/** Where the runbooks that come with the tool lie. */
export const SHIPPED_RUNBOOKS = join(PACKAGE, 'runbooks')

/** The program and its first argument that start this very tool again. */
export const OWN_COMMAND: readonly [string, string] = [
  process.execPath,
  isSource ? join(HERE, '..', 'main.ts') : join(HERE, 'handrail.mjs'),
]

/** The folders in which scenarios are looked for: those of the working directory before the shipped ones. */
export function scenarioFolders({ world }: CliContext): readonly string[] {
  return [join(world.cwd, 'runbooks', 'lab'), join(world.cwd, 'lab'), join(SHIPPED_RUNBOOKS, 'lab')]
}
