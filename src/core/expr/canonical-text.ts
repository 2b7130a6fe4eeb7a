import { Ident, SecretRef } from './value.ts'
import type { Value } from './value.ts'

/** One text for each distinct value: equal values give equal texts, keys in order, types kept apart. */
export function canonicalText(value: Value): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'bigint':
      return `${value}`
    case 'number':
      return Number.isInteger(value) ? `${value}.0` : `${value}`
    case 'boolean':
      return String(value)
    default:
      break
  }
  if (value instanceof SecretRef) return `secret:${JSON.stringify(value.name)}`
  if (value instanceof Ident) return `ident:${JSON.stringify(value.text)}`
  if (Array.isArray(value)) return `[${value.map((item: Value) => canonicalText(item)).join(',')}]`
  const map = value as { readonly [key: string]: Value }
  const keys = Object.keys(map).toSorted()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalText(map[key]!)}`).join(',')}}`
}
