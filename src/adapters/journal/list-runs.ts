import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunId } from '../../core/base/ids.ts'
import { decodeRecord, MAX_RECORD_BYTES, type JournalRecord } from '../../core/journal/record.ts'
import { isRunId } from '../../core/journal/run-prefix.ts'
import { openFile } from './disk.ts'
import { hasCode, withDiskErrors } from './disk-error.ts'
import { hashText } from './hash-text.ts'
import { selectRunPaths } from './run-directory.ts'

/** A run as its first and last record show it; either is null where it cannot be read (`verifyRun` says why). */
export type RunEntry = {
  readonly run: RunId
  readonly directory: string
  /** Holds title, runbook, inventory, operator. */
  readonly first: JournalRecord | null
  readonly last: JournalRecord | null
}

/** Lists the runs of a state directory, newest first; it reads two records of each, never a whole journal. */
export async function listRuns(stateDirectory: string): Promise<readonly RunEntry[]> {
  const parent = join(stateDirectory, 'runs')
  const names = await withDiskErrors(parent, () => listNames(parent))
  const entries = await Promise.all(names.filter(isRunId).map((run) => loadEntry(join(parent, run), run)))
  return entries.toSorted((one, other) => compareTexts(other, one))
}

async function listNames(parent: string): Promise<readonly string[]> {
  try {
    return await readdir(parent)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}

function compareTexts(one: RunEntry, other: RunEntry): number {
  const [left, right] = [one.first?.t ?? '', other.first?.t ?? '']
  if (left === right) return one.run < other.run ? -1 : 1
  return left < right ? -1 : 1
}

async function loadEntry(directory: string, run: RunId): Promise<RunEntry> {
  try {
    const handle = await openFile(selectRunPaths(directory).journal, 'read')
    try {
      const { size } = await handle.stat()
      const read = async (from: number, sizeBytes: number): Promise<string[]> => {
        const buffer = Buffer.alloc(Math.min(sizeBytes, size))
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, from)
        return buffer.toString('utf8', 0, bytesRead).split('\n')
      }
      const head = await read(0, MAX_RECORD_BYTES)
      // Room for a torn end behind the last whole record.
      const tail = await read(Math.max(0, size - 2 * MAX_RECORD_BYTES), 2 * MAX_RECORD_BYTES)
      return { run, directory, first: selectRecord(head.slice(0, 1)), last: selectRecord(tail.toReversed()) }
    } finally {
      await handle.close()
    }
  } catch {
    // One damaged or foreign directory must not hide the other runs.
    return { run, directory, first: null, last: null }
  }
}

function selectRecord(lines: readonly string[]): JournalRecord | null {
  for (const line of lines) {
    const decoded = decodeRecord(line, hashText)
    if (decoded.ok) return decoded.record
  }
  return null
}
