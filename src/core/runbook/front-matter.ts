import type { Yaml } from 'mdast'
import { suggestHint, suggestName } from '../base/suggest-name.ts'
import type { Template } from '../expr/value.ts'
import { parseTemplate } from '../expr/parse-template.ts'
import type { Findings } from './findings.ts'
import { PARAM_KEYS, readParam } from './front-matter-params.ts'
import type { MaintenanceWindow, Param } from './model.ts'
import type { OptionValues } from './option-table.ts'
import { maintenanceWindow } from './option-values.ts'
import { readOptions } from './read-options.ts'
import type { SourceText } from './source-text.ts'
import type { YamlEntry } from './yaml-entries.ts'
import { readYamlEntries } from './yaml-entries.ts'

/** What the front matter says; a document without `handrail:` has no version, and nothing else counts. */
export type FrontMatter = {
  readonly version: 1 | undefined
  readonly title?: string
  readonly summary?: string
  readonly tags: readonly string[]
  readonly params: readonly Param[]
  readonly needs: readonly string[]
  readonly interpreters: ReadonlyMap<string, Template>
  readonly defaults: OptionValues
  readonly window?: MaintenanceWindow
}

/** Keys of the front matter with their meaning, for the documentation. */
export const FRONT_MATTER_KEYS = {
  handrail: 'Version of the format: `1`. Without it the document is only shown.',
  title: 'Title, if it is to differ from the `#` heading.',
  summary: 'One sentence for the library.',
  tags: 'List of words for the library.',
  params: `Parameters: name → { ${PARAM_KEYS.join(', ')} }.`,
  needs: 'List of runbooks that must have been finished on this inventory.',
  interpreters: 'Language → command that reads the body of a fence on standard input.',
  defaults: 'Options for all steps: those that are inherited.',
  window: 'Maintenance window, e.g. "sat,sun 01:00-05:00 Europe/Dublin".',
} as const

type Context = { readonly source: SourceText; readonly findings: Findings }
type Key = keyof typeof FRONT_MATTER_KEYS
const EMPTY: FrontMatter = {
  version: undefined,
  tags: [],
  params: [],
  needs: [],
  interpreters: new Map(),
  defaults: {},
}

/** Reads the front matter; only documents that say `handrail:` are held to the schema. */
export function readFrontMatter(node: Yaml | undefined, context: Context): FrontMatter {
  if (node === undefined) return reportUnclosed(context)
  const saysHandrail = /^["']?handrail["']?[ \t]*:/m.test(node.value)
  if (node.value.trim() === '') return EMPTY
  const silent = saysHandrail ? context.findings : { ...context.findings, add: () => undefined }
  const base = context.source.lineStart((node.position?.start.line ?? 1) + 1)
  const entries = readYamlEntries(node.value, { base, source: context.source, findings: silent })
  if (entries === undefined) return saysHandrail ? { ...EMPTY, version: 1 } : EMPTY
  const handrail = entries.find((entry) => entry.key === 'handrail')
  if (handrail === undefined) return reportNearMiss(entries, context)
  if (handrail.value !== 1) {
    const message = `version \`${String(handrail.value)}\` of the format is not known`
    context.findings.add('HR5104', handrail.at, { message, hint: 'write `handrail: 1`' })
  }
  const found: { -readonly [K in keyof FrontMatter]: FrontMatter[K] } = { ...EMPTY, version: 1 }
  for (const entry of entries) if (isKnown(entry, context)) readKey(entry, found, context)
  return found
}

function isKnown(entry: YamlEntry, { findings }: Context): entry is YamlEntry & { key: Key } {
  const keys = Object.keys(FRONT_MATTER_KEYS)
  if (keys.includes(entry.key)) return true
  const finding = {
    message: `unknown key \`${entry.key}\` in the front matter`,
    hint: suggestHint(entry.key, keys),
  }
  findings.add('HR5102', entry.keyAt, finding)
  return false
}

function readKey(
  entry: YamlEntry & { key: Key },
  found: { -readonly [K in keyof FrontMatter]: FrontMatter[K] },
  context: Context,
): void {
  const { key } = entry
  if (key === 'title' || key === 'summary') found[key] = readText(entry, context)
  else if (key === 'tags' || key === 'needs') found[key] = readTexts(entry, context)
  else if (key === 'params')
    found.params = readMap(entry, context).flatMap((param) => readParam(param, context) ?? [])
  else if (key === 'interpreters') found.interpreters = readInterpreters(entry, context)
  else if (key === 'defaults') found.defaults = readDefaults(entry, context)
  else if (key === 'window') {
    const value = readText(entry, context)
    const place = { file: context.source.file, start: entry.at }
    const reading = { name: key, value, place, findings: context.findings }
    const window = value === '' ? undefined : maintenanceWindow.read(reading)
    if (window !== undefined) found.window = window
  }
}

function readText(entry: YamlEntry, context: Context): string {
  if (typeof entry.value === 'string') return entry.value
  refuseType(entry, 'a text', context)
  return ''
}

function readTexts(entry: YamlEntry, context: Context): readonly string[] {
  const { value } = entry
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  refuseType(entry, 'a list of texts', context)
  return []
}

function readMap(entry: YamlEntry, context: Context): readonly YamlEntry[] {
  const { value } = entry
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return entry.entries
  refuseType(entry, 'a map', context)
  return []
}

function refuseType(entry: YamlEntry, wanted: string, { findings }: Context): void {
  const example = wanted === 'a text' ? ', in quotes' : ''
  findings.add('HR5103', entry.at, {
    message: `\`${entry.key}\` is not ${wanted}`,
    hint: `write ${wanted}${example}`,
  })
}

function readInterpreters(entry: YamlEntry, context: Context): ReadonlyMap<string, Template> {
  const interpreters = new Map<string, Template>()
  for (const each of readMap(entry, context)) {
    const text = readText(each, context)
    if (text === '') continue
    const parsed = parseTemplate(text, { file: context.source.file, start: each.at })
    context.findings.addAll(parsed.diagnostics)
    interpreters.set(each.key.toLowerCase(), parsed.value)
  }
  return interpreters
}

function readDefaults(entry: YamlEntry, context: Context): OptionValues {
  const words = readMap(entry, context).flatMap((each) => {
    const at = context.source.lineStart(each.keyAt.line) + each.keyAt.column - 1
    const isScalar = ['string', 'number', 'boolean'].includes(typeof each.value)
    if (!isScalar) refuseType(each, 'one value', context)
    const value = each.value === true ? {} : { value: String(each.value) }
    return isScalar ? [{ name: each.key, at, valueAt: each.offset, ...value }] : []
  })
  return readOptions(words, { ...context, place: 'document' })
}

function reportUnclosed({ source, findings }: Context): FrontMatter {
  const isOpened = source.lines[0]?.trimEnd() === '---'
  const index = source.lines.findIndex((line, index) => index > 0 && /^["']?handrail["']?[ \t]*:/.test(line))
  if (!isOpened || index === -1 || source.lines.slice(1, index).some((line) => line.startsWith('#')))
    return EMPTY
  const message = 'the front matter is not closed'
  findings.add('HR5105', source.positionAt(0), { message, hint: 'close it with a line `---`' })
  return EMPTY
}

function reportNearMiss(entries: readonly YamlEntry[], { findings }: Context): FrontMatter {
  const near = entries.find((entry) => suggestName(entry.key, ['handrail']) !== undefined)
  if (near !== undefined) {
    const message = `unknown key \`${near.key}\` in the front matter`
    findings.add('HR5102', near.keyAt, { message, hint: 'did you mean `handrail`?' })
  }
  return EMPTY
}
