import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder with a home and a state directory of its own, and the environment of a person there. */
export type BenchDesk = {
  readonly folder: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Ends the runners of its runs by their own pids, and removes all of it. */
  readonly remove: () => void
}

/** Makes a desk below the temporary directory. */
export function openBenchDesk(prefix: string): BenchDesk {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  const runtime = join(folder, 'rt')
  mkdirSync(runtime, { mode: 0o700 })
  const state = join(folder, 'state')
  return {
    folder,
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      USER: 'ada',
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      XDG_RUNTIME_DIR: runtime,
      HANDRAIL_STATE_DIR: state,
    },
    remove: () => {
      for (const run of existsSync(join(state, 'runs')) ? readdirSync(join(state, 'runs')) : [])
        endRunner(join(state, 'runs', run, 'runner.json'), 'SIGKILL')
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
    },
  }
}

/** Signals the runner that a run's directory names; gives its pid. */
export function endRunner(file: string, signal: 'SIGTERM' | 'SIGKILL'): number | undefined {
  try {
    const { pid } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number }
    process.kill(pid, signal)
    return pid
  } catch {
    // It has ended by itself.
    return undefined
  }
}
