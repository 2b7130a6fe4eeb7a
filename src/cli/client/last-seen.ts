import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** How far a person has seen a run. */
export type LastSeen = { readonly seq: number; readonly atMs: number }

/** Reads how far this person has seen the run; undefined: never looked. */
export async function loadLastSeen(runDirectory: string, operator: string): Promise<LastSeen | undefined> {
  try {
    const value = JSON.parse(await readFile(selectPath(runDirectory, operator), 'utf8')) as LastSeen
    return Number.isSafeInteger(value.seq) && Number.isFinite(value.atMs) ? value : undefined
  } catch {
    return undefined
  }
}

/** Remembers it in the run's directory, per person. It is a convenience: a full disk is no reason to stop. */
export async function saveLastSeen(runDirectory: string, operator: string, seen: LastSeen): Promise<void> {
  const path = selectPath(runDirectory, operator)
  try {
    await mkdir(join(runDirectory, 'seen'), { recursive: true, mode: 0o700 })
    await writeFile(`${path}.${process.pid}`, `${JSON.stringify(seen)}\n`, { mode: 0o600 })
    await rename(`${path}.${process.pid}`, path)
  } catch {
    // See above.
  }
}

/** Names of persons are free text: a digest is a file name. */
function selectPath(runDirectory: string, operator: string): string {
  const name = createHash('sha256').update(operator).digest('hex').slice(0, 16)
  return join(runDirectory, 'seen', `${name}.json`)
}
