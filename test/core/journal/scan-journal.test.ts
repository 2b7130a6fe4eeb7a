import { describe, expect, test } from 'vitest'
import { hashText } from '../../../src/adapters/journal/hash-text.ts'
import { openLineSplitter } from '../../../src/adapters/journal/line-splitter.ts'
import { selectHead, verifyChain, verifyHead } from '../../../src/core/journal/chain.ts'
import { classifyTail, startJournalScan } from '../../../src/core/journal/scan-journal.ts'
import { buildLine, buildLines, RUN } from './journal-builder.ts'

const LINES = buildLines(30)
const BYTES = Buffer.from(LINES.join(''))

function scan(bytes: Buffer) {
  const journal = startJournalScan(hashText)
  const splitter = openLineSplitter((line) => journal.push(line))
  // Two pieces, so that a line also arrives in parts.
  splitter.push(bytes.subarray(0, 1000))
  splitter.push(bytes.subarray(1000))
  splitter.finish()
  return journal.finish()
}

test('a sound journal is ok and gives all records', () => {
  const { records, goodBytes, condition } = scan(BYTES)
  expect(condition).toEqual({ kind: 'ok' })
  expect(records.map((record) => record.seq)).toEqual(LINES.map((_, index) => index + 1))
  expect(goodBytes).toBe(BYTES.length)
  expect(verifyChain(records)).toBeNull()
})

test('cut at any byte, it gives every record whose newline is there, and calls the rest torn', () => {
  for (let size = 0; size <= BYTES.length; size += 1) {
    const cut = BYTES.subarray(0, size)
    const whole = cut.toString('latin1').split('\n').length - 1
    const { records, condition, goodBytes } = scan(cut)
    const atBoundary = size === 0 || cut[size - 1] === 0x0a
    expect([size, records.length, condition.kind]).toEqual([size, whole, atBoundary ? 'ok' : 'torn'])
    expect(goodBytes).toBe(cut.lastIndexOf('\n') + 1)
  }
})

test('one bit flipped in any byte is never ok, and only damage inside the last record is torn', () => {
  const lastStart = BYTES.length - Buffer.byteLength(LINES.at(-1)!)
  for (let at = 0; at < BYTES.length; at += 1) {
    const flipped = Buffer.from(BYTES)
    flipped[at]! ^= 1 << (at % 8)
    const { records, condition } = scan(flipped)
    if (condition.kind === 'torn') {
      expect(at).toBeGreaterThanOrEqual(lastStart)
      expect(records.length).toBe(29)
    } else expect([at, condition.kind]).toEqual([at, 'corrupt'])
  }
})

test('each bit of the newlines at the end is noticed as corrupt: the records around it were acknowledged', () => {
  const ends = [BYTES.length - 1, BYTES.length - 1 - Buffer.byteLength(LINES.at(-1)!)]
  for (const at of ends) {
    for (let bit = 0; bit < 8; bit += 1) {
      const flipped = Buffer.from(BYTES)
      flipped[at]! ^= 1 << bit
      expect(scan(flipped).condition.kind).toBe('corrupt')
    }
  }
})

describe('what stands behind the last sound record', () => {
  const next = buildLine(selectHead(classifyTail(LINES.join(''), hashText).records))
  const afterNext = buildLine(next.head)
  const half = next.line.slice(0, 100)
  test.each([
    ['half a record', half, 'torn'],
    ['half a record and zeros', half + '\0'.repeat(600), 'torn'],
    ['zeros', '\0'.repeat(4096), 'torn'],
    ['more zeros than a line can have', '\0'.repeat(200_000), 'torn'],
    ['a whole record without its newline', next.line.slice(0, -1), 'torn'],
    ['a whole record, zeros for its newline', `${next.line.slice(0, -1)}\0\0`, 'torn'],
    ['a record without its beginning', `${'\0'.repeat(40)}${next.line.slice(40)}`, 'torn'],
    ['garbage lines', 'a\nb\n\n', 'torn'],
    ['an empty line', '\n', 'torn'],
    ['a record behind half a record', `${half}\n${next.line}`, 'corrupt'],
    ['two records glued on one line', `${next.line.slice(0, -1)}${afterNext.line}`, 'corrupt'],
    ['a record behind zeros', '\0'.repeat(512) + next.line, 'corrupt'],
    ['a missing record', afterNext.line, 'corrupt'],
    ['the last record again', LINES.at(-1)!, 'corrupt'],
    [
      'a record of another run',
      buildLine({ ...next.head, seq: 30 }, { run: RUN.replace('7', '8') as never }).line,
      'corrupt',
    ],
    [
      'a record under an older lease',
      buildLine({ seq: 30, h: next.record.prev }, { fence: 0 }).line,
      'corrupt',
    ],
  ])('%s', (_, tail, expected) => {
    const { condition, records } = scan(Buffer.concat([BYTES, Buffer.from(tail)]))
    expect(condition.kind).toBe(expected)
    expect(records.length).toBe(30)
  })
})

test('lines that are missing, swapped or repeated inside are corrupt', () => {
  const [first, second, ...rest] = LINES
  for (const lines of [
    [first, ...rest],
    [second, first, ...rest],
    [first, first, second, ...rest],
  ]) {
    expect(classifyTail(lines.join(''), hashText).condition.kind).toBe('corrupt')
  }
})

test('any sector of zeros is noticed', () => {
  for (let at = 0; at < BYTES.length; at += 512) {
    const zeroed = Buffer.from(BYTES)
    zeroed.fill(0, at, Math.min(at + 512, zeroed.length))
    expect(scan(zeroed).condition.kind).not.toBe('ok')
  }
})

test('text is classified like bytes', () => {
  const text = LINES.join('') + 'half'
  const { goodBytes, condition } = classifyTail(text, hashText)
  expect([goodBytes, condition.kind]).toEqual([BYTES.length, 'torn'])
})

test('a head that is known from elsewhere must be in the journal', () => {
  const { records } = classifyTail(LINES.join(''), hashText)
  const head = selectHead(records)
  expect(verifyHead(records, head)).toBeNull()
  expect(verifyHead(records, { seq: 3, h: records[2].h })).toBeNull()
  expect(verifyHead(records, { seq: 3, h: records[3].h })).toContain('not the one')
  expect(verifyHead(records.slice(0, 20), head)).toContain('ends at 20')
})
