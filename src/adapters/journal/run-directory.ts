import { randomInt } from 'node:crypto'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { EnvironmentError } from '../../core/base/errors.ts'
import type { RunId } from '../../core/base/ids.ts'
import { formatRunId } from '../../core/journal/run-prefix.ts'
import {
  checkPrivateDirectory,
  createDirectory,
  createFile,
  PRIVATE_DIRECTORY,
  syncDirectory,
  writeNewFile,
} from './disk.ts'
import { hasCode, withDiskErrors } from './disk-error.ts'
import { createJournalFile } from './journal-file.ts'

/** Size of the file that is given up to record the pause on a full disk: room for some 16 longest records. */
export const BALLAST_BYTES = 64 * 1024

/** Names of what a run's directory holds. */
export type RunPaths = {
  readonly directory: string
  readonly journal: string
  readonly head: string
  /** Never open this but through `acquireRunLock`: closing it anywhere in the process drops the lock. */
  readonly lock: string
  readonly holder: string
  readonly ballast: string
  readonly values: string
  readonly outputs: string
  readonly snapshot: string
}

/** Where everything of a run stands. */
export function selectRunPaths(directory: string): RunPaths {
  return {
    directory,
    journal: join(directory, 'journal.jsonl'),
    head: join(directory, 'head.json'),
    lock: join(directory, 'lock.db'),
    holder: join(directory, 'lock.json'),
    ballast: join(directory, 'ballast'),
    values: join(directory, 'values'),
    outputs: join(directory, 'out'),
    snapshot: join(directory, 'snapshot'),
  }
}

/** Where a run of this id lives in a state directory. */
export function selectRunDirectory(stateDirectory: string, run: RunId): string {
  return join(stateDirectory, 'runs', run)
}

/** Makes a run with a new id; the directory appears complete or not at all, and durable. */
export async function createRunDirectory(
  stateDirectory: string,
): Promise<{ readonly run: RunId; readonly directory: string }> {
  const parent = join(stateDirectory, 'runs')
  for (let attempt = 0; attempt < MAX_ID_ATTEMPTS; attempt += 1) {
    const run = formatRunId(randomInt)
    const directory = join(parent, run)
    const unfinished = join(parent, `.${run}.new`)
    if (await claimName(directory, unfinished)) return { run, directory }
  }
  throw new EnvironmentError(`no free run id in ${parent}`)
}

/** Refuses a run's directory that is not private, whatever else it holds. */
export async function checkRunDirectory(directory: string): Promise<RunPaths> {
  const paths = selectRunPaths(directory)
  for (const path of [directory, paths.values, paths.outputs, paths.snapshot])
    await checkPrivateDirectory(path)
  return paths
}

/** Makes the ballast again where an earlier pause has used it up. */
export async function restoreBallast(paths: RunPaths): Promise<void> {
  // Not a hole and not compressible away: the blocks must really be there to be given back.
  await writeNewFile(paths.ballast, Buffer.alloc(BALLAST_BYTES, 'ballast ')).catch((error: unknown) => {
    if (error instanceof EnvironmentError) return
    throw error
  })
}

// 30^8 ids: a second try is as good as never needed, a third means that something else is wrong.
const MAX_ID_ATTEMPTS = 5

function claimName(directory: string, unfinished: string): Promise<boolean> {
  return withDiskErrors(directory, async () => {
    try {
      await mkdir(unfinished, { mode: PRIVATE_DIRECTORY })
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false
      throw error
    }
    const paths = selectRunPaths(unfinished)
    for (const path of [paths.values, paths.outputs, paths.snapshot]) await createDirectory(path)
    await createJournalFile(paths.journal)
    await (await createFile(paths.lock)).close()
    await writeNewFile(paths.ballast, Buffer.alloc(BALLAST_BYTES, 'ballast '))
    try {
      await rename(unfinished, directory)
    } catch (error) {
      if (hasCode(error, 'ENOTEMPTY') || hasCode(error, 'EEXIST')) return false
      throw error
    }
    await syncDirectory(join(directory, '..'))
    return true
  })
}
