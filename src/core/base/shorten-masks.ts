import { brandAs } from './ids.ts'
import type { SafeText } from './safe-text.ts'
import { MIN_SECRET_LENGTH } from './masker.ts'

/** A mask in stored output is as long as its secret; a host's own row of asterisks looks the same. */
const MASK = new RegExp(String.raw`\*{${MIN_SECRET_LENGTH},}`, 'g')
const SHORTEST = '*'.repeat(MIN_SECRET_LENGTH)

/**
 * Output as it is shown to people: of six asterisks or more in a row it is not told how many there are, since that
 * would be the length of a secret. Idempotent. What is stored, and its byte offsets, stay as they are.
 */
export function shortenMasks(text: SafeText): SafeText {
  return text.includes(SHORTEST) ? brandAs<SafeText>(text.replace(MASK, '***…')) : text
}
