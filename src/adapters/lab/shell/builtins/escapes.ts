import { decodeBytes, encodeText } from '../../bytes.ts'

/** A backslash escape that was read: what it stands for and how long it is. */
export type Escape = { readonly text: string; readonly length: number }

/** Reads the escape at a backslash as `echo` and `printf` do; `stop` for `\c`; undefined when it is none. */
export function readEscape(
  text: string,
  at: number,
  options: { needsZero: boolean },
): Escape | 'stop' | undefined {
  const char = text[at + 1] ?? ''
  if (char === 'c') return 'stop'
  const simple = simpleEscapes[char]
  if (simple !== undefined) return { text: simple, length: 2 }
  const octal = (options.needsZero ? /^0([0-7]{0,3})/ : /^([0-7]{1,3})/).exec(text.slice(at + 1, at + 5))
  if (octal === null) return undefined
  return { text: byteText(Number.parseInt(octal[1] || '0', 8) & 0xff), length: octal[0].length + 1 }
}

const simpleEscapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/** The lab's text for one byte; bytes above 0x7f may become UTF-8 once they stand side by side. */
function byteText(byte: number): string {
  return byte < 0x80 ? String.fromCharCode(byte) : String.fromCharCode(0xdc00 + byte)
}

/** Makes characters of bytes that were written one by one. */
export function joinBytes(text: string): string {
  return text.isWellFormed() ? text : decodeBytes(encodeText(text))
}
