import { Ident, SecretRef } from '../value.ts'
import type { Value } from '../value.ts'
import type { Literal } from './literal.ts'
import { literal, refused } from './literal.ts'

/**
 * Writes a value as JSON, which YAML reads as well: lists and maps in flow style. Characters that YAML does
 * not allow in a file are escaped, so that one text serves both.
 */
export function jsonLiteral(value: Value): Literal {
  try {
    return literal(write(value))
  } catch (error) {
    return refused((error as Error).message)
  }
}

function write(value: Value): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return `${value}`
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error('JSON has no literal for this number')
    return JSON.stringify(value)
  }
  if (typeof value === 'string') return quoteJson(value)
  if (value instanceof Ident) return quoteJson(value.text)
  if (value instanceof SecretRef) throw new Error('a secret may only stand alone')
  if (Array.isArray(value)) return `[${value.map((item: Value) => write(item)).join(', ')}]`
  const entries = Object.entries(value as { readonly [key: string]: Value })
  return `{${entries.map(([key, item]) => `${quoteJson(key)}: ${write(item)}`).join(', ')}}`
}

/** A text as a JSON string of printable characters; DEL, C1, line separators and lone surrogates escaped. */
export function quoteJson(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
