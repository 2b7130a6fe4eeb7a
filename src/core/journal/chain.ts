import type { Digest } from '../base/ids.ts'
import { GENESIS, type JournalRecord } from './record.ts'

/** Where a journal ends: its last sequence number and that record's hash; `seq` 0 and zeros for an empty one. */
export type JournalHead = { readonly seq: number; readonly h: Digest }

/** Head of a journal without records. */
export const EMPTY_HEAD: JournalHead = { seq: 0, h: GENESIS }

/** Says why `record` cannot follow `last` (null: the journal is empty), or null if it can. */
export function verifyLink(last: JournalRecord | null, record: JournalRecord): string | null {
  const expected = (last?.seq ?? 0) + 1
  if (record.seq !== expected) return `record ${record.seq} stands where ${expected} belongs`
  if (record.prev !== (last?.h ?? GENESIS))
    return `record ${record.seq} does not continue the record before it`
  if (last === null) return null
  if (record.run !== last.run) return `record ${record.seq} belongs to run ${record.run}`
  if (record.fence < last.fence)
    return `record ${record.seq} was written under lease ${record.fence} after lease ${last.fence}`
  return null
}

/** Checks the links of records that were decoded one by one; gives the first broken one, or null. */
export function verifyChain(
  records: readonly JournalRecord[],
): { readonly seq: number; readonly reason: string } | null {
  let last: JournalRecord | null = null
  for (const record of records) {
    const reason = verifyLink(last, record)
    if (reason !== null) return { seq: record.seq, reason }
    last = record
  }
  return null
}

/** Head of a verified list of records. */
export function selectHead(records: readonly JournalRecord[]): JournalHead {
  const last = records.at(-1)
  return last === undefined ? EMPTY_HEAD : { seq: last.seq, h: last.h }
}

/**
 * Says why a head that is known from elsewhere (`head.json`, a host, a bundle) contradicts the journal, or
 * null if the journal contains it. A later head than the journal's own means that records were cut off.
 */
export function verifyHead(records: readonly JournalRecord[], head: JournalHead): string | null {
  if (head.seq === 0) return null
  const record = records[head.seq - 1]
  if (record === undefined)
    return `record ${head.seq} is known to exist, but the journal ends at ${records.length}`
  return record.h === head.h ? null : `record ${head.seq} is not the one that is known from elsewhere`
}
