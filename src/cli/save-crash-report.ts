import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { resolveStateDirectory } from '../adapters/journal/state-directory.ts'
import { sanitizeText } from '../core/base/sanitize.ts'
import type { CliWorld } from './cli-world.ts'

/**
 * Keeps what is known of a crash in the state directory: the stack, versions and the command's name. Messages
 * and arguments are left out, since either may quote a value; the places in the code are what matters.
 */
export async function saveCrashReport(
  error: unknown,
  crash: {
    readonly world: CliWorld
    readonly args: readonly string[]
    readonly version: string
    /** `--state-dir`, where the command line has one. */
    readonly stateDir?: string | undefined
  },
): Promise<string | undefined> {
  const { world, args, version, stateDir } = crash
  const state = resolveStateDirectory({ flag: stateDir, env: world.env, home: world.home, cwd: world.cwd })
  const at = world.now().toISOString()
  const path = join(state, 'crashes', `${at.replaceAll(':', '-')}.txt`)
  const lines = [
    `handrail ${version}, Node ${process.version}, ${process.platform} ${process.arch}`,
    `at ${at}, command ${args.find((arg) => /^[a-z-]+$/.test(arg) && !arg.startsWith('-')) ?? '(none)'}`,
    error instanceof Error ? error.name : typeof error,
    ...stackOf(error),
  ]
  try {
    await mkdir(join(state, 'crashes'), { recursive: true, mode: 0o700 })
    await writeFile(path, sanitizeText(`${lines.join('\n')}\n`), { mode: 0o600, flag: 'wx' })
    return path
  } catch {
    // Nothing better is left to do than to say so.
    return undefined
  }
}

function stackOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return []
  const own = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return error.cause === undefined ? own : [...own, 'caused by', ...stackOf(error.cause)]
}
