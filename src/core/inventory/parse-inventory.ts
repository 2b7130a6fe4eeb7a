import type { Node } from 'yaml'
import type { Parsed } from '../base/diagnostic.ts'
import { hasErrors } from '../base/diagnostic.ts'
import type { HashText } from '../base/hash.ts'
import { checkNames } from './check-names.ts'
import { checkSecrets } from './check-secrets.ts'
import type { EnvironmentLevel, Inventory, Waiver } from './model.ts'
import { readConnection } from './read-connection.ts'
import { readDatacenters, readHosts } from './read-hosts.ts'
import { readSecrets } from './read-secrets.ts'
import type { Entry, YamlReader } from './yaml-reader.ts'
import {
  complainAt,
  openYaml,
  readChoice,
  readEntries,
  readItems,
  readText,
  readVars,
} from './yaml-reader.ts'

const KEYS = [
  'handrail',
  'name',
  'environment',
  'vars',
  'connection',
  'datacenters',
  'hosts',
  'secrets',
  'rules',
  'waive',
] as const
const LEVELS: readonly EnvironmentLevel[] = ['lab', 'test', 'production']

/** Parses and validates an inventory. The value is absent when anything in it is an error. */
export function parseInventory(text: string, path: string, hash: HashText): Parsed<Inventory | undefined> {
  const { reader, root } = openYaml(text.replace(/^\ufeff/, ''), path, {
    syntaxCode: 'HR2010',
    shapeCode: 'HR2011',
  })
  if (root === undefined) {
    if (reader.diagnostics.length === 0)
      complainAt(reader, undefined, { message: 'This inventory is empty.' })
    return { value: undefined, diagnostics: reader.diagnostics }
  }
  const entries = readEntries(reader, root, { what: 'An inventory', known: KEYS })
  const inventory = buildInventory(reader, entries, { path, sha256: hash(text) })
  return { value: hasErrors(reader.diagnostics) ? undefined : inventory, diagnostics: sorted(reader) }
}

type Entries = ReadonlyMap<string, Entry>

function buildInventory(
  reader: YamlReader,
  entries: Entries,
  file: Pick<Inventory, 'path' | 'sha256'>,
): Inventory {
  checkVersion(reader, entries.get('handrail'))
  const name = readText(reader, entries.get('name')?.node, 'name')
  if (!entries.has('name')) complainAt(reader, undefined, { message: 'An inventory needs a `name`.' })
  const connection = readConnection(reader, entries.get('connection')?.node, 'connection')
  const datacenters = readDatacenters(reader, entries.get('datacenters')?.node)
  const hosts = readHosts(reader, entries.get('hosts')?.node, connection)
  const secrets = readSecrets(reader, entries.get('secrets')?.node)
  const inventory: Inventory = {
    ...file,
    name: name ?? '',
    environment: readEnvironment(reader, entries.get('environment')?.node, name ?? ''),
    vars: readVars(reader, entries.get('vars')?.node, 'vars'),
    connection,
    datacenters: datacenters.map((each) => each.value),
    hosts: hosts.map((each) => each.value),
    secrets,
    ruleFiles: readItems(reader, entries.get('rules')?.node, 'rules').flatMap(
      (node) => readText(reader, node, 'A rule file') ?? [],
    ),
    waivers: readItems(reader, entries.get('waive')?.node, 'waive').flatMap(
      (node) => readWaiver(reader, node) ?? [],
    ),
  }
  checkNames(reader, { datacenters, hosts })
  checkSecrets(reader, root(entries), secrets)
  return inventory
}

function root(entries: Entries): readonly Node[] {
  return [...entries.values()].flatMap((entry) => (entry.key === 'secrets' ? [] : (entry.node ?? [])))
}

function checkVersion(reader: YamlReader, entry: Entry | undefined): void {
  const version = entry?.node === undefined ? undefined : entry.node.toJS(reader.document)
  if (version === 1n) return
  complainAt(reader, entry?.node, {
    code: 'HR2012',
    message:
      version === undefined
        ? 'An inventory begins with `handrail: 1`.'
        : `This inventory is of format ${String(version)}; this version reads format 1.`,
    hint: 'Write `handrail: 1` as its first line.',
  })
}

function readEnvironment(
  reader: YamlReader,
  node: Node | undefined,
  fallback: string,
): Inventory['environment'] {
  const entries = readEntries(reader, node, { what: 'environment', known: ['name', 'level'] })
  return {
    name: readText(reader, entries.get('name')?.node, 'environment.name') ?? fallback,
    level:
      readChoice(reader, entries.get('level')?.node, { what: 'environment.level', choices: LEVELS }) ??
      'test',
  }
}

function readWaiver(reader: YamlReader, node: Node): Waiver | undefined {
  const known = ['rule', 'reason', 'by', 'until'] as const
  const entries = readEntries(reader, node, { what: 'A waiver', known })
  const [rule, reason, by, until] = known.map((key) => {
    if (!entries.has(key)) complainAt(reader, node, { message: `A waiver needs \`${key}\`.` })
    return readText(reader, entries.get(key)?.node, `waive.${key}`)
  })
  if (rule === undefined || reason === undefined || by === undefined || until === undefined) return undefined
  if (!isDate(until)) {
    complainAt(reader, entries.get('until')?.node, {
      code: 'HR2018',
      message: `\`${until}\` is no date.`,
      hint: 'Write the last day it holds, e.g. 2030-12-31.',
    })
    return undefined
  }
  return { rule, reason, by, until }
}

/** A day of the calendar as YYYY-MM-DD. */
function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (match === null) return false
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number]
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  return days !== undefined && day >= 1 && day <= days
}

function sorted(reader: YamlReader) {
  return reader.diagnostics.toSorted((a, b) => a.line - b.line || a.column - b.column)
}
