/** A compiled shell pattern. */
export type Pattern = readonly PatternItem[]

type PatternItem =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'star' }
  | { readonly kind: 'set'; readonly negated: boolean; readonly has: (char: string) => boolean }

/** Compiles a shell pattern in which a backslash makes the next character an ordinary one. */
export function buildPattern(source: string): Pattern {
  const items: PatternItem[] = []
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at] ?? ''
    if (char === '\\') {
      at += 1
      items.push({ kind: 'char', char: source[at] ?? '\\' })
    } else if (char === '*') {
      if (items.at(-1)?.kind !== 'star') items.push({ kind: 'star' })
    } else if (char === '?') items.push({ kind: 'any' })
    else if (char === '[') {
      const set = readSet(source, at)
      items.push(set === undefined ? { kind: 'char', char } : set.item)
      if (set !== undefined) at = set.end
    } else items.push({ kind: 'char', char })
  }
  return items
}

/** Whether the whole text matches; the time is bounded by the product of both lengths. */
export function matchesPattern(pattern: Pattern, text: string): boolean {
  let item = 0
  let at = 0
  let starItem = -1
  let starAt = 0
  while (at < text.length) {
    const current = pattern[item]
    if (current?.kind === 'star') {
      starItem = item
      starAt = at
      item += 1
    } else if (current !== undefined && matchesOne(current, text[at] ?? '')) {
      item += 1
      at += 1
    } else if (starItem >= 0) {
      starAt += 1
      at = starAt
      item = starItem + 1
    } else return false
  }
  while (pattern[item]?.kind === 'star') item += 1
  return item === pattern.length
}

/** Whether unescaped `*`, `?` or `[` make a source more than a literal. */
export function hasMagic(source: string): boolean {
  return /(?:^|[^\\])(?:\\\\)*[*?[]/.test(source)
}

/** Makes text a pattern that matches just itself. */
export function escapePattern(text: string): string {
  return text.replace(/[\\*?[\]!^-]/g, '\\$&')
}

/** The text that a pattern source without magic stands for. */
export function unescapePattern(source: string): string {
  return source.replace(/\\([\s\S])/g, '$1')
}

/** The named classes of POSIX, as `[:alpha:]` is one; ASCII, as in the C locale. */
export const CHARACTER_CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[\x00-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[\x21-\x7e]/,
  lower: /[a-z]/,
  print: /[\x20-\x7e]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[\t-\r ]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
}

function matchesOne(item: PatternItem, char: string): boolean {
  if (item.kind === 'char') return item.char === char
  if (item.kind === 'set') return item.has(char) !== item.negated
  return item.kind === 'any'
}

function readSet(
  source: string,
  start: number,
): { readonly item: PatternItem; readonly end: number } | undefined {
  let at = start + 1
  const negated = source[at] === '!' || source[at] === '^'
  if (negated) at += 1
  const tests: ((char: string) => boolean)[] = []
  for (let isFirst = true; at < source.length; isFirst = false) {
    if (source[at] === ']' && !isFirst) {
      return { item: { kind: 'set', negated, has: (char) => tests.some((test) => test(char)) }, end: at }
    }
    const named = /^\[:([a-z]+):\]/.exec(source.slice(at, at + longestClassName))
    if (named !== null) {
      const expression = CHARACTER_CLASSES[named[1] ?? '']
      tests.push((char) => expression?.test(char) ?? false)
      at += named[0].length
      continue
    }
    if (source[at] === '\\') at += 1
    const low = source[at] ?? ''
    at += 1
    if (source[at] === '-' && source[at + 1] !== ']' && at + 1 < source.length) {
      const high = source[at + 1] === '\\' ? (source[at + 2] ?? '') : (source[at + 1] ?? '')
      at += source[at + 1] === '\\' ? 3 : 2
      tests.push((char) => char >= low && char <= high)
    } else tests.push((char) => char === low)
  }
  return undefined
}

/** `[:xdigit:]` with room to spare. */
const longestClassName = 12
