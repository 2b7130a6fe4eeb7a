import { RE2JS } from 're2js'
import type { Value } from '../value.ts'
import { jsonLiteral } from './json-literal.ts'
import type { Literal } from './literal.ts'
import { literal, refused, scalarText, valueKind } from './literal.ts'

/** Writes a value as it is, for titles, options and text expectations; lists joined by `, `, maps as JSON. */
export function plainLiteral(value: Value): Literal {
  const text = scalarText(value)
  if (text !== undefined) return literal(text)
  if (value === null) return refused('there is no value')
  if (!Array.isArray(value)) return jsonLiteral(value)
  const items = (value as readonly Value[]).map((item) => plainLiteral(item))
  const bad = items.find((item) => !item.ok)
  return bad ?? literal(items.map((item) => (item.ok ? item.text : '')).join(', '))
}

/** Writes a scalar for an INI file, plainly: a line break or blanks at its edges would change its meaning. */
export function iniLiteral(value: Value): Literal {
  const text = scalarText(value)
  if (text === undefined) return refused(`a ${valueKind(value)} cannot be written in an INI file`)
  if (/[\n\r\0]/.test(text)) return refused('an INI value holds no line break')
  if (text !== text.trim()) return refused('an INI value holds no blanks at its edges')
  return literal(text)
}

/** Writes a scalar into a regular expression so that it matches itself. */
export function regexLiteral(value: Value): Literal {
  const text = scalarText(value)
  return text === undefined
    ? refused(`a ${valueKind(value)} cannot be written in a regular expression`)
    : literal(RE2JS.quote(text))
}

/** Writes a scalar into XML text or an attribute; characters that XML has no way to write are refused. */
export function xmlLiteral(value: Value): Literal {
  const text = scalarText(value)
  if (text === undefined) return refused(`a ${valueKind(value)} cannot be written in XML`)
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text))
    return refused('XML has no way to write one of its characters')
  return literal(text.replace(/[&<>"'\n\r\t]/g, (char) => XML_ESCAPES[char]!))
}

const XML_ESCAPES: { readonly [char: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
}

/**
 * Writes a scalar into a Java properties file. `inKey`: no separator stands before it on its line;
 * `edge`: it begins the value, where blanks would be dropped.
 */
export function propertiesLiteral(value: Value, place: { inKey: boolean; edge: boolean }): Literal {
  const text = scalarText(value)
  if (text === undefined) return refused(`a ${valueKind(value)} cannot be written in a properties file`)
  const special = place.inKey ? /[\\\n\r\t\f=:#! ]/g : /[\\\n\r\t\f]/g
  const escaped = text
    .replace(special, (char) => PROPERTY_ESCAPES[char] ?? `\\${char}`)
    .replace(/[^\u0020-\u007e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return literal(place.edge ? escaped.replace(/^[ =:]/, '\\$&') : escaped)
}

const PROPERTY_ESCAPES: { readonly [char: string]: string } = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\f': '\\f',
}
