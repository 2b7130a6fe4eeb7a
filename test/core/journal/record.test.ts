import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashText } from '../../../src/adapters/journal/hash-text.ts'
import type { RunId } from '../../../src/core/base/ids.ts'
import type { RunEvent } from '../../../src/core/run/events.ts'
import {
  decodeRecord,
  encodeRecord,
  fitsRecord,
  GENESIS,
  MAX_EVENT_BYTES,
  MAX_RECORD_BYTES,
  type JournalEvent,
  type RecordFields,
} from '../../../src/core/journal/record.ts'

const FIELDS: RecordFields = {
  seq: 1,
  t: '2026-01-02T03:04:05.000Z',
  mono: 17,
  run: '7k2q-9fpm' as RunId,
  session: 's1',
  fence: 1,
  actor: 'ada',
  prev: GENESIS,
}

function encode(event: JournalEvent) {
  return encodeRecord(FIELDS, event, hashText)
}

test('a record has its keys in the documented order, with prev and h last', () => {
  const { line } = encode({ type: 'step-started', step: 'drain', attempt: 1 })
  expect(Object.keys(JSON.parse(line))).toEqual(
    'v seq t mono run session fence actor type step attempt prev h'.split(' '),
  )
})

test('h is the SHA-256 of the line without h', () => {
  const { line, record } = encode({ type: 'x' })
  const { h, ...rest } = JSON.parse(line)
  expect(hashText(JSON.stringify(rest))).toBe(h)
  expect(record.h).toBe(h)
})

test('what was encoded is decoded again, for any JSON event and any text in it', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2, stringUnit: 'binary' })),
      (payload) => {
        const event = { ...payload, type: 'x' }
        fc.pre(
          !['v', 'seq', 't', 'mono', 'run', 'session', 'fence', 'actor', 'prev', 'h'].some(
            (key) => key in payload,
          ),
        )
        fc.pre(JSON.stringify(event).length < 500)
        const { line, record, sizeBytes } = encode(event)
        expect(record.event).toEqual(JSON.parse(JSON.stringify(event)))
        expect(decodeRecord(line, hashText)).toEqual({ ok: true, record })
        expect(Buffer.byteLength(line) + 1).toBe(sizeBytes)
      },
    ),
  )
})

test('no control, format or separator character is left in a line', () => {
  const nasty =
    '\u001b[2J\u007f\u0085\u009b31m\u00ad\u200b\u202e\u2028\u2029\u2066\ufeff\u{e0041}\ufffd\ud800'
  const { line, record } = encode({ type: 'x', note: nasty })
  expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd]/u)
  expect(record.event['note']).toBe(nasty)
})

test('letters of any script stay readable', () => {
  expect(encode({ type: 'x', note: 'größer 東京 😀' }).line).toContain('größer 東京 😀')
})

test('an event that is too long or uses a reserved key is a bug', () => {
  expect(() => encode({ type: 'x', note: 'ä'.repeat(MAX_RECORD_BYTES / 2) })).toThrow('value store')
  expect(() => encode({ type: 'x', seq: 3 })).toThrow('reserved key seq')
})

test('the longest record that fits is accepted', () => {
  const spare = MAX_RECORD_BYTES - encode({ type: 'x', note: '' }).sizeBytes
  expect(encode({ type: 'x', note: 'a'.repeat(spare) }).sizeBytes).toBe(MAX_RECORD_BYTES)
  expect(() => encode({ type: 'x', note: 'a'.repeat(spare + 1) })).toThrow('value store')
})

test('an event that fits can be recorded by a long-named actor in any run', () => {
  const spare = MAX_EVENT_BYTES - JSON.stringify({ type: 'x', note: '' }).length
  const longest = { type: 'x', note: 'a'.repeat(spare) }
  expect([fitsRecord(longest), fitsRecord({ ...longest, note: `${longest.note}a` })]).toEqual([true, false])
  const [actor, session] = ['n'.repeat(100), 's'.repeat(100)]
  const fields = { ...FIELDS, actor, session, seq: 100_000, mono: Number.MAX_SAFE_INTEGER, fence: 1_000_000 }
  expect(encodeRecord(fields, longest, hashText).sizeBytes).toBeLessThanOrEqual(MAX_RECORD_BYTES)
  // Escaping makes a text longer than it looks.
  expect(fitsRecord({ type: 'x', note: '\u001b'.repeat(600) })).toBe(false)
})

test('every event of a run is one for the journal', () => {
  const event: RunEvent = { type: 'run-paused', reason: 'journal-error', detail: 'the disk is full' }
  const recorded: JournalEvent = event
  expect(encode(recorded).record.event).toEqual(event)
})

test.each([
  ['', 'not a complete record'],
  ['{}', 'not a complete record'],
  [encode({ type: 'x' }).line.slice(1), 'checksum'],
  [encode({ type: 'x' }).line.replace('ada', 'bob'), 'checksum'],
  [`${encode({ type: 'x' }).line} `, 'not a complete record'],
  [`${'a'.repeat(MAX_RECORD_BYTES)}"}`, 'longer than a record'],
  [encode({ type: 'x' }).line.replace('ada', '\ufffd'), 'not UTF-8'],
  [seal('{"v":1,"type":"x"'), 'field is missing'],
  [seal('[1'), 'not a JSON object'],
  [seal(JSON.stringify({ ...FIELDS, v: 2, type: 'x' }).slice(0, -1)), 'newer version'],
])('a line that is no record is refused with the reason: %#', (line, reason) => {
  const decoded = decodeRecord(line, hashText)
  expect(decoded.ok ? 'accepted' : decoded.reason).toContain(reason)
})

function seal(open: string): string {
  return `${open},"h":"${hashText(`${open}}`)}"}`
}
