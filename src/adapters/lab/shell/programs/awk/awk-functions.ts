import { regexOf } from './awk-record.ts'
import { formatAwk, toNumber, toText } from './awk-value.ts'
import type { AwkValue } from './awk-value.ts'

/** The built-in functions that look at nothing but their arguments. */
export const plainFunctions: Readonly<Record<string, (args: readonly AwkValue[]) => AwkValue>> = {
  length: ([value]) => [...toText(value)].length,
  substr: ([value, start, length]) =>
    substr(toText(value), toNumber(start), length === undefined ? undefined : toNumber(length)),
  index: ([value, sought]) => toText(value).indexOf(toText(sought)) + 1,
  tolower: ([value]) => toText(value).toLowerCase(),
  toupper: ([value]) => toText(value).toUpperCase(),
  sprintf: ([format, ...values]) => formatAwk(toText(format), values),
  int: ([value]) => Math.trunc(toNumber(value)),
  sqrt: ([value]) => Math.sqrt(toNumber(value)),
  exp: ([value]) => Math.exp(toNumber(value)),
  log: ([value]) => Math.log(toNumber(value)),
  sin: ([value]) => Math.sin(toNumber(value)),
  cos: ([value]) => Math.cos(toNumber(value)),
  atan2: ([y, x]) => Math.atan2(toNumber(y), toNumber(x)),
}

/** Replaces the first match, or all, of an expression; `&` stands for what matched. */
export function substitute(
  text: string,
  change: { readonly pattern: string; readonly replacement: string; readonly every: boolean },
): { readonly text: string; readonly count: number } {
  const regex = regexOf(change.pattern)
  let output = ''
  let from = 0
  let count = 0
  while (from <= text.length) {
    const match = regex.find(text, from)
    if (match === undefined) break
    count += 1
    output += text.slice(from, match.start) + fill(change.replacement, match.groups[0] ?? '')
    if (match.end > match.start) from = match.end
    else {
      output += text.slice(match.end, match.end + 1)
      from = match.end + 1
    }
    if (!change.every) break
  }
  return { text: output + text.slice(from), count }
}

function fill(replacement: string, matched: string): string {
  return replacement.replace(/\\([&\\])|&/g, (_whole, escaped: string | undefined) => escaped ?? matched)
}

function substr(text: string, start: number, length: number | undefined): string {
  const chars = [...text]
  const from = Math.round(start)
  const to = length === undefined ? chars.length + 1 : from + Math.round(length)
  return chars.slice(Math.max(0, from - 1), Math.max(0, to - 1)).join('')
}
