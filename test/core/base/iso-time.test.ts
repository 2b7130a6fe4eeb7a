import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseIsoTime } from '../../../src/core/base/iso-time.ts'

test('a time is read as the platform reads it', () => {
  const date = fc.date({
    min: new Date('1600-01-01T00:00:00Z'),
    max: new Date('2400-01-01T00:00:00Z'),
    noInvalidDate: true,
  })
  fc.assert(fc.property(date, (each) => parseIsoTime(each.toISOString()) === each.getTime()))
})

test.each(['', '2030-01-01', '2030-01-01T00:00:00', '2030-01-01T00:00:00+01:00'])('%j is none', (text) => {
  expect(parseIsoTime(text)).toBeUndefined()
})
