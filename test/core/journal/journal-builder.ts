import { hashText } from '../../../src/adapters/journal/hash-text.ts'
import type { RunId } from '../../../src/core/base/ids.ts'
import { EMPTY_HEAD, type JournalHead } from '../../../src/core/journal/chain.ts'
import { encodeRecord, type RecordFields } from '../../../src/core/journal/record.ts'

export const RUN = '7k2q-9fpm' as RunId

/** One line (with its newline) behind `head`; `fields` replaces what it would have. */
export function buildLine(head: JournalHead, fields: Partial<RecordFields> = {}) {
  const seq = head.seq + 1
  const defaults = {
    t: '2026-01-02T03:04:05.678Z',
    mono: seq,
    run: RUN,
    session: 's1',
    fence: 1,
    actor: 'ada',
  }
  const event = { type: 'attempt-started', step: `step-${seq}`, note: 'größer\u0007 😀' }
  const { line, record } = encodeRecord({ ...defaults, seq, prev: head.h, ...fields }, event, hashText)
  return { line: `${line}\n`, head: { seq: record.seq, h: record.h }, record }
}

/** The lines of a sound journal. */
export function buildLines(count: number, run = RUN): string[] {
  let head = EMPTY_HEAD
  return Array.from({ length: count }, () => {
    const built = buildLine(head, { run })
    head = built.head
    return built.line
  })
}
