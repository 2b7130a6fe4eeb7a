import {
  openJournalFile,
  type JournalFile,
  type OpenJournalFile,
} from '../../../src/adapters/journal/journal-file.ts'

/** A disk fault at the n-th call (from 1) of one kind; `short` writes that many bytes less without an error. */
export type Fault = {
  readonly call: 'write' | 'datasync' | 'truncate'
  readonly nth: number
  readonly code: string | 'short'
  /** The fault stays, as on a disk that is full or broken. */
  readonly lasting?: boolean
}

/** Real files with a fault; the calls are counted over all openings. */
export function buildFaultyFile(fault: Fault): OpenJournalFile {
  let calls = 0
  const strike = (call: Fault['call']): boolean => {
    if (call !== fault.call) return false
    calls += 1
    return fault.lasting === true ? calls >= fault.nth : calls === fault.nth
  }
  const fail = (call: string): never => {
    throw Object.assign(new Error(`${fault.code}: injected, ${call}`), { code: fault.code })
  }
  return async (path) => {
    const file = await openJournalFile(path)
    const faulty: JournalFile = {
      async write(bytes, position) {
        if (!strike('write')) return file.write(bytes, position)
        // What a real disk does first: it takes a part.
        const taken = await file.write(bytes.subarray(0, bytes.length >> 1), position)
        return fault.code === 'short' ? taken : fail('write')
      },
      // A failed fsync may or may not have reached the disk; here it has.
      datasync: async () => (strike('datasync') ? fail('fdatasync') : file.datasync()),
      truncate: async (sizeBytes) => (strike('truncate') ? fail('ftruncate') : file.truncate(sizeBytes)),
      close: () => file.close(),
    }
    return faulty
  }
}
