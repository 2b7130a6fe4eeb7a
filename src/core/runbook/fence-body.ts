import type { Code } from 'mdast'
import type { Position, Span } from '../base/diagnostic.ts'
import type { Place } from '../base/place.ts'
import { parseExpression } from '../expr/parse-expression.ts'
import { parseTemplate } from '../expr/parse-template.ts'
import type { Expression, Template } from '../expr/value.ts'
import type { Findings } from './findings.ts'
import type { SourceText } from './source-text.ts'

/** The body of a fence as CommonMark says: the indentation of lists and quotes removed, all else exact. */
export type FenceBody = {
  /** With a final line break, unless the fence is empty. */
  readonly text: string
  readonly span: Span
  readonly place: Place
}

/** Finds the body of a fence and its place in the file. */
export function readFenceBody(node: Code, source: SourceText, isClosed: boolean): FenceBody {
  const first = (node.position?.start.line ?? 1) + 1
  const last = Math.max((node.position?.end.line ?? first) - (isClosed ? 1 : 0), first - 1)
  const text = last < first ? '' : `${node.value}\n`
  const indent = findIndent(node.value, source, first)
  const from = source.lineStart(first)
  const end = last < first ? from : source.lineStart(last) + (source.lines[last - 1]?.length ?? 0)
  const start = source.positionAt(Math.min(from + indent, end))
  return {
    text,
    span: { start, end: source.positionAt(end) },
    place: { file: source.file, start: { ...start, column: indent + 1 }, indent },
  }
}

/** Columns of containers before the body; blank lines may lack them. */
function findIndent(value: string, source: SourceText, first: number): number {
  for (const [index, line] of value.split('\n').entries()) {
    const original = source.lines[first - 1 + index] ?? ''
    if (line.trim() !== '' && original.endsWith(line)) return original.length - line.length
  }
  return 0
}

export type BodyContext = {
  readonly source: SourceText
  readonly findings: Findings
  readonly literal: boolean
}

/** Parses the body's expressions. */
export function parseBodyTemplate(text: string, body: FenceBody, context: BodyContext): Template {
  const parsed = parseTemplate(text, body.place, { literal: context.literal })
  context.findings.addAll(parsed.diagnostics)
  return relocateTemplate(parsed.value, context.source)
}

/** Parses a body that is one condition: a template of that one expression, or of none if it does not parse. */
export function parseBodyCondition(body: FenceBody, context: BodyContext): Template {
  const trimmed = body.text.trim()
  const lead = body.text.slice(0, body.text.indexOf(trimmed))
  const line = body.place.start.line + lead.split('\n').length - 1
  const column = (body.place.indent ?? 0) + lead.length - (lead.lastIndexOf('\n') + 1) + 1
  const place = { ...body.place, start: findPosition({ line, column, offset: 0 }, context.source) }
  const parsed = parseExpression(trimmed, place)
  context.findings.addAll(parsed.diagnostics)
  const expression = parsed.value && relocateExpression(parsed.value, context.source)
  const parts =
    expression === undefined
      ? []
      : [{ kind: 'expression' as const, expression, span: expression.span, length: body.text.length }]
  return { source: body.text, span: body.span, parts }
}

/** Offsets are counted again from lines and columns, since removed indentation and CRLF do not show in a body. */
function relocateTemplate(template: Template, source: SourceText): Template {
  const parts = template.parts.map((part) =>
    part.kind === 'text'
      ? part
      : {
          ...part,
          expression: relocateExpression(part.expression, source),
          span: relocateSpan(part.span, source),
        },
  )
  return { ...template, span: relocateSpan(template.span, source), parts }
}

function relocateExpression(expression: Expression, source: SourceText): Expression {
  return { ...expression, span: relocateSpan(expression.span, source) }
}

function relocateSpan({ start, end }: Span, source: SourceText): Span {
  return { start: findPosition(start, source), end: findPosition(end, source) }
}

function findPosition({ line, column }: Position, source: SourceText): Position {
  const offset = source.positionAt(source.lineStart(line)).offset + column - 1
  return { line, column, offset }
}
