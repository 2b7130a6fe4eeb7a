import { parseDocument } from 'yaml'
import type { Mismatch } from './mismatch.ts'
import { quote, shorten } from './mismatch.ts'

/** How structured output compares; `invalid`: the wanted text cannot be read, which is the author's mistake. */
export type DataResult =
  | { readonly kind: 'matched' }
  | { readonly kind: 'mismatched'; readonly mismatch: Mismatch }
  | { readonly kind: 'invalid'; readonly reason: string }

/**
 * Compares output with a `json` or `yaml` expectation: all that is wanted must be there, more may be.
 *
 * Maps: each wanted key. Lists: the wanted items in this order, others may stand between. An empty list or map
 * wants an empty one, since "no errors" must not hold for a list of errors. Large integers keep all digits.
 */
export function matchData(format: 'json' | 'yaml', wanted: string, found: string): DataResult {
  const want = parseData(format, wanted)
  if (!want.isValid)
    return { kind: 'invalid', reason: `the expectation is not ${format.toUpperCase()}: ${want.reason}` }
  if (found.trim() === '') return mismatched(shorten(wanted.trim()), '(no output)', 'nothing was printed')
  const have = parseData(format, found)
  if (!have.isValid) {
    const firstLine = shorten(found.trim().split('\n', 1)[0] ?? '')
    return mismatched(
      format.toUpperCase(),
      firstLine,
      `the output is not ${format.toUpperCase()}: ${have.reason}`,
    )
  }
  const mismatch = compare(want.value, have.value, '')
  return mismatch === undefined ? { kind: 'matched' } : { kind: 'mismatched', mismatch }
}

type Parsed =
  | { readonly isValid: true; readonly value: unknown }
  | { readonly isValid: false; readonly reason: string }

function parseData(format: 'json' | 'yaml', text: string): Parsed {
  try {
    if (format === 'json') return { isValid: true, value: JSON.parse(text, reviveNumber) }
    const document = parseDocument(text, { intAsBigInt: true, prettyErrors: false, logLevel: 'silent' })
    const error = document.errors[0]
    if (error !== undefined) return { isValid: false, reason: error.message }
    return { isValid: true, value: document.toJS({ maxAliasCount: 100 }) }
  } catch (error) {
    return { isValid: false, reason: error instanceof Error ? error.message : String(error) }
  }
}

/** Integers that a double cannot hold are read from their digits. */
function reviveNumber(
  _key: string,
  value: unknown,
  ...context: readonly { readonly source?: string }[]
): unknown {
  const source = context[0]?.source ?? ''
  if (typeof value !== 'number' || Number.isSafeInteger(value) || !/^-?\d+$/.test(source)) return value
  return BigInt(source)
}

function compare(wanted: unknown, found: unknown, path: string): Mismatch | undefined {
  if (Array.isArray(wanted) && Array.isArray(found)) return compareLists(wanted, found, path)
  if (isMap(wanted) && isMap(found)) return compareMaps(wanted, found, path)
  if (isSameScalar(wanted, found)) return undefined
  return describe(path, formatValue(wanted), formatValue(found))
}

function compareMaps(wanted: Record<string, unknown>, found: Record<string, unknown>, path: string) {
  const keys = Object.keys(wanted)
  if (keys.length === 0 && Object.keys(found).length > 0) return describe(path, '{}', formatValue(found))
  for (const key of keys) {
    const inner = path === '' ? key : `${path}.${key}`
    if (!Object.hasOwn(found, key)) return describe(inner, formatValue(wanted[key]), '(absent)')
    const mismatch = compare(wanted[key], found[key], inner)
    if (mismatch !== undefined) return mismatch
  }
  return undefined
}

function compareLists(
  wanted: readonly unknown[],
  found: readonly unknown[],
  path: string,
): Mismatch | undefined {
  if (wanted.length === 0 && found.length > 0) return describe(path, '[]', formatValue(found))
  let at = 0
  for (const [index, item] of wanted.entries()) {
    const from = at
    while (at < found.length && compare(item, found[at], '') !== undefined) at += 1
    if (at === found.length) {
      // With one candidate for each item, the difference itself says more than "not found".
      if (wanted.length === found.length)
        return (
          compare(item, found[index], `${path}[${index}]`) ??
          describe(`${path}[${index}]`, formatValue(item), '(order)')
        )
      const rest = found.length === from ? '(no more items)' : formatValue(found.slice(from))
      return describe(`${path}[${index}]`, formatValue(item), rest)
    }
    at += 1
  }
  return undefined
}

function isSameScalar(wanted: unknown, found: unknown): boolean {
  if (Object.is(wanted, found)) return true
  if (!isNumeric(wanted) || !isNumeric(found)) return false
  return typeof wanted === typeof found ? wanted === found : toComparable(wanted) === toComparable(found)
}

function toComparable(value: number | bigint): bigint | undefined | number {
  if (typeof value === 'bigint') return value
  return Number.isInteger(value) ? BigInt(value) : value
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mismatched(expected: string, actual: string, reason: string): DataResult {
  return { kind: 'mismatched', mismatch: { expected, actual, reason } }
}

function describe(path: string, wanted: string, found: string): Mismatch {
  const place = path === '' ? 'the whole' : path
  return {
    expected: path === '' ? wanted : `${path}: ${wanted}`,
    actual: path === '' ? found : `${path}: ${found}`,
    reason: `${shorten(place)}: wanted ${wanted}, found ${found}`,
  }
}

function formatValue(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  const json = JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'bigint' ? Number(inner) : inner,
  )
  return typeof value === 'bigint' ? value.toString() : shorten(json ?? String(value))
}
