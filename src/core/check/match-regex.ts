import { RE2JS } from 're2js'
import type { Mismatch } from './mismatch.ts'
import { quote } from './mismatch.ts'

/** How a search ended: the first group (or the whole match without one), or why there is none. */
export type RegexResult =
  | { readonly kind: 'matched'; readonly group: string }
  | { readonly kind: 'mismatched'; readonly mismatch: Mismatch }
  | { readonly kind: 'invalid'; readonly reason: string }

/**
 * Searches output for a `regex` expectation in linear time (RE2 syntax); `^` and `$` match at every line.
 *
 * A newline at the end of the pattern belongs to its fence and is dropped; line ends of Windows are read as LF.
 */
export function matchRegex(wanted: string, found: string): RegexResult {
  const pattern = wanted.replace(/\r?\n$/, '')
  const regex = compile(pattern)
  if (typeof regex === 'string') return { kind: 'invalid', reason: regex }
  const matcher = regex.matcher(found.replaceAll('\r\n', '\n'))
  if (matcher.find()) return { kind: 'matched', group: matcher.group(regex.groupCount() > 0 ? 1 : 0) ?? '' }
  const firstLine = found.trimStart().split('\n', 1)[0] ?? ''
  const actual = firstLine === '' ? '(no output)' : firstLine
  const reason =
    firstLine === ''
      ? `nothing was printed where ${quote(pattern)} was wanted`
      : `nothing matches ${quote(pattern)} in output that begins ${quote(firstLine)}`
  return { kind: 'mismatched', mismatch: { expected: pattern, actual, reason } }
}

function compile(pattern: string): RE2JS | string {
  try {
    return RE2JS.compile(pattern, RE2JS.MULTILINE)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
