import type { Row, Tone } from './row.ts'

/** SGR parameters by tone; an empty string is plain. */
export type Theme = { readonly [tone in Tone]: string }

/**
 * A few of the sixteen colours, which follow the person's own palette: yellow and white vanish on a light background,
 * blue on a dark one. What is run, and all running text, has the contrast of the terminal itself.
 */
export const ANSI_THEME: Theme = {
  plain: '',
  dim: '2',
  strong: '1',
  title: '1',
  accent: '36',
  good: '32',
  warn: '35',
  bad: '1;31',
  running: '36',
  code: '1',
  key: '1',
  selected: '7',
  border: '2',
  focus: '36',
  production: '1;7;31',
  test: '7;35',
  lab: '7',
  match: '7;35',
}

/** NO_COLOR: weight and inversion only. */
export const MONO_THEME: Theme = {
  plain: '',
  dim: '',
  strong: '1',
  title: '1',
  accent: '',
  good: '',
  warn: '1',
  bad: '1',
  running: '',
  code: '1',
  key: '1',
  selected: '7',
  border: '',
  focus: '1',
  production: '1;7',
  test: '7',
  lab: '7',
  match: '7',
}

/** Rows as text for the terminal, one line each; nothing but the theme's SGR is added. */
export function paintRows(rows: readonly Row[], theme: Theme, isAscii = false): string {
  const text = rows.map((row) => paintRow(row, theme)).join('\n')
  return isAscii ? text.replace(/[’…«»]/g, (char) => ASCII_FORMS[char] ?? '?') : text
}

/** The program's own punctuation; each is one cell wide in both forms. */
const ASCII_FORMS: { readonly [char: string]: string } = { '’': "'", '…': '~', '«': '<', '»': '>' }

function paintRow(row: Row, theme: Theme): string {
  let out = ''
  for (const { text, tone } of row) {
    const sgr = theme[tone]
    out += sgr === '' || text === '' ? text : `\u001b[${sgr}m${text}\u001b[0m`
  }
  return out
}
