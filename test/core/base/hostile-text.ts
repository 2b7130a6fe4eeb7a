import * as fc from 'fast-check'
import { HOSTILE_PAYLOADS } from './hostile-payloads.ts'

/** First and last of each run of characters that must not reach a screen, apart from LF and TAB. */
const UNSAFE: readonly (readonly [number, number])[] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xd800, 0xdfff],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xe0000, 0xe0fff],
]

/** Whether a text holds nothing that a terminal would act on or that an eye would miss; LF and TAB are allowed. */
export function isSafe(text: string): boolean {
  return [...text].every((char) => {
    const codePoint = char.codePointAt(0) ?? 0
    return !UNSAFE.some(([first, last]) => codePoint >= first && codePoint <= last)
  })
}

const piece = fc.oneof(
  fc.constantFrom(...Object.values(HOSTILE_PAYLOADS)),
  fc.constantFrom(
    '\u001b',
    '\u001b[',
    '\u001b]',
    '\u001bP',
    '\u001b\\',
    '\u0007',
    '\r',
    '\n',
    '\t',
    '\b',
    '\u009b',
    '\u009c',
    'K',
    '2K',
    'm',
    ';',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ maxLength: 12 }),
)

/** Texts made of attacks, pieces of them, and noise. */
export const hostileText = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))

/** Bytes: hostile text, cut and mixed with bytes that are no UTF-8. */
export const hostileBytes = fc
  .array(
    fc.oneof(
      hostileText.map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
    ),
    { maxLength: 6 },
  )
  .map((parts) => new Uint8Array(Buffer.concat(parts)))

/** Cuts bytes into chunks at the given places (each taken modulo what is left). */
export function cut(bytes: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] {
  const chunks: Uint8Array[] = []
  let start = 0
  for (const size of sizes) {
    chunks.push(bytes.subarray(start, start + size))
    start += size
  }
  return [...chunks, bytes.subarray(start)]
}
