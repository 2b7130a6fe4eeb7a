import { truncate } from 'node:fs/promises'
import { EnvironmentError } from '../../core/base/errors.ts'
import type { Digest, RunId } from '../../core/base/ids.ts'
import { selectHead } from '../../core/journal/chain.ts'
import type { JournalEvent, JournalRecord } from '../../core/journal/record.ts'
import type { ScannedJournal } from '../../core/journal/scan-journal.ts'
import { createFile, openFile, syncDirectory } from './disk.ts'
import { hasCode, withDiskErrors } from './disk-error.ts'
import { hashBytes } from './hash-text.ts'
import { systemClock, type JournalClock } from './journal-clock.ts'
import { openJournalFile, type OpenJournalFile } from './journal-file.ts'
import { openJournalWriter, type JournalWriter, type PoisonNotice } from './journal-writer.ts'
import { describeNothingRecorded, loadJournal, type KnownHead } from './load-journal.ts'
import { restoreBallast, type RunPaths } from './run-directory.ts'

/** What to write into every record, and what may be replaced for tests. */
export type OpenJournalOptions = {
  readonly run: RunId
  readonly session: string
  readonly actor: string
  /** Epoch of the lease; the one of the last record (1 for a new run) unless told. */
  readonly fence?: number
  readonly knownHeads?: readonly KnownHead[]
  /** Nothing is recorded yet; else that is an {@link EnvironmentError}. */
  readonly isNew?: boolean
  readonly onPoisoned: (notice: PoisonNotice) => void
  /** The event that records a failure of the journal; `run-paused{reason: 'journal-error', detail}` unless told. */
  readonly pauseEvent?: (reason: string) => JournalEvent
  readonly clock?: JournalClock
  readonly openFile?: OpenJournalFile
  /** Events beyond which nothing is taken; that of every journal unless told. */
  readonly maxEvents?: number
}

/** Opening has these three outcomes. `corrupt` gives the records before the damage, to read only. */
export type OpenedJournal =
  | { readonly kind: 'ok'; readonly records: readonly JournalRecord[]; readonly writer: JournalWriter }
  /** The last of the records says `journal-recovered{bytes, sha256, file, suspicious}`. */
  | {
      readonly kind: 'torn'
      readonly records: readonly JournalRecord[]
      readonly writer: JournalWriter
      /** Where the bad bytes are kept. */
      readonly file: string
    }
  | { readonly kind: 'corrupt'; readonly records: readonly JournalRecord[]; readonly reason: string }

/** Verifies a run's journal, cuts off a torn end (keeping it aside), and opens it for appending; the caller holds the lock. */
export async function openJournal(paths: RunPaths, options: OpenJournalOptions): Promise<OpenedJournal> {
  const scanned = await loadJournal(paths.directory, options.knownHeads)
  const { records, condition } = scanned
  const nothing = options.isNew === true ? undefined : describeNothingRecorded(paths.directory, scanned)
  if (nothing !== undefined) throw nothing
  const stranger = records.find((record) => record.run !== options.run)
  if (condition.kind === 'corrupt') return { kind: 'corrupt', records, reason: condition.reason }
  if (stranger !== undefined) {
    return { kind: 'corrupt', records, reason: `it belongs to run ${stranger.run}` }
  }
  const recovered = condition.kind === 'torn' ? await recoverTail(paths, scanned) : null
  await restoreBallast(paths)
  const writer = await openWriter(paths, scanned, options)
  if (recovered === null) return { kind: 'ok', records, writer }
  const { event, file } = recovered
  return { kind: 'torn', records: [...records, ...(await writer.append([event]))], writer, file }
}

function openWriter(
  paths: RunPaths,
  { records, goodBytes }: ScannedJournal,
  options: OpenJournalOptions,
): Promise<JournalWriter> {
  const last = records.at(-1)
  const fence = options.fence ?? last?.fence ?? 1
  if (last !== undefined && fence < last.fence) {
    throw new EnvironmentError(`this run was taken over: its lease is ${last.fence}, yours ${fence}`, [
      'handrail takeover RUN',
    ])
  }
  const { run, session, actor, onPoisoned } = options
  return openJournalWriter({
    paths,
    run,
    session,
    actor,
    fence,
    head: selectHead(records),
    sizeBytes: goodBytes,
    clock: options.clock ?? systemClock,
    openFile: options.openFile ?? openJournalFile,
    ...(options.maxEvents === undefined ? {} : { maxEvents: options.maxEvents }),
    onPoisoned,
    pauseEvent: options.pauseEvent ?? ((detail) => ({ type: 'run-paused', reason: 'journal-error', detail })),
  })
}

/** Order matters: the copy is durable before anything is cut off. */
async function recoverTail(paths: RunPaths, { goodBytes, condition, records }: ScannedJournal) {
  return withDiskErrors(paths.journal, async () => {
    const bytes = await readTail(paths.journal, goodBytes)
    const file = await keepAside(paths.directory, records.length + 1, bytes)
    await truncate(paths.journal, goodBytes)
    const journal = await openFile(paths.journal, 'write')
    try {
      await journal.sync()
    } finally {
      await journal.close()
    }
    const sha256: Digest = hashBytes(bytes)
    const suspicious = condition.kind === 'torn' && condition.suspicious
    const event = { type: 'journal-recovered', bytes: bytes.length, sha256, file, suspicious }
    return { event, file }
  })
}

async function readTail(path: string, from: number): Promise<Buffer> {
  const handle = await openFile(path, 'read')
  try {
    const { size } = await handle.stat()
    const bytes = Buffer.alloc(size - from)
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, from)
    if (bytesRead !== bytes.length) throw new EnvironmentError(`${path} changed while it was read`)
    return bytes
  } finally {
    await handle.close()
  }
}

async function keepAside(directory: string, seq: number, bytes: Buffer): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    // A crash between this copy and the truncation leaves a copy; the next opening makes another.
    const name = attempt === 0 ? `journal.torn.${seq}` : `journal.torn.${seq}.${attempt}`
    try {
      const handle = await createFile(`${directory}/${name}`)
      try {
        await handle.writeFile(bytes)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await syncDirectory(directory)
      return name
    } catch (error) {
      if (!hasCode(error, 'EEXIST') || attempt >= MAX_COPIES) throw error
    }
  }
}

// More copies at one place than crashes are likely there; beyond it something else is wrong.
const MAX_COPIES = 100
