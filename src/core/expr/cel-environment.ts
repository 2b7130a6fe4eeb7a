import { Environment } from '@marcbachmann/cel-js'
import { RE2JS } from 're2js'
import { countBy, distinct, ident, join, parseJson, sort, toMap } from './functions.ts'
import type { Value } from './value.ts'
import { Ident, SecretRef } from './value.ts'
import { compareVersions, isVersionText, VersionValue } from './version-value.ts'

/**
 * Limits of one expression. The language always ends, but nested loops over long lists take their time:
 * depth and nodes bound the work that a document can ask for. Far above what any known rule needs.
 */
const LIMITS = { maxAstNodes: 5000, maxDepth: 60, maxListElements: 1000, maxMapEntries: 1000 }

/** Name under which `text.matches(re)` runs in linear time; the library's own uses a backtracking engine. */
export const LINEAR_MATCHES = 'handrailMatches'

/** The language as documented: CEL, the added functions, and the types of secrets, identifiers and versions. */
export function createCelEnvironment(options: { unknownNamesAllowed: boolean }): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: options.unknownNamesAllowed,
    homogeneousAggregateLiterals: false,
    limits: LIMITS,
  })
  environment.registerType('Secret', { ctor: SecretRef, fields: {} })
  environment.registerType('Ident', { ctor: Ident, fields: {} })
  environment.registerType('Version', { ctor: VersionValue, fields: {} })
  addFunctions(environment)
  addVersionOrder(environment)
  return environment
}

function addFunctions(environment: Environment): void {
  const add = (signature: string, handler: (...values: never[]) => unknown) =>
    environment.registerFunction(signature, handler, { async: false })
  add('toMap(list): map<string, dyn>', (pairs: Value[]) => toMap(pairs))
  add('list.toMap(): map<string, dyn>', (pairs: Value[]) => toMap(pairs))
  add('list<T>.distinct(): list<T>', (list: Value[]) => distinct(list))
  add('distinct(list<T>): list<T>', (list: Value[]) => distinct(list))
  add('list<T>.sort(): list<T>', (list: Value[]) => sort(list))
  add('sort(list<T>): list<T>', (list: Value[]) => sort(list))
  add('list.join(string): string', (list: Value[], separator: string) => join(list, separator))
  add('join(list, string): string', (list: Value[], separator: string) => join(list, separator))
  add('list.countBy(): map<string, int>', (list: Value[]) => countBy(list))
  add('countBy(list): map<string, int>', (list: Value[]) => countBy(list))
  add('parseJson(string): dyn', (text: string) => parseJson(text))
  add('isSecret(dyn): bool', (value: unknown) => value instanceof SecretRef)
  add('ident(string): Ident', (text: string) => ident(text))
  add('version(string): Version', (text: string) => versionOf(text))
  add('version(int): Version', (whole: bigint) => versionOf(`${whole}`))
  add('version(double): Version', (decimal: number) => versionOf(`${decimal}`))
  add(`string.${LINEAR_MATCHES}(string): bool`, (text: string, pattern: string) => linearMatch(text, pattern))
}

function addVersionOrder(environment: Environment): void {
  const compare = (operator: string, holds: (order: number) => boolean) =>
    environment.registerOperator(`Version ${operator} Version: bool`, (a: VersionValue, b: VersionValue) =>
      holds(compareVersions(a, b)),
    )
  compare('<', (order) => order < 0)
  compare('<=', (order) => order <= 0)
  compare('>', (order) => order > 0)
  compare('>=', (order) => order >= 0)
  compare('==', (order) => order === 0)
}

function versionOf(text: string): VersionValue {
  if (!isVersionText(text)) throw new Error(`version() was given ${JSON.stringify(text.slice(0, 80))}`)
  return new VersionValue(text)
}

function linearMatch(text: string, pattern: string): boolean {
  try {
    return RE2JS.compile(pattern).matcher(text).find()
  } catch {
    throw new Error(`matches() was given an invalid regular expression: ${pattern.slice(0, 80)}`)
  }
}
