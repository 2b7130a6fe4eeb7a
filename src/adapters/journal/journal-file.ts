import { createFile, openFile } from './disk.ts'

/**
 * The open journal as its writer sees it. It exists so that disk faults can be injected: everything that the
 * writer does to the disk goes through these four calls, each of which may fail with a file system error.
 */
export type JournalFile = {
  /** Writes at a byte position and tells how many bytes were taken: fewer than given means that the disk is full. */
  readonly write: (bytes: Uint8Array, position: number) => Promise<number>
  /** Resolves when everything written before is on the disk. */
  readonly datasync: () => Promise<void>
  readonly truncate: (sizeBytes: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** Opens a journal for writing; the real one is {@link openJournalFile}. */
export type OpenJournalFile = (path: string) => Promise<JournalFile>

/** Opens an existing journal for writing. The calls do not block the event loop. */
export const openJournalFile: OpenJournalFile = async (path) => {
  const handle = await openFile(path, 'write')
  return {
    write: async (bytes, position) => (await handle.write(bytes, 0, bytes.length, position)).bytesWritten,
    datasync: () => handle.datasync(),
    truncate: (sizeBytes) => handle.truncate(sizeBytes),
    close: () => handle.close(),
  }
}

/** Makes an empty journal; the directory's fsync is the caller's. */
export async function createJournalFile(path: string): Promise<void> {
  const handle = await createFile(path)
  await handle.close()
}
