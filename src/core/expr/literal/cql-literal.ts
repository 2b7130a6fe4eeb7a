import { Ident } from '../value.ts'
import type { Value } from '../value.ts'
import type { Literal } from './literal.ts'
import { literal, refused } from './literal.ts'

/** Writes a value as a literal of CQL: `'it''s'`, `5`, `['a', 'b']`, `{'DC1': 3}`; an identifier unquoted. */
export function cqlLiteral(value: Value): Literal {
  if (value === null) return literal('null')
  if (typeof value === 'boolean' || typeof value === 'bigint') return literal(`${value}`)
  if (typeof value === 'number')
    return Number.isFinite(value) ? literal(`${value}`) : refused('CQL has no literal for this number')
  if (typeof value === 'string')
    return value.includes('\0') ? refused('a NUL character cannot stand in CQL') : literal(quoteCql(value))
  if (value instanceof Ident)
    return /^[A-Za-z][A-Za-z0-9_]*$/.test(value.text)
      ? literal(value.text)
      : refused('an identifier of CQL begins with a letter and holds letters, digits and _ only')
  if (Array.isArray(value))
    return joined(
      (value as readonly Value[]).map((item) => cqlLiteral(item)),
      ['[', ']'],
    )
  const entries = Object.entries(value as { readonly [key: string]: Value })
  const pairs = entries.map(([key, item]) => {
    const written = cqlLiteral(item)
    return written.ok ? literal(`${quoteCql(key)}: ${written.text}`) : written
  })
  return joined(pairs, ['{', '}'])
}

function quoteCql(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function joined(items: readonly Literal[], [open, close]: readonly [string, string]): Literal {
  const bad = items.find((item) => !item.ok)
  if (bad !== undefined) return bad
  return literal(`${open}${items.map((item) => (item.ok ? item.text : '')).join(', ')}${close}`)
}
