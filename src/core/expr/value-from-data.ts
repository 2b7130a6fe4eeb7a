import { Ident, SecretRef } from './value.ts'
import type { Value } from './value.ts'

/** Deepest nesting of data that becomes a value; YAML aliases and JSON could nest without end. */
const MAX_DATA_DEPTH = 64

/**
 * Turns plain data (of YAML or JSON) into a value: whole numbers become ints, `null` stays, maps lose their
 * prototype. With `secrets`, a string `secret:NAME` becomes a reference. What is no data becomes its text.
 */
export function valueFromData(data: unknown, options: { secrets?: boolean } = {}, depth = 0): Value {
  if (depth > MAX_DATA_DEPTH) return null
  if (data === null || data === undefined) return null
  if (typeof data === 'string') {
    const secret = options.secrets === true ? /^secret:(.+)$/.exec(data) : null
    return secret === null ? data : new SecretRef(secret[1]!)
  }
  if (typeof data === 'number') return Number.isSafeInteger(data) ? BigInt(data) : data
  if (typeof data === 'boolean' || typeof data === 'bigint') return data
  if (data instanceof SecretRef) return data
  if (Array.isArray(data)) return data.map((item) => valueFromData(item, options, depth + 1))
  if (typeof data === 'object') {
    const map: { [key: string]: Value } = Object.create(null)
    const entries = data instanceof Map ? data.entries() : Object.entries(data)
    for (const [key, item] of entries) map[String(key)] = valueFromData(item, options, depth + 1)
    return map
  }
  return typeof data === 'symbol' || typeof data === 'function' ? null : `${data as never}`
}

/** Whether a value is a map: not a list, a secret, an identifier or `null`. */
export function isMapValue(value: Value): value is { readonly [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isMarked(value)
}

function isMarked(value: object): boolean {
  return value instanceof SecretRef || value instanceof Ident
}
