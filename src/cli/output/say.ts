import { brandAs } from '../../core/base/ids.ts'
import type { SafeText } from '../../core/base/safe-text.ts'
import { sanitizeLine } from '../../core/base/sanitize.ts'

/**
 * Builds a line for a person: the words between are ours, and every value put into them is made safe first,
 * wherever it comes from.
 */
export function say(words: TemplateStringsArray, ...values: readonly (string | number)[]): SafeText {
  const parts = words.map((word, index) => {
    const value = values[index]
    return value === undefined ? word : `${word}${sanitizeLine(String(value))}`
  })
  return brandAs<SafeText>(parts.join(''))
}

/** Indents every line of a safe text; the text keeps its line breaks. */
export function indent(text: SafeText, columns: number): SafeText {
  const blanks = ' '.repeat(columns)
  return brandAs<SafeText>(
    text
      .split('\n')
      .map((line) => (line === '' ? '' : `${blanks}${line}`))
      .join('\n'),
  )
}

/** Puts safe texts together; what stands between them is ours. */
export function joinSafe(parts: readonly SafeText[], between: ' ' | '\n' | ', ' | '  ' | '; '): SafeText {
  return brandAs<SafeText>(parts.join(between))
}
