import { canonicalText } from './canonical-text.ts'
import { Ident } from './value.ts'
import type { Value } from './value.ts'
import { valueFromData } from './value-from-data.ts'
import { compareVersions, VersionValue } from './version-value.ts'

/** Longest text that `parseJson` reads, in characters: one probe's output, not a data set. */
const MAX_JSON_LENGTH = 4 * 1024 * 1024
/** Longest identifier, in characters: host names end at 253, everything else far below. */
const MAX_IDENT_LENGTH = 253

type Item = Value | VersionValue

/** `toMap([[key, value], …])`: a map; a key that comes twice is an error, since one value would vanish. */
export function toMap(pairs: readonly Value[]): Value {
  const map: { [key: string]: Value } = Object.create(null)
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2) throw new Error('toMap() wants a list of [key, value]')
    const [key, value] = pair as [Value, Value]
    const name = keyText(key)
    if (name in map) throw new Error(`toMap() has the key "${name}" twice`)
    map[name] = value
  }
  return map
}

/** `list.distinct()`: each value once, in the order of first appearance. */
export function distinct(list: readonly Item[]): Item[] {
  const seen = new Map<string, Item>()
  for (const item of list) {
    const key = item instanceof VersionValue ? `version:${item.text}` : canonicalText(item)
    if (!seen.has(key)) seen.set(key, item)
  }
  return [...seen.values()]
}

/** `list.sort()`: numbers, texts (by code unit), booleans or versions in ascending order; no mixture. */
export function sort(list: readonly Item[]): Item[] {
  const kinds = new Set(list.map((item) => (item instanceof VersionValue ? 'version' : typeof item)))
  if (kinds.has('bigint')) kinds.delete('number')
  const [kind] = kinds
  if (kinds.size > 1 || kind === 'object')
    throw new Error('sort() wants texts, numbers or versions of one kind')
  return list.toSorted((a, b) => {
    if (a instanceof VersionValue && b instanceof VersionValue) return compareVersions(a, b)
    return a! < b! ? -1 : a! > b! ? 1 : 0
  })
}

/** `list.join(separator)`: texts, numbers and booleans as one text. */
export function join(list: readonly Item[], separator: string): string {
  return list.map((item) => (item instanceof VersionValue ? item.text : keyText(item))).join(separator)
}

/** `list.countBy()`: how often each value stands in the list, by its text. */
export function countBy(list: readonly Item[]): Value {
  const counts: { [key: string]: bigint } = Object.create(null)
  for (const item of list) {
    const key = item instanceof VersionValue ? item.text : keyText(item)
    counts[key] = (counts[key] ?? 0n) + 1n
  }
  return counts
}

/** `parseJson(text)`: JSON as a value; whole numbers become ints. */
export function parseJson(text: string): Value {
  if (text.length > MAX_JSON_LENGTH) throw new Error('parseJson() was given more than 4 MiB')
  try {
    return valueFromData(JSON.parse(text))
  } catch {
    throw new Error('parseJson() was given a text that is not JSON')
  }
}

/** `ident(text)`: a name of letters, digits, `_`, `.` and `-` that begins with a letter, digit or `_`. */
export function ident(text: string): Ident {
  if (text.length > MAX_IDENT_LENGTH || !/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(text))
    throw new Error(`ident() was given ${JSON.stringify(text.slice(0, 80))}, which is not an identifier`)
  return new Ident(text)
}

function keyText(item: Item): string {
  if (typeof item === 'string') return item
  if (typeof item === 'bigint' || typeof item === 'number' || typeof item === 'boolean') return `${item}`
  throw new Error('a text, a number or a boolean is wanted here')
}
