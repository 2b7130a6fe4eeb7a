import type { ParseResult } from '@marcbachmann/cel-js'
import type { Parsed, Position } from '../base/diagnostic.ts'
import type { Place } from '../base/place.ts'
import { diagnosticAt, positionAt, spanAt } from '../base/place.ts'
import { createCelEnvironment } from './cel-environment.ts'
import { valueFromResult } from './evaluation-result.ts'
import { prepareTree } from './expression-tree.ts'
import type { Evaluation, Expression, Scope } from './value.ts'

/** Longest expression, in characters: ten times the longest known rule. */
const MAX_SOURCE_LENGTH = 8000
/** Deepest nesting of loops: three over 1,000 hosts would be 10⁹ steps. */
const MAX_LOOP_DEPTH = 4

const environment = createCelEnvironment({ unknownNamesAllowed: true })

/** Parses one CEL expression that stands at `place`. The value is absent when it does not parse. */
export function parseExpression(source: string, place: Place): Parsed<Expression | undefined> {
  const fail = (code: string, position: Position, words: { message: string; hint?: string }) => ({
    value: undefined,
    diagnostics: [diagnosticAt(place.file, position, { code, ...words })],
  })
  if (source.trim() === '')
    return fail('HR1003', place.start, {
      message: 'An expression is empty.',
      hint: 'Write a CEL expression.',
    })
  if (source.length > MAX_SOURCE_LENGTH)
    return fail('HR1004', place.start, {
      message: `An expression is longer than ${MAX_SOURCE_LENGTH} characters.`,
    })
  let parsed: ParseResult
  try {
    parsed = environment.parse(source)
  } catch (error) {
    const { offset, message } = describeError(error)
    const hint = hintFor(source)
    return fail('HR1001', positionAt(place, source, offset ?? 0), {
      message: `This expression does not parse: ${message}.`,
      ...(hint === undefined ? {} : { hint }),
    })
  }
  const { roots, loopDepth } = prepareTree(parsed.ast)
  if (loopDepth > MAX_LOOP_DEPTH)
    return fail('HR1004', place.start, { message: `An expression nests more than ${MAX_LOOP_DEPTH} loops.` })
  const span = spanAt(place, source, { from: 0, to: source.length })
  return { value: { source, span, roots, evaluate: (scope) => evaluate(parsed, scope) }, diagnostics: [] }
}

/** Offset and words of an error that the expression library threw. */
export function describeError(error: unknown): { code: string; offset?: number; message: string } {
  const thrown = error as { code?: unknown; summary?: unknown; message?: unknown; range?: { start: number } }
  const text = typeof thrown.summary === 'string' ? thrown.summary : String(thrown.message ?? error)
  const message = text.split('\n')[0]!.replace(/\.$/, '').replaceAll('handrailMatches', 'matches')
  const code = typeof thrown.code === 'string' ? thrown.code : 'unknown'
  const offset = thrown.range?.start
  return offset === undefined ? { code, message } : { code, offset, message }
}

function evaluate(parsed: ParseResult, scope: Scope): Evaluation {
  try {
    return valueFromResult(parsed(scope))
  } catch (error) {
    return { ok: false, message: describeError(error).message }
  }
}

function hintFor(source: string): string | undefined {
  if (/\b(and|or|not)\b/.test(source)) return 'CEL writes && for and, || for or, ! for not.'
  if (/[^=!<>]=[^=]/.test(source)) return 'CEL compares with ==.'
  if (/[“”‘’]/.test(source)) return 'Write straight quotes.'
  return undefined
}
