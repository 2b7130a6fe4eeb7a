import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatDuration, parseDuration, parseDurationRange } from '../../../src/core/base/duration.ts'

const checkParse = (input: string, expected: number | undefined): void =>
  expect(parseDuration(input)).toBe(expected)
test.each([
  ['250ms', 250],
  ['30s', 30_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['1h30m', 5_400_000],
  ['0s', 0],
  ['', undefined],
  ['5', undefined],
  ['5 m', undefined],
  ['-5m', undefined],
  ['1.5h', undefined],
  ['30m1h', undefined],
  ['5min', undefined],
  ['9999999999999999d', undefined],
])('parses %j', checkParse)

test('parses estimates', () => {
  expect(parseDurationRange('5m..40m')).toEqual({ minMs: 300_000, maxMs: 2_400_000 })
  expect(parseDurationRange('10m')).toEqual({ minMs: 600_000, maxMs: 600_000 })
  for (const bad of ['40m..5m', '5m..', '..5m', '1m..2m..3m', ''])
    expect(parseDurationRange(bad)).toBeUndefined()
})

const checkFormat = (input: number, expected: string): void => expect(formatDuration(input)).toBe(expected)
test.each([
  [0, '0s'],
  [250, '250ms'],
  [12_040, '12s'],
  [65_000, '1m5s'],
  [3_600_000, '1h'],
  [90_061_000, '1d1h'],
  [-5, '0s'],
])('formats %d', checkFormat)

test('a formatted duration reads back as at most the same', () => {
  fc.assert(
    fc.property(fc.nat(), (durationMs) => {
      const back = parseDuration(formatDuration(durationMs)) ?? Number.NaN
      expect(back).toBeLessThanOrEqual(durationMs)
      expect(formatDuration(back)).toBe(formatDuration(durationMs))
    }),
  )
})
