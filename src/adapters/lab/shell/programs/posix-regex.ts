import { RE2JS } from 're2js'

/** A compiled POSIX regular expression; matching takes linear time whatever the pattern. */
export type PosixRegex = {
  test(text: string): boolean
  /** The leftmost match at or after `from`; groups that did not take part are undefined. */
  find(text: string, from?: number): RegexMatch | undefined
}

export type RegexMatch = {
  readonly start: number
  readonly end: number
  readonly groups: readonly (string | undefined)[]
}

export type RegexOptions = { readonly extended: boolean; readonly ignoreCase?: boolean }

/** Compiles a basic or extended expression; a text instead of an expression says what is wrong with it. */
export function buildPosixRegex(source: string, options: RegexOptions): PosixRegex | string {
  const translated = translate(source, options.extended)
  if (translated.problem !== undefined) return translated.problem
  try {
    const flags =
      RE2JS.DOTALL + RE2JS.LONGEST_MATCH + (options.ignoreCase === true ? RE2JS.CASE_INSENSITIVE : 0)
    return wrap(RE2JS.compile(translated.text, flags))
  } catch {
    return 'Invalid regular expression'
  }
}

function wrap(compiled: RE2JS): PosixRegex {
  return {
    test: (text) => compiled.test(text),
    find: (text, from = 0) => {
      const matcher = compiled.matcher(text)
      if (from > text.length || !matcher.find(from)) return undefined
      const groups = Array.from(
        { length: matcher.groupCount() + 1 },
        (_, index) => matcher.group(index) ?? undefined,
      )
      return { start: matcher.start(), end: matcher.end(), groups }
    },
  }
}

/** Turns POSIX syntax into RE2's; back references have no counterpart and are refused. */
function translate(source: string, extended: boolean): { readonly text: string; readonly problem?: string } {
  let text = ''
  let depth = 0
  let atStart = true
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at] ?? ''
    const following = source[at + 1] ?? ''
    if (char === '[') {
      const set = translateSet(source, at)
      if (set === undefined) return { text, problem: 'Unmatched [, [^, [:, [., or [=' }
      text += set.text
      at = set.end
      atStart = false
      continue
    }
    if (char === '\\') {
      if (following === '') return { text, problem: 'Trailing backslash' }
      if (/[1-9]/.test(following))
        return { text, problem: 'Invalid back reference (practice hosts have none)' }
      at += 1
      const isOperator = !extended && '(){}|+?'.includes(following)
      if (isOperator && following === '(') depth += 1
      if (isOperator && following === ')') depth -= 1
      if (depth < 0) return { text, problem: 'Unmatched ) or \\)' }
      text += isOperator ? following : escapeText(following)
      atStart = isOperator && '(|'.includes(following)
      continue
    }
    if (extended) {
      if (char === '(') depth += 1
      if (char === ')') depth -= 1
      if (depth < 0) return { text, problem: 'Unmatched ) or \\)' }
      text += char === '{' && !/^\{\d*,?\d*\}/.test(source.slice(at)) ? '\\{' : char
    } else text += translateBasic({ char, atStart, rest: source.slice(at + 1) })
    atStart = extended ? '(|'.includes(char) : char === '^' && atStart
  }
  return depth === 0 ? { text } : { text, problem: 'Unmatched ( or \\(' }
}

function translateBasic(place: {
  readonly char: string
  readonly atStart: boolean
  readonly rest: string
}): string {
  const { char, atStart, rest } = place
  if (char === '*') return atStart ? '\\*' : '*'
  if (char === '^') return atStart ? '^' : '\\^'
  if (char === '$') return rest === '' || rest.startsWith('\\)') || rest.startsWith('\\|') ? '$' : '\\$'
  return '(){}|+?'.includes(char) ? `\\${char}` : char
}

function escapeText(char: string): string {
  if (char === '<' || char === '>') return '\\b'
  if (char === "'") return '\\z'
  if (char === '`') return '\\A'
  if (char === 'n') return '\\n'
  if (char === 't') return '\\t'
  if ('wWsSbB'.includes(char)) return `\\${char}`
  return /[A-Za-z0-9]/.test(char) ? char : `\\${char}`
}

function translateSet(
  source: string,
  start: number,
): { readonly text: string; readonly end: number } | undefined {
  let at = start + 1
  let text = '['
  if (source[at] === '^') {
    text += '^'
    at += 1
  }
  for (let isFirst = true; at < source.length; isFirst = false) {
    const char = source[at] ?? ''
    if (char === ']' && !isFirst) return { text: `${text}]`, end: at }
    const named = /^\[:[a-z]+:\]/.exec(source.slice(at, at + longestClassName))
    if (named !== null) {
      text += named[0]
      at += named[0].length
    } else {
      const isRange = char === '-' && !isFirst && source[at + 1] !== ']'
      text += isRange ? '-' : /[\\[\]^&~-]/.test(char) ? `\\${char}` : char
      at += 1
    }
  }
  return undefined
}

/** `[:xdigit:]` with room to spare. */
const longestClassName = 12
