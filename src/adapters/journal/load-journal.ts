import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { EnvironmentError } from '../../core/base/errors.ts'
import { verifyHead, type JournalHead } from '../../core/journal/chain.ts'
import { describeCondition } from '../../core/journal/describe-condition.ts'
import { startJournalScan, type ScannedJournal } from '../../core/journal/scan-journal.ts'
import { describeDiskError } from './disk-error.ts'
import { hashText } from './hash-text.ts'
import { loadHead } from './head-file.ts'
import { openLineSplitter } from './line-splitter.ts'
import { selectRunPaths } from './run-directory.ts'

/** A head that someone else remembers, and who: a host, a bundle. */
export type KnownHead = JournalHead & { readonly source: string }

// Large enough that the number of calls does not matter, small enough not to be felt in memory.
const CHUNK_BYTES = 1024 * 1024

/**
 * Reads and verifies a run's journal without changing anything: for viewers, and as the first half of opening
 * it for writing. `head.json` and every head that is known from elsewhere must be in it, else it is corrupt.
 */
export async function loadJournal(
  directory: string,
  knownHeads: readonly KnownHead[] = [],
): Promise<ScannedJournal> {
  const paths = selectRunPaths(directory)
  const scanned = scanFile(paths.journal)
  if (scanned.condition.kind === 'corrupt') return scanned
  const own = await loadHead(paths.head)
  if (own.kind === 'damaged') {
    return { ...scanned, condition: { kind: 'corrupt', reason: `${paths.head} is damaged` } }
  }
  const heads = own.kind === 'none' ? knownHeads : [{ ...own.head, source: 'head.json' }, ...knownHeads]
  for (const head of heads) {
    const reason = verifyHead(scanned.records, head)
    if (reason === null) continue
    return { ...scanned, condition: { kind: 'corrupt', reason: `${reason} (${head.source})` } }
  }
  return scanned
}

/**
 * The error of a journal without one record that can be read; undefined where there is one. A run that was begun has
 * at least the record that began it.
 */
export function describeNothingRecorded(
  directory: string,
  { records, condition }: ScannedJournal,
): EnvironmentError | undefined {
  if (records.length > 0) return undefined
  const run = basename(directory)
  if (condition.kind === 'corrupt')
    return new EnvironmentError(`no record of run ${run} can be read: ${describeCondition(condition)}`, [
      `handrail verify ${run}`,
    ])
  return new EnvironmentError(
    `the journal of run ${run} holds not one whole record: either it was cut off at its very beginning, when nothing had been sent to a host, or its records were deleted`,
    ['handrail runs'],
  )
}

/** The times of a file move on in steps of a few milliseconds. */
const SETTLED_MS = 100

/**
 * The journal that was read last: a command that shows a run, then opens it for writing, reads it once. Whatever
 * writes to a file changes its size or its times.
 */
let last: { readonly identity: string; readonly scanned: ScannedJournal } | undefined

function scanFile(path: string): ScannedJournal {
  let descriptor: number | null = null
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW)
    const stats = fstatSync(descriptor, { bigint: true })
    if (!stats.isFile()) throw new EnvironmentError(`${path} is not a regular file`)
    const identity = [path, stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(' ')
    if (last?.identity === identity) return last.scanned
    const scanned = scanDescriptor(descriptor)
    // A file that was written a moment ago may be written again within one tick of its times.
    const isSettled = Date.now() - Number(stats.mtimeMs) > SETTLED_MS
    last = isSettled ? { identity, scanned } : undefined
    return scanned
  } catch (error) {
    throw describeDiskError(error, path)
  } finally {
    if (descriptor !== null) closeSync(descriptor)
  }
}

/** Synchronous on purpose: three times as fast, and a run is opened before there is a screen to keep alive. */
function scanDescriptor(descriptor: number): ScannedJournal {
  const scan = startJournalScan(hashText)
  const splitter = openLineSplitter((line) => scan.push(line))
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  for (;;) {
    const size = readSync(descriptor, chunk, 0, CHUNK_BYTES, null)
    if (size === 0) break
    splitter.push(chunk.subarray(0, size))
  }
  splitter.finish()
  return scan.finish()
}
