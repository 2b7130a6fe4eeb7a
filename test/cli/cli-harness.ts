import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach } from 'vitest'
import type { CliWorld } from '../../src/cli/cli-world.ts'
import { runCli } from '../../src/cli/run-cli.ts'

/** What one command line did. */
export type Ran = {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  /** The last line a person sees. */
  readonly last: string
}

const directories: string[] = []

afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true })
})

/** Makes a folder with these files, removed after the test. */
export function makeFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'handrail-cli-'))
  directories.push(folder)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** Runs a command line in this process, with captured streams, in `cwd` and with its own state directory. */
export async function runIn(
  cwd: string,
  args: readonly string[],
  world: Partial<CliWorld> & { readonly columns?: number } = {},
): Promise<Ran> {
  let stdout = ''
  let stderr = ''
  let both = ''
  const exitCode = await runCli(args, {
    env: { HANDRAIL_STATE_DIR: join(cwd, '.state'), PATH: process.env['PATH'] },
    cwd,
    home: cwd,
    stdout: {
      write: (text) => {
        stdout += text
        both += text
      },
    },
    stderr: {
      write: (text) => {
        stderr += text
        both += text
      },
    },
    stdin: process.stdin,
    now: () => new Date('2030-01-02T03:04:05Z'),
    onInterrupt: () => () => undefined,
    ...world,
  })
  return { exitCode, stdout, stderr, last: both.trimEnd().split('\n').at(-1) ?? '' }
}
