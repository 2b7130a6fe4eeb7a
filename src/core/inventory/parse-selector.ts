import type { Diagnostic, Parsed } from '../base/diagnostic.ts'
import type { Place } from '../base/place.ts'
import { diagnosticAt, positionAt, spanAt } from '../base/place.ts'
import type { Selector, SelectorTree } from './selector-model.ts'

/** Deepest nesting of parentheses and `not`. */
const MAX_DEPTH = 50

/** Parses an `on=` expression: names joined by `and`, `or`, `not` and parentheses; `not` binds closest, then `and`. */
export function parseSelector(source: string, place: Place): Parsed<Selector | undefined> {
  const reader: Reader = { source, place, tokens: tokensOf(source), next: 0, problem: undefined }
  const tree = parseOr(reader, 0)
  const rest = reader.tokens[reader.next]
  if (reader.problem === undefined && rest !== undefined)
    complain(reader, rest.offset, {
      message: `\`${rest.text}\` is not expected here.`,
      hint: 'Join names with `and` or `or`.',
    })
  if (tree === undefined || reader.problem !== undefined)
    return { value: undefined, diagnostics: reader.problem === undefined ? [] : [reader.problem] }
  return {
    value: { source, span: spanAt(place, source, { from: 0, to: source.length }), tree },
    diagnostics: [],
  }
}

type Token = { readonly text: string; readonly offset: number }
type Reader = {
  readonly source: string
  readonly place: Place
  readonly tokens: readonly Token[]
  next: number
  problem: Diagnostic | undefined
}

function tokensOf(source: string): Token[] {
  return [...source.matchAll(/[()]|[^\s()]+/g)].map((match) => ({ text: match[0], offset: match.index }))
}

function parseOr(reader: Reader, depth: number): SelectorTree | undefined {
  let left = parseAnd(reader, depth)
  while (left !== undefined && accept(reader, 'or')) {
    const right = parseAnd(reader, depth)
    left = right === undefined ? undefined : { kind: 'or', left, right }
  }
  return left
}

function parseAnd(reader: Reader, depth: number): SelectorTree | undefined {
  let left = parseNot(reader, depth)
  while (left !== undefined && accept(reader, 'and')) {
    const right = parseNot(reader, depth)
    left = right === undefined ? undefined : { kind: 'and', left, right }
  }
  return left
}

function parseNot(reader: Reader, depth: number): SelectorTree | undefined {
  if (depth > MAX_DEPTH) {
    complain(reader, 0, { message: 'A selector is nested too deeply.' })
    return undefined
  }
  if (accept(reader, 'not')) {
    const operand = parseNot(reader, depth + 1)
    return operand === undefined ? undefined : { kind: 'not', operand }
  }
  if (!accept(reader, '(')) return parseName(reader)
  const inner = parseOr(reader, depth + 1)
  if (inner !== undefined && !accept(reader, ')')) {
    complain(reader, reader.tokens[reader.next]?.offset ?? reader.source.length, {
      message: 'A parenthesis is not closed.',
      hint: 'Add `)`.',
    })
    return undefined
  }
  return inner
}

function parseName(reader: Reader): SelectorTree | undefined {
  const token = reader.tokens[reader.next]
  if (token === undefined || /^(?:and|or|[()])$/.test(token.text)) {
    const found = token === undefined ? 'ends' : `has \`${token.text}\``
    complain(reader, token?.offset ?? reader.source.length, {
      message: `A name is wanted where this selector ${found}.`,
      hint: 'Write the name of a host, role, datacenter, rack or tag.',
    })
    return undefined
  }
  reader.next += 1
  const { text, offset } = token
  if (text === 'local' || text === 'all') return { kind: text }
  if (!/^[A-Za-z0-9_][\w.-]*$/.test(text)) {
    const hint = /[,|&!+]/.test(text)
      ? 'Join names with `and`, `or` and `not`.'
      : 'Names hold letters, digits, `_`, `-` and `.`.'
    complain(reader, offset, { message: `\`${text}\` is not a name.`, hint })
    return undefined
  }
  const dot = text.lastIndexOf('.')
  if (dot <= 0 || dot === text.length - 1) return { kind: 'name', name: text, offset }
  return { kind: 'name', name: text.slice(0, dot), flag: text.slice(dot + 1), offset }
}

function accept(reader: Reader, text: string): boolean {
  if (reader.tokens[reader.next]?.text !== text) return false
  reader.next += 1
  return true
}

function complain(reader: Reader, offset: number, words: { message: string; hint?: string }): void {
  const { place, source } = reader
  reader.problem ??= diagnosticAt(place.file, positionAt(place, source, offset), { code: 'HR2001', ...words })
}
