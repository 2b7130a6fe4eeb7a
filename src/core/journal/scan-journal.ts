import type { HashText } from '../base/hash.ts'
import { verifyLink } from './chain.ts'
import { countUtf8Bytes } from './count-utf8-bytes.ts'
import { decodeRecord, MAX_RECORD_BYTES, type JournalRecord } from './record.ts'

/** A stretch of the file: one line, or what stands after the last newline (`terminated` false). */
export type RawLine = {
  readonly text: string
  /** Bytes in the file, newline included. */
  readonly sizeBytes: number
  readonly terminated: boolean
}

/** What opening a journal can find: nothing else. */
export type JournalCondition =
  | { readonly kind: 'ok' }
  /** The bad bytes are the last ones and no record follows them: cut them off, keep a copy, say so. */
  | {
      readonly kind: 'torn'
      readonly reason: string
      /** The bad bytes end in a newline: possibly damage to an acknowledged record, not a write cut short. */
      readonly suspicious: boolean
    }
  /** A record follows the bad bytes, or the chain breaks: read only, never run on it. */
  | { readonly kind: 'corrupt'; readonly reason: string }

/** The records up to the first damage, the bytes they take, and the condition of what comes after. */
export type ScannedJournal = {
  readonly records: readonly JournalRecord[]
  readonly goodBytes: number
  readonly condition: JournalCondition
}

/** Takes the lines of a journal in order; `finish` tells what they amount to. */
export type JournalScan = { readonly push: (line: RawLine) => void; readonly finish: () => ScannedJournal }

type Damage = { reason: string; suspicious: boolean; corrupt: boolean }

/** Starts reading a journal from its first line; used for every opening, following and verification. */
export function startJournalScan(hash: HashText): JournalScan {
  const records: JournalRecord[] = []
  let goodBytes = 0
  let damage: Damage | null = null
  return {
    push(line) {
      if (damage !== null) {
        damage = extendDamage(damage, line, hash)
        return
      }
      const place = `line ${records.length + 1}`
      const decoded = decodeRecord(line.text, hash)
      if (!decoded.ok || !line.terminated) {
        damage = beginDamage(line, place, hash)
        return
      }
      const broken = verifyLink(records.at(-1) ?? null, decoded.record)
      if (broken !== null) {
        damage = { reason: `${place}: ${broken}`, suspicious: true, corrupt: true }
        return
      }
      records.push(decoded.record)
      goodBytes += line.sizeBytes
    },
    finish: () => ({ records, goodBytes, condition: describeCondition(damage) }),
  }
}

/** Classifies a whole journal that is given as text; for texts that were decoded from UTF-8 bytes. */
export function classifyTail(text: string, hash: HashText): ScannedJournal {
  const scan = startJournalScan(hash)
  const parts = text.split('\n')
  const last = parts.pop() ?? ''
  for (const part of parts) scan.push({ text: part, sizeBytes: countUtf8Bytes(part) + 1, terminated: true })
  if (last !== '') scan.push({ text: last, sizeBytes: countUtf8Bytes(last), terminated: false })
  return scan.finish()
}

function beginDamage(line: RawLine, place: string, hash: HashText): Damage {
  const decoded = decodeRecord(line.text, hash)
  // A write that was cut short leaves a record without its newline, or with zeros in its place: it was never
  // acknowledged. A whole record next to any other byte was: its newline has been damaged.
  const unfinished = !line.terminated && decodeRecord(line.text.replace(/\0+$/, ''), hash).ok
  const newer = !decoded.ok && decoded.newer === true
  return {
    reason: `${place}: ${decoded.ok ? 'it has no end' : decoded.reason}`,
    suspicious: line.terminated,
    corrupt: newer || (!unfinished && containsRecord(line.text, hash)),
  }
}

function extendDamage(damage: Damage, line: RawLine, hash: HashText): Damage {
  if (damage.corrupt) return damage
  return { ...damage, suspicious: line.terminated, corrupt: containsRecord(line.text, hash) }
}

function containsRecord(text: string, hash: HashText): boolean {
  for (const { index, 0: suffix } of text.matchAll(/"h":"[0-9a-f]{64}"\}/g)) {
    const end = index + suffix.length
    let start = text.indexOf('{"v":', Math.max(0, end - MAX_RECORD_BYTES))
    while (start !== -1 && start < end) {
      if (decodeRecord(text.slice(start, end), hash).ok) return true
      start = text.indexOf('{"v":', start + 1)
    }
  }
  return false
}

function describeCondition(damage: Damage | null): JournalCondition {
  if (damage === null) return { kind: 'ok' }
  const { reason, suspicious } = damage
  return damage.corrupt
    ? { kind: 'corrupt', reason: `${reason}; records follow or contradict it` }
    : { kind: 'torn', reason, suspicious }
}
