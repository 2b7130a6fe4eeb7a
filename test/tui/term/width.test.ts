import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { fitRow, measureRow, skipRow, word } from '../../../src/tui/term/row.ts'
import { cutText, measureWidth, skipText } from '../../../src/tui/term/width.ts'
import { wrapSpans } from '../../../src/tui/term/wrap-text.ts'
import { ASCII_GLYPHS, UNICODE_GLYPHS } from '../../../src/tui/term/glyphs.ts'

test('every character of the basic plane is as wide as string-width says', () => {
  const wrong: string[] = []
  for (let code = 0x20; code < 0xffff; code += 1) {
    if ((code >= 0x7f && code < 0xa0) || (code >= 0xd800 && code < 0xe000)) continue
    const char = String.fromCharCode(code)
    if (measureWidth(char) !== stringWidth(char)) wrong.push(code.toString(16))
  }
  expect(wrong).toEqual([])
})

test('the bundle replaces string-width by the same table', () => {
  expect(readTable('scripts/fast-string-width.mjs')).toBe(readTable('src/tui/term/width.ts'))
  expect(readTable('src/tui/term/width.ts')).toBeDefined()
})

test('every drawn character is one cell, its ASCII form plain', () => {
  for (const [name, glyph] of Object.entries(UNICODE_GLYPHS))
    expect([name, stringWidth(glyph)]).toEqual([name, 1])
  for (const glyph of Object.values(ASCII_GLYPHS)) expect(glyph).toMatch(/^[ -~]+$/)
})

const text = fc.string({ unit: fc.constantFrom('a', 'Z', ' ', '─', 'é', '日', '本', '😀', 'e\u0301', '한') })

test('a row is exactly as wide as wanted, whatever it holds', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 4 }), fc.integer({ min: 1, max: 40 }), (texts, width) => {
      expect(
        measureRow(
          fitRow(
            texts.map((each) => word(each)),
            width,
          ),
        ),
      ).toBe(width)
    }),
  )
})

test('what is cut and what is skipped make up the text', () => {
  fc.assert(
    fc.property(text, fc.nat(20), (whole, cells) => {
      const head = cutText(whole, cells)
      expect(measureWidth(head)).toBeLessThanOrEqual(cells)
      expect(whole.startsWith(head)).toBe(true)
      expect(measureWidth(skipText(whole, measureWidth(head)))).toBe(measureWidth(whole) - measureWidth(head))
      expect(measureRow(skipRow([word(whole)], measureWidth(head)))).toBe(
        measureWidth(whole) - measureWidth(head),
      )
    }),
  )
})

test('wrapped rows fit, and lose nothing but blanks', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 30 }), (whole, width) => {
      const rows = wrapSpans([word(whole)], width)
      for (const row of rows) expect(measureRow(row)).toBeLessThanOrEqual(width)
      const joined = rows.flat().map((span) => span.text)
      expect(joined.join('').replaceAll(' ', '')).toBe(whole.replaceAll(' ', ''))
    }),
  )
})

function readTable(file: string): string | undefined {
  return /\/\^\[.*\]\*\$\//.exec(readFileSync(file, 'utf8'))?.[0]
}
