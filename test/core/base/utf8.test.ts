import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createUtf8Decoder, decodeUtf8, encodeUtf8 } from '../../../src/core/base/utf8.ts'
import { cut } from './hostile-text.ts'

const platform = new TextDecoder('utf-8', { ignoreBOM: true })
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.string({ unit: 'binary' }).map((text) => new Uint8Array(Buffer.from(text))),
  fc
    .array(fc.constantFrom(0x41, 0x80, 0xbf, 0xc2, 0xe0, 0xa0, 0xed, 0x9f, 0xf0, 0x90, 0xf4, 0x8f, 0xff), {
      maxLength: 20,
    })
    .map((bytes) => new Uint8Array(bytes)),
)

describe('utf8', () => {
  test('decodes as the platform does, valid or not', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(decodeUtf8(bytes).text).toBe(platform.decode(bytes))
      }),
      { numRuns: 500 },
    )
  })

  test('does not depend on how the bytes are cut, and counts every bad byte', () => {
    fc.assert(
      fc.property(anyBytes, fc.array(fc.nat({ max: 3 })), (bytes, sizes) => {
        const decoder = createUtf8Decoder()
        let text = ''
        let bad = 0
        const sink = (codePoint: number, badBytes: number): void => {
          text += String.fromCodePoint(codePoint)
          bad += badBytes
        }
        for (const chunk of cut(bytes, sizes)) decoder.feed(chunk, sink)
        decoder.end(sink)
        expect(text).toBe(platform.decode(bytes))
        expect(bad === 0).toBe(decodeUtf8(bytes).isValid)
      }),
    )
  })

  test('encodes as the platform does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(Buffer.from(encodeUtf8(text))).toEqual(Buffer.from(new TextEncoder().encode(text)))
      }),
    )
    expect(Buffer.from(encodeUtf8('a\ud800'))).toEqual(Buffer.from(new TextEncoder().encode('a\ud800')))
  })
})
