import { parseDuration } from '../base/duration.ts'
import { isReservedName } from '../expr/declarations.ts'
import type { Position, Span } from '../base/diagnostic.ts'
import { suggestHint } from '../base/suggest-name.ts'
import { parseTemplate } from '../expr/parse-template.ts'
import type { Template } from '../expr/value.ts'
import type { RunbookCode } from './codes.ts'
import type { Finding, Findings } from './findings.ts'
import { dropAbsent } from './inherited-options.ts'
import type { Param, ParamType } from './model.ts'
import { PARAM_TYPES } from './model.ts'
import { reportDefault } from './param-default.ts'
import type { SourceText } from './source-text.ts'
import type { YamlEntry } from './yaml-entries.ts'

/** Keys of a parameter. */
export const PARAM_KEYS = [
  'type',
  'default',
  'value',
  'help',
  'pattern',
  'min',
  'max',
  'choices',
  'new',
] as const
type ParamKey = (typeof PARAM_KEYS)[number]

type Context = { readonly source: SourceText; readonly findings: Findings }
type Fields = ReadonlyMap<ParamKey, YamlEntry>

/** Reads one parameter; undefined if it has no usable name or type. */
export function readParam(entry: YamlEntry, context: Context): Param | undefined {
  const refuse = (code: RunbookCode, at: Position, finding: Finding): undefined =>
    void context.findings.add(code, at, finding)
  const { key: name } = entry
  if (!/^[A-Za-z_]\w*$/.test(name) || isReservedName(name)) {
    const why = isReservedName(name) ? 'means something else in expressions' : 'is no name for a parameter'
    return refuse('HR5107', entry.keyAt, {
      message: `\`${name}\` ${why}`,
      hint: 'use letters, digits and `_`, and no reserved name',
    })
  }
  if (entry.entries.length === 0)
    return refuse('HR5103', entry.at, {
      message: `the parameter \`${name}\` has no type`,
      hint: `write ${name}: { type: string }`,
    })
  const fields = readFields(entry, context)
  const type = readType(entry, fields, context)
  if (type === undefined) return undefined
  const span = spanOfKey(entry)
  const param: Param = dropAbsent({
    name,
    type,
    span,
    help: readScalar(fields.get('help'), 'string', context),
    pattern: readScalar(fields.get('pattern'), 'string', context),
    new: readScalar(fields.get('new'), 'boolean', context),
    min: readLimit(fields, 'min', context),
    max: readLimit(fields, 'max', context),
    choices: readChoices(fields, context),
    value: readTemplate(fields.get('value'), context),
    ...readDefault(fields.get('default'), context),
  })
  reportDefault(param, (finding) => {
    const at = finding.key === undefined ? entry.keyAt : (fields.get(finding.key)?.at ?? entry.keyAt)
    context.findings.add(finding.code, at, finding)
  })
  return param
}

function spanOfKey({ key, keyAt }: YamlEntry): Span {
  return {
    start: keyAt,
    end: { ...keyAt, column: keyAt.column + key.length, offset: keyAt.offset + key.length },
  }
}

function readFields(entry: YamlEntry, { findings }: Context): Fields {
  const fields = new Map<ParamKey, YamlEntry>()
  for (const field of entry.entries) {
    const known = PARAM_KEYS.find((key) => key === field.key)
    if (known !== undefined) fields.set(known, field)
    else {
      const message = `unknown key \`${field.key}\` of the parameter \`${entry.key}\``
      findings.add('HR5102', field.keyAt, { message, hint: suggestHint(field.key, PARAM_KEYS) })
    }
  }
  return fields
}

function readType(entry: YamlEntry, fields: Fields, { findings }: Context): ParamType | undefined {
  const field = fields.get('type')
  const type = PARAM_TYPES.find((type) => type === field?.value)
  if (type !== undefined) return type
  if (field === undefined) {
    const message = `the parameter \`${entry.key}\` has no type`
    findings.add('HR5103', entry.keyAt, { message, hint: `add type: ${PARAM_TYPES.join(' | ')}` })
  } else {
    const written = String(field.value)
    const message = `\`${written}\` is no type of a parameter`
    findings.add('HR5106', field.at, { message, hint: suggestHint(written, PARAM_TYPES) })
  }
  return undefined
}

type Scalars = { string: string; boolean: boolean }

function readScalar<T extends keyof Scalars>(
  field: YamlEntry | undefined,
  type: T,
  { findings }: Context,
): Scalars[T] | undefined {
  if (field === undefined) return undefined
  if (typeof field.value === type) return field.value as Scalars[T]
  const wanted = type === 'string' ? 'a text' : 'true or false'
  findings.add('HR5103', field.at, { message: `\`${field.key}\` is not ${wanted}`, hint: `write ${wanted}` })
  return undefined
}

/** A number, or a duration in milliseconds. */
function readLimit(fields: Fields, key: 'min' | 'max', { findings }: Context): number | undefined {
  const field = fields.get(key)
  if (field === undefined) return undefined
  const { value } = field
  const isDuration = fields.get('type')?.value === 'duration'
  const limit = isDuration ? parseDuration(String(value)) : value
  if (typeof limit === 'number') return limit
  findings.add('HR5103', field.at, {
    message: `\`${key}\` is not a ${isDuration ? 'duration' : 'number'}`,
    hint: 'write a number, or a duration such as 5m',
  })
  return undefined
}

function readChoices(fields: Fields, { findings }: Context): readonly string[] | undefined {
  const field = fields.get('choices')
  if (field === undefined) return undefined
  const { value } = field
  if (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => ['string', 'number'].includes(typeof item))
  )
    return value.map(String)
  findings.add('HR5103', field.at, {
    message: '`choices` is not a list of texts',
    hint: 'write choices: [a, b]',
  })
  return undefined
}

function readTemplate(field: YamlEntry | undefined, { source, findings }: Context): Template | undefined {
  if (field === undefined) return undefined
  if (typeof field.value === 'object') {
    findings.add('HR5103', field.at, {
      message: `\`${field.key}\` is not a text`,
      hint: 'write an expression: "{{ … }}"',
    })
    return undefined
  }
  const parsed = parseTemplate(String(field.value), { file: source.file, start: field.at })
  findings.addAll(parsed.diagnostics)
  return parsed.value
}

function readDefault(
  field: YamlEntry | undefined,
  context: Context,
): { default?: Template; defaultValue?: unknown } {
  if (field === undefined) return {}
  if (typeof field.value !== 'string') return { defaultValue: field.value }
  const template = readTemplate(field, context)
  return template === undefined ? {} : { default: template }
}
