import { RE2JS } from 're2js'
import { parseDuration } from '../base/duration.ts'
import type { RunbookCode } from './codes.ts'
import type { Param, ParamType } from './model.ts'

/** What is wrong with a declaration; `key` says at which of its keys. */
export type ParamFinding = {
  readonly code: RunbookCode
  readonly key?: 'default' | 'value' | 'pattern' | 'min' | 'max' | 'choices' | 'new'
  readonly message: string
  readonly hint: string
}

type Report = (finding: ParamFinding) => void

const WORDED: ReadonlySet<ParamType> = new Set([
  'string',
  'host',
  'ident',
  'path',
  'url',
  'version',
  'secret',
])

/** Reports what cannot hold in the declaration of a parameter, its default included. */
export function reportDefault(param: Param, report: Report): void {
  reportContradictions(param, report)
  const text = param.default?.source
  if (param.type === 'secret') {
    if (text !== undefined && !/^secret:[\w.-]+$/.test(text))
      report({
        code: 'HR5111',
        key: 'default',
        message: `the secret \`${param.name}\` stands in the document`,
        hint: 'write default: "secret:NAME", and declare NAME under `secrets:` of the inventory',
      })
    return
  }
  if (param.default?.parts.some((part) => part.kind === 'expression')) return
  const value = text ?? param.defaultValue
  if (value === undefined) return
  const problem = findValueProblem(param, value)
  if (problem === undefined) return
  const message = `the default of \`${param.name}\` is not ${problem}`
  report({ code: 'HR5109', key: 'default', message, hint: `write ${problem}` })
}

function reportContradictions(param: Param, report: Report): void {
  const { name, type } = param
  const add = (key: NonNullable<ParamFinding['key']>, message: string, hint: string): void =>
    report({ code: 'HR5108', key, message: `\`${name}\` ${message}`, hint })
  const hasDefault = param.default !== undefined || param.defaultValue !== undefined
  if (hasDefault && param.value !== undefined)
    add('value', 'has a default and a derived value', 'keep `default` if it is asked for, `value` if not')
  if (type === 'secret' && param.value !== undefined)
    add('value', 'is a secret and derived', 'remove `value`')
  if (param.new === true && type !== 'secret') add('new', 'is no secret, so it cannot be new', 'remove `new`')
  if (type === 'enum' && param.choices === undefined)
    report({ code: 'HR5108', message: `\`${name}\` is an enum without choices`, hint: 'add choices: [a, b]' })
  if (param.choices !== undefined && type !== 'enum' && (type === 'secret' || !WORDED.has(type)))
    add('choices', `has choices, but is of type ${type}`, 'use type: enum')
  const hasLimits = type === 'int' || type === 'duration'
  if (!hasLimits && param.min !== undefined) add('min', `has a limit, but is of type ${type}`, 'remove `min`')
  if (!hasLimits && param.max !== undefined) add('max', `has a limit, but is of type ${type}`, 'remove `max`')
  if (param.min !== undefined && param.max !== undefined && param.min > param.max)
    add('min', 'has a lower limit above the upper one', 'swap `min` and `max`')
  if (param.pattern !== undefined && !WORDED.has(type))
    add('pattern', `has a pattern, but is of type ${type}`, 'remove `pattern`')
  if (param.pattern !== undefined && !isRegularExpression(param.pattern))
    report({
      code: 'HR6210',
      key: 'pattern',
      message: `the pattern of \`${name}\` cannot be used`,
      hint: 'RE2 has no look-around and no back-references',
    })
}

/** Whether a text is a regular expression of the linear-time kind. */
export function isRegularExpression(text: string): boolean {
  try {
    RE2JS.compile(text)
    return true
  } catch {
    return false
  }
}

/** What a value ought to be, in words; undefined if it is. */
function findValueProblem(param: Param, value: unknown): string | undefined {
  const text = typeof value === 'string' ? value : undefined
  const { type, min, max, choices = [], pattern } = param
  const isBetween = (number: number): boolean => number >= (min ?? -Infinity) && number <= (max ?? Infinity)
  if (type === 'list') return Array.isArray(value) ? undefined : 'a list'
  if (type === 'map')
    return typeof value === 'object' && !Array.isArray(value) && value !== null ? undefined : 'a map'
  if (type === 'bool')
    return value === true || value === false || text === 'true' || text === 'false'
      ? undefined
      : 'true or false'
  if (type === 'int') {
    const number = typeof value === 'number' ? value : /^-?\d+$/.test(text ?? '') ? Number(text) : NaN
    if (!Number.isSafeInteger(number)) return 'a whole number'
    return isBetween(number) ? undefined : `a number ${describeLimits(param)}`
  }
  if (type === 'duration') {
    const durationMs = parseDuration(text ?? '')
    if (durationMs === undefined) return 'a duration, like 30s or 5m'
    return isBetween(durationMs) ? undefined : 'within its limits'
  }
  if (choices.length > 0) return choices.includes(String(value)) ? undefined : `one of: ${choices.join(', ')}`
  if (text === undefined) return 'a text, in quotes'
  if (type === 'url' && !/^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(text)) return 'a URL, like https://host/path'
  if (type === 'ident' && !/^[A-Za-z_]\w*$/.test(text)) return 'an identifier: letters, digits and `_`'
  const fits = pattern === undefined || !isRegularExpression(pattern) || RE2JS.compile(pattern).matches(text)
  return fits ? undefined : `a text that matches ${pattern}`
}

function describeLimits({ min, max }: Param): string {
  if (min !== undefined && max !== undefined) return `from ${min} to ${max}`
  return min === undefined ? `up to ${max}` : `from ${min}`
}
