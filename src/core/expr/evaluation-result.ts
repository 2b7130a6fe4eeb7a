import type { Evaluation, Value } from './value.ts'
import { Ident, SecretRef } from './value.ts'
import { VersionValue } from './version-value.ts'

/** Most values in one result: all fields of 1,000 hosts are about 30,000. */
const MAX_RESULT_VALUES = 500_000
/** Longest text of one result, in characters. */
const MAX_RESULT_LENGTH = 16 * 1024 * 1024

/** Turns what the expression library yields into a value; types that no fence can hold are refused in words. */
export function valueFromResult(result: unknown): Evaluation {
  const budget = { values: MAX_RESULT_VALUES, characters: MAX_RESULT_LENGTH }
  try {
    return { ok: true, value: convert(result, budget) }
  } catch (error) {
    return { ok: false, message: (error as Error).message }
  }
}

type Budget = { values: number; characters: number }

function convert(result: unknown, budget: Budget): Value {
  budget.values -= 1
  if (budget.values < 0) throw new Error(`the result holds more than ${MAX_RESULT_VALUES} values`)
  if (result === null || typeof result === 'boolean' || typeof result === 'bigint') return result
  if (typeof result === 'number') return result
  if (typeof result === 'string') {
    budget.characters -= result.length
    if (budget.characters < 0) throw new Error(`the result is longer than ${MAX_RESULT_LENGTH} characters`)
    return result
  }
  if (result instanceof SecretRef || result instanceof Ident) return result
  if (result instanceof VersionValue) return result.text
  if (Array.isArray(result)) return result.map((item) => convert(item, budget))
  if (isPlainMap(result)) return convertMap(result, budget)
  return convertOther(result)
}

function convertMap(result: object, budget: Budget): Value {
  const map: { [key: string]: Value } = Object.create(null)
  const entries = result instanceof Map ? result.entries() : Object.entries(result)
  for (const [key, item] of entries) map[String(key)] = convert(item, budget)
  return map
}

/** Unsigned ints, durations and the like have a number or a text of their own; functions and types have not. */
function convertOther(result: unknown): Value {
  const kind = (result as { constructor?: { name?: string } })?.constructor?.name ?? typeof result
  if (kind === 'UnsignedInt') return BigInt(String(result))
  if (kind === 'Duration') return String(result)
  throw new Error(`the result is a ${kind === 'Type' ? 'type' : kind}, which cannot be written`)
}

function isPlainMap(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  if (value instanceof Map) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
