import type { Value } from '../value.ts'
import { jsonLiteral } from './json-literal.ts'
import type { Literal } from './literal.ts'
import { literal, refused, scalarText, valueKind } from './literal.ts'

/** Where in a request an expression stands. */
export type HttpPlace = 'url' | 'authority' | 'target' | 'header' | 'json' | 'form' | 'body'

/** Finds the place of an offset in a request's text: request line, headers, an empty line, a body. */
export function httpPlace(text: string, offset: number): HttpPlace {
  const lineEnd = (text.indexOf('\n') + text.length + 1) % (text.length + 1)
  if (offset < lineEnd || !text.includes('\n')) return targetPlace(text.slice(0, offset))
  const bodyStart = text.indexOf('\n\n')
  if (bodyStart < 0 || offset < bodyStart) return 'header'
  const head = text.slice(0, bodyStart)
  if (/^content-type:.*\bjson\b/im.test(head)) return 'json'
  return /^content-type:.*x-www-form-urlencoded/im.test(head) ? 'form' : 'body'
}

/** Writes a value where it stands in a request. */
export function httpLiteral(value: Value, place: HttpPlace): Literal {
  if (place === 'json') return jsonLiteral(value)
  const text = scalarText(value)
  if (text === undefined) return refused(`a ${valueKind(value)} cannot be written in a request`)
  if (place === 'body') return literal(text)
  if (place === 'header')
    return /[\r\n\0]/.test(text) ? refused('a header holds no line break') : literal(text)
  if (place === 'url' && /^https?:\/\/[^\s"<>\\^`{|}\p{Cc}]+$/u.test(text)) return literal(text)
  if (place === 'authority' && /^[A-Za-z0-9._:[\]-]+$/.test(text)) return literal(text)
  if (place === 'authority' || place === 'url')
    return text.startsWith('/')
      ? percentLiteral(text, '/')
      : refused('a host name, an address, a port or a path beginning with / is wanted here')
  return percentLiteral(text)
}

/** Percent-encodes a text; characters of `keep` stay. */
export function percentLiteral(text: string, keep = ''): Literal {
  try {
    const parts = keep === '' ? [text] : text.split(keep)
    return literal(parts.map((part) => encodeURIComponent(part)).join(keep))
  } catch {
    return refused('one of its characters has no UTF-8 form')
  }
}

function targetPlace(before: string): HttpPlace {
  const target = before.replace(/^\s*\S+[ \t]*/, '')
  if (target === '') return 'url'
  return /^https?:\/\/[^/?#]*$/i.test(target) ? 'authority' : 'target'
}
