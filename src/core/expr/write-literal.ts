import { cqlLiteral } from './literal/cql-literal.ts'
import { httpLiteral, httpPlace, percentLiteral } from './literal/http-literal.ts'
import { jsonLiteral } from './literal/json-literal.ts'
import type { Literal } from './literal/literal.ts'
import { literal, refused, scalarText, valueKind } from './literal/literal.ts'
import type { PlaceProblem } from './literal/quote-places.ts'
import { cqlPlaceProblem, jsonPlaceProblem, yamlPlaceProblem } from './literal/quote-places.ts'
import { shellLiteral } from './literal/shell-literal.ts'
import {
  iniLiteral,
  plainLiteral,
  propertiesLiteral,
  regexLiteral,
  xmlLiteral,
} from './literal/text-literals.ts'
import { analyzeShell } from './shell-context.ts'
import { joinTemplate } from './template-text.ts'
import type { LiteralStyle, Template, Value } from './value.ts'

/** An expression's place: part `index` of a template that is rendered in `style`. */
export type LiteralPlace = {
  readonly template: Template
  readonly index: number
  readonly style: LiteralStyle
}

/** Writes a value as a literal of the language around it, or says why it cannot stand there. */
export function writeLiteral(value: Value, place: LiteralPlace): Literal {
  const problem = placeProblem(place)
  if (problem !== undefined) return refused(problem)
  switch (place.style) {
    case 'sh':
      return shellLiteral(value, shellContext(place))
    case 'crontab':
      return crontabLiteral(value, place)
    case 'cql':
      return cqlLiteral(value)
    case 'yaml':
    case 'json':
      return jsonLiteral(value)
    case 'properties':
      return propertiesLiteral(value, propertiesPlace(place))
    case 'xml':
      return xmlLiteral(value)
    case 'ini':
      return iniLiteral(value)
    case 'http':
      return httpLiteral(value, httpPlaceOf(place))
    case 'percent':
      return percentScalar(value)
    case 'regex':
      return regexLiteral(value)
    case 'plain':
      return plainLiteral(value)
  }
}

/** Writes a secret's value outside of `sh`, where the place was settled before its value was known. */
export function writeSecretValue(text: string, style: LiteralStyle): Literal {
  if (style === 'sh' || style === 'crontab') return refused('in sh a secret is given by a variable')
  if (style === 'http') return httpLiteral(text, 'header')
  if (style === 'cql') return cqlLiteral(text)
  if (style === 'yaml' || style === 'json') return jsonLiteral(text)
  if (style === 'properties') return propertiesLiteral(text, { inKey: false, edge: true })
  if (style === 'xml') return xmlLiteral(text)
  if (style === 'ini') return iniLiteral(text)
  if (style === 'percent') return percentLiteral(text)
  return style === 'regex' ? regexLiteral(text) : literal(text)
}

/** Why no expression at all may stand at a place: inside quotes, mostly. */
export function placeProblem({ template, index, style }: LiteralPlace): PlaceProblem {
  if (style !== 'cql' && style !== 'json' && style !== 'yaml') return undefined
  const { text, offsets } = joinTemplate(template)
  const offset = offsets[index]!
  if (style === 'cql') return cqlPlaceProblem(text, offset)
  return style === 'json' ? jsonPlaceProblem(text, offset) : yamlPlaceProblem(text, offset)
}

/** The place of an expression in a request. */
export function httpPlaceOf({ template, index }: LiteralPlace) {
  const { text, offsets } = joinTemplate(template)
  return httpPlace(text, offsets[index]!)
}

/** The place of an expression in a shell script. */
export function shellContext({ template, index }: LiteralPlace) {
  return analyzeShell(template).contexts.get(index) ?? ({ kind: 'escaped' } as const)
}

function crontabLiteral(value: Value, place: LiteralPlace): Literal {
  const written = shellLiteral(value, shellContext(place))
  if (!written.ok) return written
  if (/[\n\r]/.test(written.text)) return refused('an entry of a crontab is one line')
  return literal(written.text.replaceAll('%', '\\%'))
}

function percentScalar(value: Value): Literal {
  const text = scalarText(value)
  return text === undefined
    ? refused(`a ${valueKind(value)} cannot be percent-encoded`)
    : percentLiteral(text)
}

function propertiesPlace({ template, index }: LiteralPlace) {
  const { text, offsets } = joinTemplate(template)
  const offset = offsets[index]!
  const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)
  return { inKey: !/[^\\][=:]|^[=:]/.test(before), edge: /[=:][ \t]*$/.test(before) }
}
