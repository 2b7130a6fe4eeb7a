import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMasker } from '../../../src/core/base/masker.ts'
import { cut } from './hostile-text.ts'

const SECRET = `p+a's "$w&r<d>/\\ü`
const masker = createMasker([{ name: 'db', value: SECRET }])
const base64At = (offset: number): string =>
  Buffer.from(`${'#'.repeat(offset)}${SECRET}%%%`).toString('base64')

const form = (text: string): void => {
  const masked = masker.mask(`before ${text} after`)
  expect(masked).toContain('[secret:db]')
  expect(masked).toMatch(/^before .* after$/)
  expect(masked).not.toContain(text)
}

describe('createMasker', () => {
  test.each([
    ['raw', SECRET],
    ['single-quoted for a shell', `'${SECRET.replaceAll("'", `'\\''`)}'`],
    ['escaped in double quotes', SECRET.replace(/[$`"\\]/g, '\\$&')],
    ['JSON', JSON.stringify(SECRET)],
    ['JSON in ASCII', JSON.stringify(SECRET).replace('ü', '\\u00fc')],
    ['JSON in JSON', JSON.stringify(JSON.stringify(SECRET))],
    ['URL', encodeURIComponent(SECRET)],
    ['URL in lower case', encodeURIComponent(SECRET).replace(/%../g, (x) => x.toLowerCase())],
    ['form data', new URLSearchParams({ p: SECRET }).toString().slice(2)],
    ['base64', Buffer.from(SECRET).toString('base64')],
    ['base64url', Buffer.from(SECRET).toString('base64url')],
    ['base64 after one byte', base64At(1)],
    ['base64 after two bytes', base64At(2)],
    ['hex', Buffer.from(SECRET).toString('hex')],
    ['hex in capitals', Buffer.from(SECRET).toString('hex').toUpperCase()],
    [
      'XML',
      SECRET.replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;'),
    ],
    ['doubled quotes', SECRET.replaceAll("'", "''")],
  ])('masks: %s', (_name, text) => form(text))

  test('refuses a short secret aloud', () => {
    const { refused, mask } = createMasker([
      { name: 'pin', value: '12345' },
      { name: 'none', value: '' },
    ])
    expect(refused.map((each) => each.name)).toEqual(['pin', 'none'])
    expect(refused[0]?.reason).toContain('6 characters')
    expect(refused[0]?.reason).not.toContain('12345')
    expect(mask('12345 stays')).toBe('12345 stays')
  })

  test('masks a secret of several lines also line by line and on one line', () => {
    const value = '-----BEGIN KEY-----\nMIIEpAIBAAKC\nAQEAx7f9qqLr\n-----END KEY-----\n'
    const key = createMasker([{ name: 'key', value }])
    expect(key.mask('x MIIEpAIBAAKC y')).toBe('x [secret:key] y')
    expect(key.mask(value.replaceAll('\n', '\r\n'))).toBe('[secret:key]\r\n')
    expect(key.mask(value.trim().replaceAll('\n', ' '))).toBe('[secret:key]')
    expect(key.mask('-----BEGIN KEY-----')).toBe('-----BEGIN KEY-----')
  })

  test('masks what overlaps as a whole', () => {
    const both = createMasker([
      { name: 'a', value: 'abcdefgh' },
      { name: 'b', value: 'efghijkl' },
    ])
    expect(both.mask('<abcdefghijkl>')).toBe('<[secret:a]>')
    expect(createMasker([{ name: 'r', value: 'aaaaaa' }]).mask('aaaaaaaaa!')).toBe('[secret:r]!')
  })

  test('prefers the longer of two secrets that begin alike', () => {
    const both = createMasker([
      { name: 'short', value: 'secret' },
      { name: 'long', value: 'secret-and-more' },
    ])
    expect(both.mask('secret-and-more')).toBe('[secret:long]')
  })

  test('without secrets nothing changes and nothing is held back', () => {
    const stream = createMasker([]).createStreamMasker()
    expect(Buffer.from(stream.feed(Buffer.from('abc'))).toString()).toBe('abc')
  })

  test('an unfinished secret is released by flush', () => {
    const stream = masker.createStreamMasker()
    const start = Buffer.from(SECRET).subarray(0, 8)
    expect(stream.feed(start)).toHaveLength(0)
    expect(Buffer.from(stream.flush())).toEqual(start)
  })

  test('a stream is masked as its whole would be, wherever it is cut, bytes that are no text included', () => {
    const secrets = [
      { name: 'a', value: SECRET },
      { name: 'b', value: 'hunter2hunter2' },
      { name: 'c', value: 'ababab' },
    ]
    const all = createMasker(secrets)
    const piece = fc.oneof(
      fc.constantFrom(
        SECRET,
        'hunter2',
        'hunter2hunter2',
        'ab',
        'aba',
        'ababab',
        JSON.stringify(SECRET),
        base64At(1),
      ),
      fc.string({ maxLength: 5 }),
    )
    fc.assert(
      fc.property(
        fc.array(piece),
        fc.array(fc.nat({ max: 9 }), { maxLength: 80 }),
        fc.uint8Array({ maxLength: 4 }),
        (pieces, sizes, tail) => {
          const text = pieces.join('')
          const bytes = Buffer.concat([Buffer.from(text), tail])
          const stream = all.createStreamMasker()
          const parts = [...cut(bytes, sizes).map((chunk) => stream.feed(chunk)), stream.flush()]
          const whole = Buffer.concat([Buffer.from(all.mask(text)), tail])
          expect(Buffer.concat(parts).toString('latin1')).toBe(whole.toString('latin1'))
          expect(Buffer.concat(parts).includes(SECRET)).toBe(false)
        },
      ),
    )
  })
})
