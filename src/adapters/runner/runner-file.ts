import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the runner of a run listens; `runner.json` in the run's directory. A runner that was killed leaves it behind. */
export type RunnerInfo = {
  readonly pid: number
  readonly socket: string
  /** ISO 8601. */
  readonly since: string
  readonly operator: string
}

/** Tells clients where to connect; replaced atomically. */
export async function saveRunnerInfo(runDirectory: string, info: RunnerInfo): Promise<void> {
  const path = join(runDirectory, 'runner.json')
  await writeFile(`${path}.new`, `${JSON.stringify(info)}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
}

/** Reads `runner.json`; undefined where there is none that can be read. */
export async function loadRunnerInfo(runDirectory: string): Promise<RunnerInfo | undefined> {
  try {
    const value = JSON.parse(await readFile(join(runDirectory, 'runner.json'), 'utf8')) as RunnerInfo
    return typeof value.pid === 'number' && typeof value.socket === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

/** Removes `runner.json` if it is that of this process. */
export async function removeRunnerInfo(runDirectory: string, pid: number): Promise<void> {
  if ((await loadRunnerInfo(runDirectory))?.pid === pid)
    await rm(join(runDirectory, 'runner.json'), { force: true })
}
