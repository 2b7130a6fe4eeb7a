import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { countBytes, createByteDecoder, decodeBytes, encodeText } from '../../../src/adapters/lab/bytes.ts'

it('gives back every sequence of bytes, however it is cut', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (bytes, size) => {
      expect([...encodeText(decodeBytes(bytes))]).toEqual([...bytes])
      const decoder = createByteDecoder()
      let text = ''
      for (let at = 0; at < bytes.length; at += size) text += decoder.push(bytes.subarray(at, at + size))
      text += decoder.end()
      expect([...encodeText(text)]).toEqual([...bytes])
      expect(countBytes(text)).toBe(bytes.length)
    }),
  )
})

it('keeps text in UTF-8 as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(decodeBytes(Buffer.from(text, 'utf8'))).toBe(text)
    }),
  )
})
