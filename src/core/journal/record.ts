import { BugError } from '../base/errors.ts'
import type { HashText } from '../base/hash.ts'
import type { Digest, RunId } from '../base/ids.ts'
import { escapeInvisible } from './escape-invisible.ts'
import { countUtf8Bytes } from './count-utf8-bytes.ts'

/** Version that this code writes; a journal with a higher one is opened read-only. */
export const RECORD_VERSION = 1

/** Longest record in bytes, newline included: one page, so that a torn write damages few records; larger values go to `values/`. */
export const MAX_RECORD_BYTES = 4096

/** Longest event in bytes that surely fits: 596 are left for the fields around it, an actor and a session of 100 characters each included. */
export const MAX_EVENT_BYTES = 3500

/** `prev` of the first record of a journal. */
export const GENESIS = '0'.repeat(64) as Digest

/** A fact of a run as the journal sees it; `core/run` defines the closed union. Keys of {@link RecordFields} are reserved. */
export type JournalEvent = { readonly type: string } & Readonly<Record<string, unknown>>

/** What stands around the event in a record. */
export type RecordFields = {
  /** From 1, without gaps; the only order there is. */
  readonly seq: number
  /** Wall clock as ISO 8601 in UTC; for display only. */
  readonly t: string
  /** Monotonic clock in whole milliseconds; durations within one session are taken from it. */
  readonly mono: number
  readonly run: RunId
  /** Names the process that wrote the record. */
  readonly session: string
  /** Epoch of the lease under which it was written; never falls. */
  readonly fence: number
  readonly actor: string
  readonly prev: Digest
}

/** A record as it stands in the journal; `event` is exactly what a later reader gets. */
export type JournalRecord<E extends JournalEvent = JournalEvent> = RecordFields & {
  readonly v: number
  readonly h: Digest
  readonly event: E
}

/** The line without its newline, and its size in bytes with it. */
export type EncodedRecord = {
  readonly record: JournalRecord
  readonly line: string
  readonly sizeBytes: number
}

/** A record, or the reason why the line is none. */
export type DecodedRecord =
  | { readonly ok: true; readonly record: JournalRecord }
  | { readonly ok: false; readonly reason: string; readonly newer?: true }

const RESERVED = new Set(['v', 'seq', 't', 'mono', 'run', 'session', 'fence', 'actor', 'prev', 'h'])
const BEFORE_H = ',"h":"'
const BEHIND_H = '"}'
const H_LENGTH = 64
const SUFFIX_LENGTH = BEFORE_H.length + H_LENGTH + BEHIND_H.length

/**
 * Makes the journal line of one event. Throws {@link BugError} if the event uses a reserved key or the line
 * would exceed {@link MAX_RECORD_BYTES}: long values belong into the value store.
 */
export function encodeRecord(fields: RecordFields, event: JournalEvent, hash: HashText): EncodedRecord {
  for (const key of Object.keys(event)) {
    if (RESERVED.has(key)) throw new BugError(`event ${event.type} uses the reserved key ${key}`)
  }
  const { seq, t, mono, run, session, fence, actor, prev } = fields
  const { type, ...payload } = event
  const body = { v: RECORD_VERSION, seq, t, mono, run, session, fence, actor, type, ...payload, prev }
  const text = escapeInvisible(JSON.stringify(body))
  const line = `${text.slice(0, -1)},"h":"${hash(text)}"}`
  const sizeBytes = countUtf8Bytes(line) + 1
  if (sizeBytes > MAX_RECORD_BYTES) {
    throw new BugError(
      `event ${type} takes ${sizeBytes} bytes; ${MAX_RECORD_BYTES} is the limit, use the value store`,
    )
  }
  // Read back, so that what the engine reduces now is what a replay will reduce (undefined, NaN, -0 differ).
  const decoded = decodeRecord(line, hash)
  if (!decoded.ok) throw new BugError(`event ${type} cannot be recorded: ${decoded.reason}`)
  return { record: decoded.record, line, sizeBytes }
}

/** Whether an event fits into a record whatever stands around it; else its long values belong into the value store. */
export function fitsRecord(event: JournalEvent): boolean {
  return countUtf8Bytes(escapeInvisible(JSON.stringify(event))) <= MAX_EVENT_BYTES
}

/** Reads one line (without its newline) and checks its own hash; the chain is checked by {@link verifyLink}. Never throws. */
export function decodeRecord(line: string, hash: HashText): DecodedRecord {
  if (line.length > MAX_RECORD_BYTES) return { ok: false, reason: 'it is longer than a record can be' }
  // The encoder escapes U+FFFD, so one in the line means bytes that are no UTF-8.
  if (line.includes('\u{fffd}')) return { ok: false, reason: 'it holds bytes that are not UTF-8' }
  const h = findH(line)
  if (h === undefined) return { ok: false, reason: 'it is not a complete record' }
  if (hash(`${line.slice(0, -SUFFIX_LENGTH)}}`) !== h)
    return { ok: false, reason: 'its checksum does not match' }
  const value = parseObject(line)
  return value === null ? { ok: false, reason: 'it is not a JSON object' } : readFields(value)
}

/** What stands where the hash of a record belongs; the hash itself says whether it is one. */
function findH(line: string): string | undefined {
  const at = line.length - SUFFIX_LENGTH
  if (at < 0 || !line.startsWith(BEFORE_H, at) || !line.endsWith(BEHIND_H)) return undefined
  return line.slice(at + BEFORE_H.length, -BEHIND_H.length)
}

function parseObject(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

function readFields(value: Record<string, unknown>): DecodedRecord {
  const { v, seq, t, mono, run, session, fence, actor, prev, h, ...event } = value
  // One by one: a list of them for each record is felt when a long run is opened.
  const hasNumbers =
    Number.isSafeInteger(v) &&
    Number.isSafeInteger(seq) &&
    Number.isSafeInteger(mono) &&
    Number.isSafeInteger(fence)
  const hasNames = typeof run === 'string' && typeof session === 'string' && typeof actor === 'string'
  const hasTexts = typeof t === 'string' && typeof prev === 'string' && typeof h === 'string'
  if (!hasNumbers || !hasNames || !hasTexts || typeof event['type'] !== 'string')
    return { ok: false, reason: 'a field is missing or has the wrong type' }
  if ((v as number) > RECORD_VERSION)
    return {
      ok: false,
      newer: true,
      reason: `it was written by a newer version (record version ${String(v)})`,
    }
  const record = { v, seq, t, mono, run, session, fence, actor, event, prev, h }
  return { ok: true, record: record as unknown as JournalRecord }
}
