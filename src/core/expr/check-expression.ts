import type { Diagnostic } from '../base/diagnostic.ts'
import { diagnosticAt, positionAt } from '../base/place.ts'
import { suggestHint } from '../base/suggest-name.ts'
import type { Declarations } from './declarations.ts'
import { environmentFor, RECORD_FIELDS } from './declarations.ts'
import { describeError } from './parse-expression.ts'
import type { Expression } from './value.ts'

/**
 * Checks an expression before any host is touched: unknown names, unknown fields, wrong types, and with
 * `expected` the type of the result. Values of `vars`, roles' flags and JSON are known only when it runs.
 */
export function checkExpression(
  expression: Expression,
  declarations: Declarations,
  options: { file: string; expected?: 'bool' | 'list' },
): readonly Diagnostic[] {
  const at = (offset: number) =>
    positionAt({ file: options.file, start: expression.span.start }, expression.source, offset)
  const unknown = [...expression.roots].filter(
    (root) => !Object.hasOwn(declarations, root) && !BUILT_IN.has(root),
  )
  if (unknown.length > 0)
    return unknown.map((name) =>
      diagnosticAt(options.file, at(Math.max(0, offsetOf(expression.source, name))), {
        code: 'HR1002',
        message: `Nothing here is called \`${name}\`.`,
        hint: suggestHint(name, Object.keys(declarations)),
      }),
    )
  const result = environmentFor(declarations).check(expression.source)
  if (!result.valid) return [wrongType(expression, result.error, { file: options.file, at, declarations })]
  const { expected } = options
  const type = result.type ?? 'dyn'
  if (expected === undefined || fits(type, expected)) return []
  const message = `This expression must give a ${expected === 'bool' ? 'true or false' : 'list'}, but gives a ${type}.`
  return [diagnosticAt(options.file, at(0), { code: 'HR1005', message })]
}

/** Names that the language itself brings. */
const BUILT_IN: ReadonlySet<string> = new Set([
  'cel',
  'google',
  'optional',
  'bool',
  'bytes',
  'double',
  'int',
  'list',
  'map',
  'null_type',
  'string',
  'type',
  'uint',
])

type Where = {
  readonly file: string
  readonly at: (offset: number) => ReturnType<typeof positionAt>
  readonly declarations: Declarations
}

function wrongType(expression: Expression, error: unknown, where: Where): Diagnostic {
  const { code, offset, message } = describeError(error)
  const position = where.at(offset ?? 0)
  if (code !== 'no_such_key')
    return diagnosticAt(where.file, position, {
      code: 'HR1005',
      message: `This expression does not fit: ${message}.`,
    })
  const field = message.replace(/^No such key: /, '')
  const before = /(\w+)\s*\.\s*$/.exec(expression.source.slice(0, offset ?? 0))?.[1]
  const record = before === undefined ? undefined : where.declarations[before]
  const known = typeof record === 'object' ? Object.keys(record.fields) : fieldsOfRecord(record)
  const owner = before === undefined ? 'This' : `\`${before}\``
  return diagnosticAt(where.file, position, {
    code: 'HR1002',
    message: `${owner} has no field \`${field}\`.`,
    hint: suggestHint(field, known),
  })
}

/** Fields to suggest: of the record, or of any when a loop's variable hides its type. */
function fieldsOfRecord(type: string | undefined): string[] {
  const fields = type === undefined ? undefined : RECORD_FIELDS[type]
  return Object.keys(fields ?? Object.assign({}, ...Object.values(RECORD_FIELDS)))
}

function fits(type: string, expected: 'bool' | 'list'): boolean {
  if (type.startsWith('dyn') || type === expected) return true
  return expected === 'list' && (type.startsWith('list') || type.startsWith('map'))
}

function offsetOf(source: string, name: string): number {
  return source.search(new RegExp(`(?<![\\w.])${name}\\b`))
}
