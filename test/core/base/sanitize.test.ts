import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatCodePoint } from '../../../src/core/base/hidden-characters.ts'
import { revealCommand } from '../../../src/core/base/reveal-command.ts'
import { sanitizeLine, sanitizeText } from '../../../src/core/base/sanitize.ts'
import { hostileText, isSafe } from './hostile-text.ts'
import { HOSTILE_PAYLOADS } from './hostile-payloads.ts'

const checkText = (input: string, expected: string): void => expect(sanitizeText(input)).toBe(expected)
const checkReveal = (input: string, expected: string): void => expect(revealCommand(input)).toBe(expected)

describe('sanitizeText', () => {
  test('the corpus has at least sixty payloads', () => {
    expect(Object.keys(HOSTILE_PAYLOADS).length).toBeGreaterThanOrEqual(60)
  })

  test.each(Object.entries(HOSTILE_PAYLOADS))('disarms: %s', (_name, payload) => {
    expect(isSafe(payload)).toBe(false)
    expect(isSafe(sanitizeText(payload))).toBe(true)
    expect(sanitizeText(sanitizeText(payload))).toBe(sanitizeText(payload))
    expect(sanitizeLine(payload)).not.toMatch(/[\n\t]/)
    expect(isSafe(sanitizeLine(payload))).toBe(true)
  })

  test.each([
    ['plain text', 'two\nlines\tand a tab', 'two\nlines\tand a tab'],
    ['letters of all scripts', 'Grüße, 世界, שלום 😀', 'Grüße, 世界, שלום 😀'],
    ['line breaks of Windows', 'a\r\nb', 'a\nb'],
    ['a lone carriage return', 'rm -rf /\recho safe', 'rm -rf /<U+000D>echo safe'],
    ['a carriage return at the end', 'a\r', 'a<U+000D>'],
    ['a backspace', 'ab\bc', 'ab<U+0008>c'],
    ['colours', '\u001b[1;31mred\u001b[0m!', 'red!'],
    ['a string that ended', '\u001b]0;title\u0007text', 'text'],
    ['a string that never ended', '\u001b]0;hidden', '0;hidden'],
    ['a string that ran over its line', '\u001b]0;hidden\nnext', '0;hidden\nnext'],
    ['a bidirectional override', 'a\u202eb', 'a<U+202E>b'],
    ['a tag character', '\u{e0041}', '<U+E0041>'],
    ['an emoji with its selector', '⚠\ufe0f mind', '⚠ mind'],
    ['a lone surrogate', 'a\ud800', 'a\ufffd'],
  ])('%s', (_name, input, expected) => checkText(input, expected))

  test('is safe and idempotent for any text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const once = sanitizeText(text)
        expect(isSafe(once)).toBe(true)
        expect(sanitizeText(once)).toBe(once)
        expect(sanitizeLine(sanitizeLine(text))).toBe(sanitizeLine(text))
      }),
    )
  })
})

describe('revealCommand', () => {
  test.each([
    ['a plain script', 'set -e\n\techo "hi"', 'set -e\n\techo "hi"'],
    ['a carriage return', 'rm -rf /\recho safe', 'rm -rf /<U+000D>echo safe'],
    ['an escape sequence', 'a\u001b[8mb', 'a<U+001B>[8mb'],
    ['a whole string sequence', '\u001b]0;x\u0007', '<U+001B>]0;x<U+0007>'],
    ['a no-break space', 'rm\u00a0-rf', 'rm<U+00A0>-rf'],
    ['a zero-width space', 'ro\u200bot', 'ro<U+200B>ot'],
    ['a selector that text would lose', '⚠\ufe0f', '⚠<U+FE0F>'],
    ['NUL and C1', '\u0000\u009b', '<U+0000><U+009B>'],
    ['a lone surrogate', '\ud800', '<U+D800>'],
  ])('%s', (_name, input, expected) => checkReveal(input, expected))

  test('drops nothing: the command can be read back from what is shown', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        fc.pre(!text.includes('<U+'))
        const shown = revealCommand(text)
        const back = shown.replace(/<U\+([0-9A-F]+)>/g, (_, hex) =>
          String.fromCodePoint(Number.parseInt(hex, 16)),
        )
        expect(back).toBe(text)
        expect(isSafe(shown)).toBe(true)
      }),
    )
  })

  test('formats a code point with at least four digits', () => {
    expect(formatCodePoint(0x7)).toBe('<U+0007>')
    expect(formatCodePoint(0xe0041)).toBe('<U+E0041>')
  })
})
