import { formatCodePoint } from './hidden-characters.ts'
import { brandAs } from './ids.ts'
import type { SafeText } from './safe-text.ts'

const LOOKS_LIKE_ITSELF = /^[\n\t\x20-\x7e]*$/
/** Controls, formats, unassigned, private and lone surrogates; every blank but the plain one; what is ignorable. */
const NOT_VISIBLE = /[\p{C}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}]/u

/**
 * Shows a command that a person is asked to approve: exactly its characters, nothing dropped and nothing folded.
 *
 * All that cannot be seen is shown by number, as in `rm<U+00A0>-rf`, a carriage return and an escape included;
 * only line breaks and tabs stay, since they are what they look like.
 */
export function revealCommand(text: string): SafeText {
  if (LOOKS_LIKE_ITSELF.test(text)) return brandAs<SafeText>(text)
  let out = ''
  for (const char of text) {
    const isPlain = char === ' ' || char === '\n' || char === '\t' || !NOT_VISIBLE.test(char)
    out += isPlain ? char : formatCodePoint(char.codePointAt(0) ?? 0)
  }
  return brandAs<SafeText>(out)
}
