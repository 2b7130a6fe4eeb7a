import type { Diagnostic, Parsed } from '../base/diagnostic.ts'
import type { Place } from '../base/place.ts'
import { diagnosticAt, positionAt, spanAt } from '../base/place.ts'
import { findExpressionEnd } from './expression-end.ts'
import { parseExpression } from './parse-expression.ts'
import type { Template, TemplatePart } from './value.ts'

/**
 * Parses text with `{{ expressions }}`. With `literal` nothing is an expression. A literal `{{` is written
 * `{{ "{{" }}`. Expressions that do not parse are reported and left out.
 */
export function parseTemplate(
  text: string,
  place: Place,
  options: { literal?: boolean } = {},
): Parsed<Template> {
  const span = spanAt(place, text, { from: 0, to: text.length })
  if (options.literal === true || !text.includes('{{'))
    return {
      value: { source: text, span, parts: text === '' ? [] : [{ kind: 'text', text }] },
      diagnostics: [],
    }
  const parts: TemplatePart[] = []
  const diagnostics: Diagnostic[] = []
  let at = 0
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', at)) {
    if (open > at) parts.push({ kind: 'text', text: text.slice(at, open) })
    const end = findExpressionEnd(text, open + 2)
    if (end === undefined) {
      diagnostics.push(
        diagnosticAt(place.file, positionAt(place, text, open), {
          code: 'HR1006',
          message: '`{{` is not closed by `}}`.',
          hint: 'Close it; or, for a body without expressions, add `literal` to the fence; or write {{ "{{" }}.',
        }),
      )
      parts.push({ kind: 'text', text: text.slice(open) })
      at = text.length
      break
    }
    const parsed = parseInside(text, { from: open + 2, to: end }, place)
    diagnostics.push(...parsed.diagnostics)
    if (parsed.value !== undefined)
      parts.push({
        kind: 'expression',
        expression: parsed.value,
        span: spanAt(place, text, { from: open, to: end + 2 }),
        length: end + 2 - open,
      })
    at = end + 2
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) })
  return { value: { source: text, span, parts }, diagnostics }
}

/** The expressions of a template, in order. */
export function templateExpressions(template: Template) {
  return template.parts.flatMap((part) => (part.kind === 'expression' ? [part.expression] : []))
}

/** The names that a template reads from the scope. */
export function templateRoots(template: Template): ReadonlySet<string> {
  return new Set(templateExpressions(template).flatMap((expression) => [...expression.roots]))
}

function parseInside(text: string, range: { from: number; to: number }, place: Place) {
  const raw = text.slice(range.from, range.to)
  const lead = raw.length - raw.trimStart().length
  const start = positionAt(place, text, range.from + (raw.trim() === '' ? 0 : lead))
  const indent = place.indent ?? place.start.column - 1
  return parseExpression(raw.trim(), { file: place.file, start, indent })
}
