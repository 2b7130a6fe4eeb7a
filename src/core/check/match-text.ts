import type { Mismatch } from './mismatch.ts'
import { quote } from './mismatch.ts'

/** Alone on a line of an expectation: any number of lines. */
const SKIP_LINES = '...'
/** In a line of an expectation: any number of characters. */
const SKIP_CHARACTERS = '[..]'

/**
 * Compares output with a `text` expectation, line by line; undefined if it holds.
 *
 * Blanks at the end of a line and empty lines at the end of the text are ignored on both sides.
 */
export function matchText(wanted: string, found: string): Mismatch | undefined {
  const wantedLines = toLines(wanted)
  const foundLines = toLines(found)
  const furthest = matchGlob(wantedLines, foundLines, { isSkip, isMatch: matchLine })
  return furthest === undefined ? undefined : wordMismatch(wantedLines, foundLines, furthest)
}

/** Where a match got furthest: so many wanted and found items were matched before it failed. */
type Furthest = { readonly wanted: number; readonly found: number }
type GlobRules<T> = {
  readonly isSkip: (item: T) => boolean
  readonly isMatch: (wanted: T, found: T) => boolean
}

/** Matches with wildcards in O(wanted × found): only the last wildcard ever has to take more. */
function matchGlob<T>(wanted: readonly T[], found: readonly T[], rules: GlobRules<T>): Furthest | undefined {
  let at = 0
  let inFound = 0
  let skip: { readonly wanted: number; found: number } | undefined
  let furthest: Furthest = { wanted: 0, found: 0 }
  while (inFound < found.length || at < wanted.length) {
    const want = wanted[at]
    const have = found[inFound]
    if (want !== undefined && rules.isSkip(want)) {
      skip = { wanted: at + 1, found: inFound }
      at += 1
    } else if (want !== undefined && have !== undefined && rules.isMatch(want, have)) {
      at += 1
      inFound += 1
    } else {
      if (at > furthest.wanted || (at === furthest.wanted && skip === undefined))
        furthest = { wanted: at, found: inFound }
      if (skip === undefined || skip.found >= found.length) return furthest
      skip.found += 1
      at = skip.wanted
      inFound = skip.found
    }
  }
  return undefined
}

function isSkip(line: string | undefined): boolean {
  return line?.trim() === SKIP_LINES
}

function matchLine(wanted: string, found: string): boolean {
  if (!wanted.includes(SKIP_CHARACTERS)) return wanted === found
  const parts = wanted.split(SKIP_CHARACTERS)
  const first = parts[0] ?? ''
  const last = parts.at(-1) ?? ''
  if (!found.startsWith(first) || !found.endsWith(last) || found.length < first.length + last.length)
    return false
  let position = first.length
  const end = found.length - last.length
  for (const part of parts.slice(1, -1)) {
    const at = found.indexOf(part, position)
    if (at === -1 || at + part.length > end) return false
    position = at + part.length
  }
  return true
}

function wordMismatch(wanted: readonly string[], found: readonly string[], at: Furthest): Mismatch {
  const want = wanted[at.wanted]
  const have = found[at.found]
  const expected = want ?? '(no more output)'
  const actual = have ?? (found.length === 0 ? '(no output)' : '(end of output)')
  if (want === undefined) {
    return { expected, actual, reason: `line ${at.found + 1} is one too many: ${quote(actual)}` }
  }
  if (found.length === 0)
    return { expected, actual, reason: `wanted ${quote(want)}, but nothing was printed` }
  if (isSkip(wanted[at.wanted - 1])) {
    return { expected, actual, reason: `no line is ${quote(want)} where one was wanted` }
  }
  if (have === undefined) return { expected, actual, reason: `wanted ${quote(want)}, but the output ended` }
  return { expected, actual, reason: `line ${at.found + 1}: wanted ${quote(want)}, found ${quote(have)}` }
}

function toLines(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.replace(/[ \t\r]+$/, ''))
  const last = lines.findLastIndex((line) => line !== '')
  return lines.slice(0, last + 1)
}
