import type { Value } from '../value.ts'
import { Ident } from '../value.ts'

/** A value written as a literal, or why it cannot be. */
export type Literal =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string }

/** A literal that could be written. */
export function literal(text: string): Literal {
  return { ok: true, text }
}

/** A value that has no literal here. */
export function refused(reason: string): Literal {
  return { ok: false, reason }
}

/** The text of a scalar: text, number, boolean or identifier; `undefined` for lists, maps, secrets and null. */
export function scalarText(value: Value): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean') return `${value}`
  if (value instanceof Ident) return value.text
  return undefined
}

/** What a value is, in a word, for messages. */
export function valueKind(value: Value): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'object') return value instanceof Ident ? 'identifier' : 'map'
  return typeof value === 'bigint' ? 'int' : typeof value === 'number' ? 'double' : typeof value
}
