import { expect, test } from 'vitest'
import { ANSI_THEME, MONO_THEME } from '../../../src/tui/term/theme.ts'

/** Of the sixteen colours these can be read on black and on white: yellow, white and blue cannot. */
const READABLE = new Set(['', '1', '2', '4', '7', '31', '32', '35', '36'])

test('every tone can be read on a dark and on a light background', () => {
  for (const [tone, sgr] of Object.entries(ANSI_THEME))
    for (const parameter of sgr.split(';')) expect([tone, READABLE.has(parameter)]).toEqual([tone, true])
})

test('what a person acts upon has the full contrast of the terminal', () => {
  for (const tone of ['plain', 'strong', 'code', 'key', 'title'] as const)
    expect(ANSI_THEME[tone]).toMatch(/^1?$/)
})

test('nothing is dim and coloured at once, and without colours no tone has one', () => {
  for (const sgr of Object.values(ANSI_THEME)) expect(sgr).not.toMatch(/(^|;)2;|;2(;|$)/)
  for (const sgr of Object.values(MONO_THEME)) expect(sgr).not.toMatch(/[349]\d/)
})
