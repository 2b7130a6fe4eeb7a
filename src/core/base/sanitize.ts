import { EscapeParser } from './escape-parser.ts'
import { formatCodePoint, isDroppableCharacter, isHiddenCharacter } from './hidden-characters.ts'
import { brandAs } from './ids.ts'
import type { SafeText } from './safe-text.ts'

const LF = 0x0a
const TAB = 0x09
const CR = 0x0d
const BS = 0x08
const PLAIN = /^[\x20-\x7e\n\t]*$/

/**
 * Makes any text safe for a terminal, line breaks and tabs kept: for titles, notes, parameters, banners, messages.
 *
 * Escape sequences and control characters are dropped (colours too); a carriage return that is not part of a
 * line break, a backspace, and every bidirectional or zero-width character is shown by number. Idempotent.
 */
export function sanitizeText(text: string): SafeText {
  if (PLAIN.test(text)) return brandAs<SafeText>(text)
  const out: string[] = []
  let hasPendingCr = false
  const settleCr = (): void => {
    if (hasPendingCr) out.push(formatCodePoint(CR))
    hasPendingCr = false
  }
  const parser = new EscapeParser({
    print: (codePoint) => {
      settleCr()
      out.push(formatVisible(codePoint))
    },
    control: (codePoint) => {
      if (codePoint === LF) hasPendingCr = false
      else settleCr()
      if (codePoint === CR) hasPendingCr = true
      else if (codePoint === LF || codePoint === TAB) out.push(String.fromCodePoint(codePoint))
      else if (codePoint === BS) out.push(formatCodePoint(codePoint))
    },
    csi: () => {},
  })
  for (const char of text) parser.push(char.codePointAt(0) ?? 0)
  parser.end()
  settleCr()
  return brandAs<SafeText>(out.join(''))
}

/** Like {@link sanitizeText} for a place that has one line: line breaks and tabs are shown by number too. */
export function sanitizeLine(text: string): SafeText {
  const line = sanitizeText(text).replace(/[\n\t]/g, (char) => formatCodePoint(char.charCodeAt(0)))
  return brandAs<SafeText>(line)
}

/** One printable character, or its number where it cannot be seen; a lone surrogate is U+FFFD. */
export function formatVisible(codePoint: number): string {
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return '\ufffd'
  if (!isHiddenCharacter(codePoint)) return String.fromCodePoint(codePoint)
  return isDroppableCharacter(codePoint) ? '' : formatCodePoint(codePoint)
}
