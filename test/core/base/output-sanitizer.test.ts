import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_LINE_CHARACTERS } from '../../../src/core/base/line-model.ts'
import { createOutputSanitizer } from '../../../src/core/base/output-sanitizer.ts'
import { cut, hostileBytes, isSafe } from './hostile-text.ts'
import { HOSTILE_PAYLOADS } from './hostile-payloads.ts'

const sanitizeChunks = (chunks: readonly Uint8Array[]) => {
  const sanitizer = createOutputSanitizer()
  return [...chunks.flatMap((chunk) => sanitizer.feed(chunk)), ...sanitizer.end()]
}
const linesOf = (input: string | Uint8Array): string[] =>
  sanitizeChunks([typeof input === 'string' ? Buffer.from(input) : input]).map((line) => line.text)

const check = (input: string | Uint8Array, expected: string[]): void =>
  expect(linesOf(input)).toEqual(expected)

describe('createOutputSanitizer', () => {
  test.each([
    ['nothing', '', []],
    ['an empty line', '\n', ['']],
    ['a line without its end', 'a\nb', ['a', 'b']],
    ['line breaks of Windows', 'a\r\nb\r\n', ['a', 'b']],
    ['a progress bar', '10%\r50%\r100%\n', ['100%']],
    ['a shorter last state', 'downloading\rdone\u001b[K\n', ['done']],
    ['a last state that does not erase', 'abcdef\rxy\n', ['xycdef']],
    ['a spinner by backspace', '|\b/\b-\n', ['-']],
    ['erasing the whole line', 'secret\u001b[2K\rok\n', ['ok']],
    ['erasing to the left', 'abcd\u001b[1K\n', ['    ']],
    ['moving to a column', 'abc\u001b[6Gx\n', ['abc  x']],
    ['moving left and right', 'abc\u001b[2DX\u001b[1CY\n', ['aXcY']],
    ['tabs', 'a\tb\t\tc\n', ['a       b               c']],
    ['a tab over text', 'abcdefghij\r\tX\n', ['abcdefghXj']],
    ['colours', '\u001b[32mok\u001b[0m\n', ['ok']],
    ['a bidirectional override', 'a\u202eb\n', ['a<U+202E>b']],
    ['cursor up is not obeyed', 'a\n\u001b[1Ab\n', ['a', 'b']],
    ['bad UTF-8', new Uint8Array([0x63, 0xe9, 0x0a]), ['c\ufffd']],
    ['a character cut off by the end', new Uint8Array([0x61, 0xe2, 0x82]), ['a\ufffd']],
    ['a NUL among text', 'a\u0000b\n', ['ab']],
    ['binary data', new Uint8Array(100), ['binary, 100 bytes']],
    [
      'binary lines become one',
      Buffer.from('x\n\0\0\0\0\0\0\0\0\n\0\0\0\0\0\0\0\0\ny\n'),
      ['x', 'binary, 18 bytes', 'y'],
    ],
  ])('%s', (_name, input, expected) => check(input, expected))

  test.each(Object.entries(HOSTILE_PAYLOADS))('disarms: %s', (_name, payload) => {
    for (const line of linesOf(payload)) expect(isSafe(line) && !/[\n\t]/.test(line)).toBe(true)
  })

  test('counts how often a line was written over', () => {
    expect(sanitizeChunks([Buffer.from('1\r2\r3\n4\r\n')]).map((line) => line.updates)).toEqual([2, 0])
  })

  test('shows an unfinished line while it is being written', () => {
    const sanitizer = createOutputSanitizer()
    expect(sanitizer.current()).toBeUndefined()
    sanitizer.feed(Buffer.from('Password: '))
    expect(sanitizer.current()?.text).toBe('Password: ')
  })

  test('shortens a long line and says by how much', () => {
    const [line = ''] = linesOf('x'.repeat(100_000))
    expect(line.length).toBeLessThanOrEqual(MAX_LINE_CHARACTERS)
    expect(line).toMatch(/^x{4064} \(95936 characters more\)$/)
  })

  test('a string that never ends hides at most 4 KB, and shows it afterwards', () => {
    const lines = linesOf(`\u001b]0;${'x'.repeat(5000)}\nnext\n`)
    expect(lines[0]).toMatch(/^0;xxx/)
    expect(lines[1]).toBe('next')
  })

  test('gives safe lines, the same ones however the bytes are cut, and nothing new the second time', () => {
    fc.assert(
      fc.property(hostileBytes, fc.array(fc.nat({ max: 9 }), { maxLength: 60 }), (bytes, sizes) => {
        const whole = sanitizeChunks([bytes])
        for (const { text } of whole) expect(isSafe(text) && !/[\n\t]/.test(text)).toBe(true)
        expect(sanitizeChunks(cut(bytes, sizes))).toEqual(whole)
        const again = linesOf(whole.map((line) => `${line.text}\n`).join(''))
        expect(again).toEqual(whole.map((line) => line.text))
      }),
    )
  })
})
