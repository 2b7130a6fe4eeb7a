import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts'
import type { Mismatch } from './mismatch.ts'
import { quote } from './mismatch.ts'

const LF = 0x0a

/** Compares bytes with an `exact` expectation, one final newline aside; undefined if they are the same. */
export function matchExact(wanted: string, found: Uint8Array): Mismatch | undefined {
  const wantedBytes = dropFinalNewline(encodeUtf8(wanted))
  const foundBytes = dropFinalNewline(found)
  const isSame =
    wantedBytes.length === foundBytes.length && wantedBytes.every((byte, at) => byte === foundBytes[at])
  if (isSame) return undefined
  const wantedLines = decodeUtf8(wantedBytes).text.split('\n')
  const foundLines = decodeUtf8(foundBytes).text.split('\n')
  const at = foundLines.findIndex((line, index) => line !== wantedLines[index])
  // No line differs: the output is the beginning of what was wanted, or only its invalid bytes differ.
  const line = at === -1 ? Math.min(foundLines.length, wantedLines.length - 1) : at
  const expected = wantedLines[line] ?? '(no more output)'
  const actual = foundBytes.length === 0 ? '(no output)' : (foundLines[line] ?? '(end of output)')
  return {
    expected,
    actual,
    reason: `line ${line + 1}: wanted exactly ${quote(expected)}, found ${quote(actual)}`,
  }
}

function dropFinalNewline(bytes: Uint8Array): Uint8Array {
  return bytes.at(-1) === LF ? bytes.subarray(0, -1) : bytes
}
