import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

/** A copy of the repository with its real configuration files, into which violations are planted. */
export type Workspace = {
  readonly path: string
  /** Writes a file of the copy, named relative to its root. */
  readonly plant: (file: string, text: string) => void
  /** Runs a program of node_modules/.bin in the copy; standard output and error are joined. */
  readonly run: (
    program: string,
    args: readonly string[],
  ) => { readonly status: number; readonly output: string }
  readonly [Symbol.dispose]: () => void
}

const CONFIGURATION = [
  '.oxfmtrc.json',
  '.oxlintrc.json',
  'knip.json',
  'package.json',
  'tsconfig.base.json',
  'tsconfig.json',
  'vitest.config.ts',
]

/** Copies `folders` (src unless told) and every configuration file into a directory that `using` removes. */
export function createWorkspace(folders: readonly string[] = ['src']): Workspace {
  const path = mkdtempSync(join(tmpdir(), 'gates-'))
  for (const name of [...folders, ...CONFIGURATION])
    if (existsSync(name)) cpSync(name, join(path, name), { recursive: true })
  symlinkSync(resolve('node_modules'), join(path, 'node_modules'))
  return {
    path,
    plant: (file, text) => {
      mkdirSync(dirname(join(path, file)), { recursive: true })
      writeFileSync(join(path, file), text)
    },
    run: (program, args) => {
      const ended = spawnSync(join(path, 'node_modules/.bin', program), args, {
        cwd: path,
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
        timeout: 240_000,
      })
      return { status: ended.status ?? -1, output: `${ended.stdout}${ended.stderr}` }
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}
