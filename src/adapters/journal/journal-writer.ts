import { unlink } from 'node:fs/promises'
import { EnvironmentError } from '../../core/base/errors.ts'
import type { RunId } from '../../core/base/ids.ts'
import { MAX_JOURNAL_EVENTS } from '../../core/journal/limits.ts'
import type { JournalHead } from '../../core/journal/chain.ts'
import {
  encodeRecord,
  type EncodedRecord,
  type JournalEvent,
  type JournalRecord,
} from '../../core/journal/record.ts'
import { syncDirectory } from './disk.ts'
import { withDiskErrors } from './disk-error.ts'
import { openGroupCommit, type GroupCommit } from './group-commit.ts'
import { hashText } from './hash-text.ts'
import { saveHead } from './head-file.ts'
import { openJumpDetector, type JournalClock } from './journal-clock.ts'
import type { JournalFile, OpenJournalFile } from './journal-file.ts'
import type { RunPaths } from './run-directory.ts'

/** Why nothing more can be appended, and whether that itself could be recorded. */
export type PoisonNotice = {
  /** In words for a person, with the path. */
  readonly reason: string
  readonly error: Error
  /** The durable record of the pause event, or null where even that failed. Never rejects. */
  readonly pause: Promise<JournalRecord | null>
}

/** Appends to a run's journal. The first failure of the disk ends it for ever; only a new opening goes on. */
export type JournalWriter = {
  /**
   * Resolves when all records are durable. Gives every record made, in order: the given events, and
   * before them `clock-jumped{byMs}` where due. `actor` overrides the writer's.
   */
  readonly append: (
    events: readonly JournalEvent[],
    options?: { readonly actor?: string },
  ) => Promise<readonly JournalRecord[]>
  /** The last durable record. */
  readonly head: () => JournalHead
  /** Rewrites `head.json` with the durable head: at pause, handover, finish. */
  readonly saveHead: () => Promise<JournalHead>
  /** Waits for what is being written, then closes the file. Appending afterwards is refused. */
  readonly close: () => Promise<void>
}

/** What every record of this writer says, and where the journal stands. */
export type JournalWriterOptions = {
  readonly paths: RunPaths
  readonly run: RunId
  readonly session: string
  readonly actor: string
  readonly fence: number
  readonly head: JournalHead
  /** Bytes of the verified records. */
  readonly sizeBytes: number
  readonly clock: JournalClock
  readonly openFile: OpenJournalFile
  /** Default: {@link MAX_JOURNAL_EVENTS}. */
  readonly maxEvents?: number
  /** Called once, at the first failure. */
  readonly onPoisoned: (notice: PoisonNotice) => void
  /** The event that records it. */
  readonly pauseEvent: (reason: string) => JournalEvent
}

/** Opens the journal for appending behind its verified end; the caller holds the run's lock. */
export async function openJournalWriter(options: JournalWriterOptions): Promise<JournalWriter> {
  const { journal } = options.paths
  const file = await withDiskErrors(journal, () => options.openFile(journal))
  const writer = new Writer(options, file)
  return {
    append: (events, { actor = options.actor } = {}) => writer.append(events, actor),
    head: () => writer.durable,
    saveHead: () => writer.saveHead(),
    close: () => writer.close(),
  }
}

class Writer {
  /** Head of what is on the disk; `#assigned` runs ahead of it while records are being written. */
  durable: JournalHead
  #assigned: JournalHead
  #closed: EnvironmentError | null = null
  #pause: Promise<JournalRecord | null> | null = null
  readonly #options: JournalWriterOptions
  readonly #file: JournalFile
  readonly #commits: GroupCommit
  readonly #detectJump: () => number
  readonly #maxEvents: number

  constructor(options: JournalWriterOptions, file: JournalFile) {
    this.#options = options
    this.#file = file
    this.#maxEvents = options.maxEvents ?? MAX_JOURNAL_EVENTS
    this.durable = options.head
    this.#assigned = options.head
    this.#detectJump = openJumpDetector(options.clock)
    this.#commits = openGroupCommit({
      file,
      path: options.paths.journal,
      startBytes: options.sizeBytes,
      onFailure: (error) => this.#poison(error),
    })
  }

  async append(events: readonly JournalEvent[], actor: string): Promise<readonly JournalRecord[]> {
    if (this.#closed !== null) throw this.#closed
    if (events.length === 0) return []
    const count = this.#assigned.seq
    const byMs = this.#detectJump()
    const all = byMs === 0 ? events : [{ type: 'clock-jumped', byMs }, ...events]
    if (count + all.length > this.#maxEvents) return this.#refuseMore()
    const encoded = this.#encode(all, actor)
    const head = this.#assigned
    const bytes = Buffer.from(encoded.map((each) => `${each.line}\n`).join(''), 'utf8')
    await this.#commits.add(bytes, () => {
      this.durable = head
    })
    return encoded.map((each) => each.record)
  }

  async saveHead(): Promise<JournalHead> {
    if (this.#closed !== null) throw this.#closed
    const head = this.durable
    await saveHead(this.#options.paths.head, head)
    return head
  }

  async close(): Promise<void> {
    this.#closed ??= new EnvironmentError('the journal is closed')
    await this.#commits.settle()
    if (this.#pause === null) await this.#file.close()
    else await this.#pause
  }

  #encode(events: readonly JournalEvent[], actor: string): readonly EncodedRecord[] {
    let head = this.#assigned
    const encoded = events.map((event) => {
      const made = encodeRecord(stamp(this.#options, head, actor), event, hashText)
      head = { seq: made.record.seq, h: made.record.h }
      return made
    })
    // Only now: an event that cannot be encoded throws, and the next call continues where this one began.
    this.#assigned = head
    return encoded
  }

  async #refuseMore(): Promise<never> {
    const full = new EnvironmentError(`the journal of this run is full (${this.#maxEvents} events)`, [
      'finish it by hand from its report, and start a new run for the rest',
    ])
    this.#closed = full
    await this.#commits.settle()
    this.#poison(full)
    throw full
  }

  #poison(error: Error): void {
    if (this.#pause !== null) return
    this.#closed ??= new EnvironmentError(`the journal takes no more events: ${error.message}`)
    const sizeBytes = this.#commits.durableBytes()
    this.#pause = recordPause({
      options: this.#options,
      file: this.#file,
      head: this.durable,
      sizeBytes,
      error,
    })
    this.#options.onPoisoned({ reason: error.message, error, pause: this.#pause })
  }
}

function stamp({ run, session, fence, clock }: JournalWriterOptions, head: JournalHead, actor: string) {
  const t = new Date(clock.wallMs()).toISOString()
  return { seq: head.seq + 1, t, mono: clock.monoMs(), run, session, fence, actor, prev: head.h }
}

type Failure = {
  readonly options: JournalWriterOptions
  readonly file: JournalFile
  readonly head: JournalHead
  readonly sizeBytes: number
  readonly error: Error
}

/**
 * Cuts the journal back to what is durable, gives up the ballast for room, and records the pause through a
 * fresh handle: after a failed fsync the old one would report success for data that is gone.
 */
async function recordPause({
  options,
  file,
  head,
  sizeBytes,
  error,
}: Failure): Promise<JournalRecord | null> {
  const { paths, actor } = options
  try {
    await file.truncate(sizeBytes).finally(() => file.close())
    await unlink(paths.ballast).catch(() => undefined)
    await syncDirectory(paths.directory)
    const event = options.pauseEvent(error.message)
    const { record, line } = encodeRecord(stamp(options, head, actor), event, hashText)
    const fresh = await options.openFile(paths.journal)
    const isWhole = await writeLast(fresh, `${line}\n`, sizeBytes).finally(() => fresh.close())
    return isWhole ? record : null
  } catch {
    // The reason is already on its way to the screen; recovery deals with whatever is left on the disk.
    return null
  }
}

/** Writes a line at the end of the journal, durable, or leaves nothing of it. */
async function writeLast(file: JournalFile, line: string, sizeBytes: number): Promise<boolean> {
  const bytes = Buffer.from(line, 'utf8')
  const written = await file.write(bytes, sizeBytes)
  if (written === bytes.length) await file.datasync()
  else await file.truncate(sizeBytes)
  return written === bytes.length
}
