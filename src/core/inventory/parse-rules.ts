import type { Node, Scalar } from 'yaml'
import type { Parsed } from '../base/diagnostic.ts'
import type { Place } from '../base/place.ts'
import { checkExpression } from '../expr/check-expression.ts'
import { declareScope } from '../expr/declarations.ts'
import { parseExpression } from '../expr/parse-expression.ts'
import { parseTemplate, templateExpressions } from '../expr/parse-template.ts'
import type { Expression } from '../expr/value.ts'
import type { Rule } from './model.ts'
import type { Entry, YamlReader } from './yaml-reader.ts'
import { complainAt, openYaml, readChoice, readEntries, readItems, readText } from './yaml-reader.ts'

const KEYS = ['id', 'severity', 'runbooks', 'each', 'assert', 'message', 'source', 'waivable'] as const
const PER_ITEM = declareScope({ item: true })
const ONCE = declareScope()

/** Parses a rule file: a YAML list of rules. Rules with errors are left out of the value. */
export function parseRules(text: string, path: string): Parsed<readonly Rule[]> {
  const { reader, root } = openYaml(text.replace(/^\ufeff/, ''), path, {
    syntaxCode: 'HR2010',
    shapeCode: 'HR2101',
  })
  const ids = new Set<string>()
  const rules = readItems(reader, root, 'A rule file').flatMap((node) => {
    const before = reader.diagnostics.length
    const rule = readRule(reader, node)
    if (rule !== undefined && ids.has(rule.id))
      complainAt(reader, node, { message: `The rule ${rule.id} is listed twice.` })
    if (rule !== undefined) ids.add(rule.id)
    return rule === undefined || reader.diagnostics.length > before ? [] : [rule]
  })
  return { value: rules, diagnostics: reader.diagnostics }
}

function readRule(reader: YamlReader, node: Node): Rule | undefined {
  const entries = readEntries(reader, node, { what: 'A rule', known: KEYS })
  const id = readText(reader, entries.get('id')?.node, 'id')
  for (const key of ['id', 'assert', 'message', 'source'] as const)
    if (!entries.has(key)) complainAt(reader, node, { message: `The rule ${id ?? ''} needs \`${key}\`.` })
  const each = readExpression(reader, entries.get('each'), { perItem: false, expected: 'list' })
  const perItem = entries.has('each')
  const assert = readExpression(reader, entries.get('assert'), { perItem, expected: 'bool' })
  const message = readMessage(reader, entries.get('message'), perItem)
  const source = readText(reader, entries.get('source')?.node, 'source')
  const runbooks = readItems(reader, entries.get('runbooks')?.node, 'runbooks').flatMap(
    (item) => readText(reader, item, 'A runbook') ?? [],
  )
  if (id === undefined || assert === undefined || message === undefined || source === undefined)
    return undefined
  if (perItem && each === undefined) return undefined
  return {
    id,
    severity:
      readChoice(reader, entries.get('severity')?.node, {
        what: 'severity',
        choices: ['error', 'warning'] as const,
      }) ?? 'error',
    ...(entries.has('runbooks') ? { runbooks } : {}),
    ...(each === undefined ? {} : { each }),
    assert,
    message,
    source,
    waivable: readBool(reader, entries.get('waivable')) ?? true,
    file: reader.file,
    line: reader.lines.linePos(node.range?.[0] ?? 0).line,
  }
}

function readExpression(
  reader: YamlReader,
  entry: Entry | undefined,
  shape: { perItem: boolean; expected: 'bool' | 'list' },
): Expression | undefined {
  const text = readText(reader, entry?.node, entry?.key ?? '')
  if (text === undefined) return undefined
  const parsed = parseExpression(text, placeOf(reader, entry!.node!))
  reader.diagnostics.push(...parsed.diagnostics)
  if (parsed.value === undefined) return undefined
  reader.diagnostics.push(
    ...checkExpression(parsed.value, shape.perItem ? PER_ITEM : ONCE, {
      file: reader.file,
      expected: shape.expected,
    }),
  )
  return parsed.value
}

function readMessage(reader: YamlReader, entry: Entry | undefined, perItem: boolean) {
  const text = readText(reader, entry?.node, 'message')
  if (text === undefined) return undefined
  const parsed = parseTemplate(text, placeOf(reader, entry!.node!))
  reader.diagnostics.push(...parsed.diagnostics)
  for (const expression of templateExpressions(parsed.value))
    reader.diagnostics.push(...checkExpression(expression, perItem ? PER_ITEM : ONCE, { file: reader.file }))
  return parsed.value
}

function readBool(reader: YamlReader, entry: Entry | undefined): boolean | undefined {
  if (entry?.node === undefined) return undefined
  const value: unknown = entry.node.toJS(reader.document)
  if (typeof value === 'boolean') return value
  complainAt(reader, entry.node, { message: `${entry.key} must be true or false.` })
  return undefined
}

/** Where a scalar's text begins; for folded blocks the line is right and the column is that of the block. */
function placeOf(reader: YamlReader, node: Node): Place {
  const type = (node as Scalar).type
  const isBlock = type === 'BLOCK_FOLDED' || type === 'BLOCK_LITERAL'
  const offset = node.range?.[0] ?? 0
  const { line, col } = reader.lines.linePos(offset)
  if (isBlock) return { file: reader.file, start: { line: line + 1, column: col, offset } }
  const quote = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE' ? 1 : 0
  return { file: reader.file, start: { line, column: col + quote, offset: offset + quote } }
}
