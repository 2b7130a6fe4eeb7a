import { RE2JS } from 're2js'
import { formatDuration, parseDuration } from '../base/duration.ts'
import { suggestHint } from '../base/suggest-name.ts'
import { SecretRef } from '../expr/value.ts'
import type { Value } from '../expr/value.ts'
import { isMapValue, valueFromData } from '../expr/value-from-data.ts'
import { isVersionText } from '../expr/version-value.ts'
import type { Inventory } from '../inventory/model.ts'
import type { Param } from '../runbook/model.ts'

/** A value of a parameter's type, or why it is none. */
export type ReadValue =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: string; readonly hint?: string | undefined }

/** Reads what a person, a file or an expression gave for a parameter: texts are converted, limits checked. */
export function readParamValue(param: Param, given: unknown, inventory: Inventory): ReadValue {
  const value = given instanceof SecretRef ? given : valueFromData(given)
  const read = readTyped(param, value, inventory)
  if (!read.ok) return read
  return checkChoices(param, read.value) ?? checkPattern(param, read.value) ?? read
}

function readTyped(param: Param, value: Value, inventory: Inventory): ReadValue {
  switch (param.type) {
    case 'int':
      return readInt(param, value)
    case 'bool':
      return readBool(value)
    case 'list':
      return readList(value)
    case 'map':
      return readMap(value)
    case 'secret':
      return readSecret(value, inventory)
    default:
      return readTextValue(param, value, inventory)
  }
}

function readInt(param: Param, value: Value): ReadValue {
  const text = typeof value === 'string' ? value.trim() : `${typeof value === 'bigint' ? value : ''}`
  if (!/^[+-]?\d{1,18}$/.test(text)) return refuse('a whole number is wanted')
  const number = BigInt(text)
  return checkLimits(param, Number(number)) ?? { ok: true, value: number }
}

function readBool(value: Value): ReadValue {
  if (typeof value === 'boolean') return { ok: true, value }
  if (value === 'true' || value === 'yes') return { ok: true, value: true }
  if (value === 'false' || value === 'no') return { ok: true, value: false }
  return refuse('true or false is wanted')
}

/** `a,b` or a JSON list. */
function readList(value: Value): ReadValue {
  if (Array.isArray(value)) return { ok: true, value }
  if (typeof value !== 'string') return refuse('a list is wanted', 'Write a,b or ["a", "b"].')
  if (!value.trim().startsWith('[')) {
    const items = value.split(',').map((item) => item.trim())
    return { ok: true, value: items.filter((item) => item !== '') }
  }
  const parsed = parseJsonValue(value)
  return Array.isArray(parsed)
    ? { ok: true, value: parsed }
    : refuse('a list is wanted', 'Write a,b or ["a", "b"].')
}

/** `a=1,b=2` or a JSON object. */
function readMap(value: Value): ReadValue {
  const hint = 'Write a=1,b=2 or {"a": 1, "b": 2}.'
  if (isMapValue(value)) return { ok: true, value }
  if (typeof value !== 'string') return refuse('a map is wanted', hint)
  if (value.trim().startsWith('{')) {
    const parsed = parseJsonValue(value)
    return parsed !== undefined && isMapValue(parsed)
      ? { ok: true, value: parsed }
      : refuse('a map is wanted', hint)
  }
  const map: { [key: string]: Value } = {}
  for (const pair of value.split(',')) {
    const equals = pair.indexOf('=')
    if (equals <= 0) return refuse('a map is wanted', hint)
    map[pair.slice(0, equals).trim()] = pair.slice(equals + 1).trim()
  }
  return { ok: true, value: map }
}

function parseJsonValue(text: string): Value | undefined {
  try {
    return valueFromData(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** A secret is named, never given: what is typed on a command line stands in the shell's history. */
function readSecret(value: Value, inventory: Inventory): ReadValue {
  if (value instanceof SecretRef) return { ok: true, value }
  const name = typeof value === 'string' ? /^secret:(.+)$/.exec(value)?.[1] : undefined
  if (name === undefined) return refuse('a secret is given by reference only', 'Write secret:NAME.')
  if (inventory.secrets.has(name)) return { ok: true, value: new SecretRef(name) }
  return refuse(`the inventory has no secret \`${name}\``, suggestHint(name, inventory.secrets.keys()))
}

const TEXT_SHAPES: {
  readonly [type: string]: { readonly fits: (text: string) => boolean; readonly what: string }
} = {
  ident: { fits: (text) => /^[A-Za-z_]\w*$/.test(text), what: 'letters, digits and `_` are wanted' },
  path: { fits: (text) => /^[^\0\n\r]+$/.test(text), what: 'a path of one line is wanted' },
  url: {
    fits: (text) => /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(text),
    what: 'a URL like https://host/path is wanted',
  },
  version: { fits: isVersionText, what: 'a version like 2.2.8 is wanted' },
  duration: {
    fits: (text) => parseDuration(text) !== undefined,
    what: 'a duration like 30s or 5m is wanted',
  },
}

function readTextValue(param: Param, value: Value, inventory: Inventory): ReadValue {
  const isNumber = typeof value === 'bigint' || typeof value === 'number'
  const text = typeof value === 'string' ? value : isNumber ? `${value}` : undefined
  if (text === undefined) return refuse('a text is wanted')
  if (text.includes('\0')) return refuse('a NUL character cannot stand in it')
  const shape = TEXT_SHAPES[param.type]
  if (shape !== undefined && !shape.fits(text)) return refuse(shape.what)
  if (param.type === 'host' && !inventory.hosts.some((host) => host.name === text))
    return refuse(
      `the inventory has no host \`${text}\``,
      suggestHint(
        text,
        inventory.hosts.map((host) => host.name),
      ),
    )
  const limits = param.type === 'duration' ? checkLimits(param, parseDuration(text)!) : undefined
  return limits ?? { ok: true, value: text }
}

function checkLimits({ type, min, max }: Param, number: number): ReadValue | undefined {
  const show = (limit: number): string => (type === 'duration' ? formatDuration(limit) : String(limit))
  if (min !== undefined && number < min) return refuse(`it is below ${show(min)}`)
  if (max !== undefined && number > max) return refuse(`it is above ${show(max)}`)
  return undefined
}

function checkChoices({ choices }: Param, value: Value): ReadValue | undefined {
  if (choices === undefined || typeof value !== 'string' || choices.includes(value)) return undefined
  return refuse(`it is none of ${choices.join(', ')}`, suggestHint(value, choices))
}

function checkPattern({ pattern }: Param, value: Value): ReadValue | undefined {
  if (pattern === undefined || typeof value !== 'string') return undefined
  try {
    if (RE2JS.compile(pattern).matches(value)) return undefined
  } catch {
    return refuse(`its pattern ${pattern} is no regular expression`)
  }
  return refuse(`it does not match ${pattern}`)
}

function refuse(reason: string, hint?: string): ReadValue {
  return { ok: false, reason, hint }
}
