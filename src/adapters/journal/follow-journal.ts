import { watch } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { verifyLink } from '../../core/journal/chain.ts'
import { decodeRecord, type JournalRecord } from '../../core/journal/record.ts'
import type { RawLine } from '../../core/journal/scan-journal.ts'
import { openFile } from './disk.ts'
import { withDiskErrors } from './disk-error.ts'
import { hashText } from './hash-text.ts'
import { openLineSplitter } from './line-splitter.ts'
import { selectRunPaths } from './run-directory.ts'

/** What a follower sees. */
export type FollowedJournal =
  | { readonly kind: 'record'; readonly record: JournalRecord }
  /** Records that were seen are gone (they were never acknowledged): forget all, they come again from the first asked for. */
  | { readonly kind: 'restarted' }

/** How to follow. */
export type FollowOptions = {
  /** Ends the iteration. */
  readonly signal: AbortSignal
  /** Looks at least so often, where the system tells of changes late or not at all; 500 ms unless told. */
  readonly pollMs?: number
}

// Half a second is still "now" for a person who watches; network file systems send no notifications.
const POLL_MS = 500
const CHUNK_BYTES = 256 * 1024

/**
 * Gives the records of a run's journal from `fromSeq` on, then each new one as it appears, for other processes
 * than the writer. Only whole records that continue the chain; it waits before anything else. A record may be
 * seen shortly before it is acknowledged.
 */
export async function* followJournal(
  directory: string,
  fromSeq: number,
  { signal, pollMs = POLL_MS }: FollowOptions,
): AsyncGenerator<FollowedJournal> {
  const { journal } = selectRunPaths(directory)
  const changes = openChanges(journal, pollMs, signal)
  try {
    let state = START
    while (!signal.aborted) {
      const changed = changes.next()
      const { records, next, shrunk } = await withDiskErrors(journal, () => readOn(journal, state))
      if (shrunk) {
        state = START
        yield { kind: 'restarted' }
        continue
      }
      state = next
      for (const record of records) if (record.seq >= fromSeq) yield { kind: 'record', record }
      if (records.length === 0) await changed
    }
  } finally {
    changes.close()
  }
}

type Progress = {
  readonly last: JournalRecord | null
  readonly lastBytes: number
  /** Behind the last record. */
  readonly offset: number
}

type Advance = {
  readonly records: readonly JournalRecord[]
  readonly next: Progress
  readonly shrunk: boolean
}

const START: Progress = { last: null, lastBytes: 0, offset: 0 }

async function readOn(path: string, state: Progress): Promise<Advance> {
  const handle = await openFile(path, 'read')
  try {
    const { records, next, stuck } = takeLines(state, await readLines(handle, state.offset))
    if (records.length > 0) return { records, next, shrunk: false }
    const { size } = await handle.stat()
    // Damage is waited at; a journal that was cut back and written on is read again.
    const shrunk = size < state.offset || (stuck && !(await isInPlace(handle, state)))
    return { records, next, shrunk }
  } finally {
    await handle.close()
  }
}

function takeLines(state: Progress, lines: readonly RawLine[]) {
  const records: JournalRecord[] = []
  let next = state
  for (const line of lines) {
    if (!line.terminated) break
    const decoded = decodeRecord(line.text, hashText)
    if (!decoded.ok || verifyLink(next.last, decoded.record) !== null) return { records, next, stuck: true }
    records.push(decoded.record)
    next = { last: decoded.record, lastBytes: line.sizeBytes, offset: next.offset + line.sizeBytes }
  }
  return { records, next, stuck: false }
}

async function readLines(handle: FileHandle, offset: number): Promise<readonly RawLine[]> {
  const lines: RawLine[] = []
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, offset)
  openLineSplitter((line) => lines.push(line)).push(chunk.subarray(0, bytesRead))
  return lines
}

async function isInPlace(handle: FileHandle, { last, lastBytes, offset }: Progress): Promise<boolean> {
  if (last === null) return true
  const [line] = await readLines(handle, offset - lastBytes)
  const decoded = decodeRecord(line?.text ?? '', hashText)
  return decoded.ok && decoded.record.h === last.h
}

/** Tells of changes of a file: `next` resolves at a notification, after `pollMs`, or when aborted. */
function openChanges(path: string, pollMs: number, signal: AbortSignal) {
  let waiting: PromiseWithResolvers<void> | undefined
  const notify = (): void => {
    waiting?.resolve()
    waiting = undefined
  }
  const watcher = openWatcher(path, notify)
  const poll = setInterval(notify, pollMs)
  signal.addEventListener('abort', notify)
  return {
    next(): Promise<void> {
      if (signal.aborted) return Promise.resolve()
      // What comes while the file is read ends the wait that was begun before.
      waiting ??= Promise.withResolvers()
      return waiting.promise
    },
    close() {
      signal.removeEventListener('abort', notify)
      clearInterval(poll)
      notify()
      watcher?.close()
    },
  }
}

function openWatcher(path: string, notify: () => void) {
  try {
    const watcher = watch(path, { persistent: false }, notify)
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    // No notifications left (a limit of the system): the poll goes on alone.
    return null
  }
}
