import { BugError } from '../../core/base/errors.ts'
import type { Digest, JobId, RunId } from '../../core/base/ids.ts'
import type { JournalHead } from '../../core/journal/chain.ts'
import type { JournalEvent, JournalRecord } from '../../core/journal/record.ts'
import { openContentStore } from './content-store.ts'
import type { JournalWriter } from './journal-writer.ts'
import { openJournal, type OpenJournalOptions } from './open-journal.ts'
import type { OutputLayout, OutputStream } from './output-layout.ts'
import { openOutputReader, type OutputReader } from './output-reader.ts'
import { openOutputWriter, type OutputWriter } from './output-writer.ts'
import { checkRunDirectory, createRunDirectory, selectRunDirectory, type RunPaths } from './run-directory.ts'
import { acquireRunLock, type LockHolder, type RunLock } from './run-lock.ts'
import { loadSnapshot, saveSnapshot, type SnapshotFile } from './snapshot.ts'

/** Everything durable of one run, held exclusively by this process. */
export type RunStore = {
  readonly run: RunId
  readonly directory: string
  readonly append: JournalWriter['append']
  readonly head: () => JournalHead
  readonly saveHead: () => Promise<JournalHead>
  readonly putValue: (text: string) => Promise<Digest>
  readonly getValue: (digest: Digest) => Promise<string>
  readonly saveSnapshot: (files: readonly SnapshotFile[]) => Promise<Digest>
  readonly loadSnapshot: (digest: Digest) => Promise<readonly SnapshotFile[]>
  readonly openOutput: (job: JobId, stream: OutputStream) => Promise<OutputWriter>
  readonly readOutput: (job: JobId, stream: OutputStream) => OutputReader
  /** Closes the journal and gives the run free. Idempotent. */
  readonly close: () => Promise<void>
}

/** Who opens a run, and how. */
export type RunStoreOptions = Omit<OpenJournalOptions, 'run'> & {
  readonly holder: LockHolder
  readonly outputLayout?: OutputLayout
}

/** What opening a run for writing can give. */
export type OpenedRun =
  | {
      readonly kind: 'ok' | 'torn'
      readonly store: RunStore
      readonly records: readonly JournalRecord[]
      /** `torn`: where the bad bytes are kept, and the last record tells of them. */
      readonly file?: string
    }
  | { readonly kind: 'corrupt'; readonly records: readonly JournalRecord[]; readonly reason: string }
  | { readonly kind: 'busy'; readonly holder: LockHolder | null }

/** Where the first events put what they name by digest. */
export type FirstValues = Pick<RunStore, 'putValue' | 'saveSnapshot'>

/** Makes a new run in an open state directory, locks it and appends its first events, durable when it resolves. */
export async function createRun(
  stateDirectory: string,
  options: RunStoreOptions,
  first: (run: RunId, values: FirstValues) => readonly JournalEvent[] | Promise<readonly JournalEvent[]>,
): Promise<{ readonly store: RunStore; readonly records: readonly JournalRecord[] }> {
  const { run } = await createRunDirectory(stateDirectory)
  const opened = await openRun(stateDirectory, run, { ...options, isNew: true })
  if (opened.kind !== 'ok') throw new BugError(`a new run was found ${opened.kind}`)
  const records = await opened.store.append(await first(run, opened.store))
  return { store: opened.store, records }
}

/** Locks, verifies and opens a run for writing; `corrupt` and `busy` leave it as it is, unlocked. */
export async function openRun(
  stateDirectory: string,
  run: RunId,
  options: RunStoreOptions,
): Promise<OpenedRun> {
  const paths = await checkRunDirectory(selectRunDirectory(stateDirectory, run))
  const lock = await acquireRunLock(paths.directory, options.holder)
  if (lock.kind === 'busy') return lock
  try {
    const opened = await openJournal(paths, { ...options, run })
    if (opened.kind === 'corrupt') {
      await lock.release()
      return opened
    }
    const store = composeStore({ run, paths, lock, writer: opened.writer, layout: options.outputLayout })
    const { kind, records } = opened
    return kind === 'ok' ? { kind, store, records } : { kind, store, records, file: opened.file }
  } catch (error) {
    await lock.release()
    throw error
  }
}

type Parts = {
  readonly run: RunId
  readonly paths: RunPaths
  readonly lock: RunLock
  readonly writer: JournalWriter
  readonly layout: OutputLayout | undefined
}

function composeStore({ run, paths, lock, writer, layout }: Parts): RunStore {
  const values = openContentStore(paths.values)
  let closing: Promise<void> | null = null
  return {
    run,
    directory: paths.directory,
    append: writer.append,
    head: writer.head,
    saveHead: writer.saveHead,
    putValue: values.put,
    getValue: values.get,
    saveSnapshot: (files) => saveSnapshot(paths.snapshot, files),
    loadSnapshot: (digest) => loadSnapshot(paths.snapshot, digest),
    openOutput: (job, stream) => openOutputWriter(paths.outputs, { job, stream }, layout),
    readOutput: (job, stream) => openOutputReader(paths.outputs, { job, stream }),
    close() {
      closing ??= writer.close().finally(() => lock.release())
      return closing
    },
  }
}
