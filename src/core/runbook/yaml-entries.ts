import type { Document, Pair, ParsedNode } from 'yaml'
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import type { Position } from '../base/diagnostic.ts'
import type { Findings } from './findings.ts'
import type { SourceText } from './source-text.ts'

/** One key of a YAML map with its value, and their places in the file. */
export type YamlEntry = {
  readonly key: string
  readonly keyAt: Position
  /** As plain data. */
  readonly value: unknown
  /** Of the value's first character, inside its quotes. */
  readonly at: Position
  /** Offset of the same in the source text. */
  readonly offset: number
  /** Entries of the value, if it is a map. */
  readonly entries: readonly YamlEntry[]
}

/** Aliases that may be resolved; front matter needs none, and they can be made to explode. */
const MAX_ALIASES = 20

/** Reads a YAML text that stands at `base`; undefined once its errors are reported. An empty text is an empty map. */
export function readYamlEntries(
  text: string,
  {
    base,
    source,
    findings,
  }: { readonly base: number; readonly source: SourceText; readonly findings: Findings },
): readonly YamlEntry[] | undefined {
  const document = parseDocument(text, { lineCounter: new LineCounter(), prettyErrors: false, strict: true })
  const hint = 'values with `: `, `#`, `{{` or a leading special character need quotes'
  for (const error of document.errors) {
    const message = `the front matter is not valid YAML: ${firstLine(error.message)}`
    findings.add('HR5101', source.positionAt(base + error.pos[0]), { message, hint })
  }
  if (document.errors.length > 0) return undefined
  const { contents } = document
  if (contents === null) return []
  const fail = (message: string): undefined =>
    void findings.add('HR5101', source.positionAt(base), { message: `the front matter ${message}`, hint })
  if (!isMap(contents)) return fail('is not a map of keys and values')
  try {
    return contents.items.map((pair) => buildEntry(pair as YamlPair, { base, source, document }))
  } catch (error) {
    return fail(`is not valid YAML: ${firstLine(error instanceof Error ? error.message : String(error))}`)
  }
}

type YamlPair = Pair<ParsedNode, ParsedNode | null>
type EntryContext = { readonly base: number; readonly source: SourceText; readonly document: Document.Parsed }

function buildEntry(pair: YamlPair, context: EntryContext): YamlEntry {
  const { base, source, document } = context
  const { key, value } = pair
  const keyOffset = base + (key.range?.[0] ?? 0)
  const isQuoted = isScalar(value) && (value.type === 'QUOTE_DOUBLE' || value.type === 'QUOTE_SINGLE')
  const offset = value === null ? keyOffset : base + (value.range?.[0] ?? 0) + (isQuoted ? 1 : 0)
  return {
    key: String(isScalar(key) ? key.value : key),
    keyAt: source.positionAt(keyOffset),
    value: value === null ? null : value.toJS(document, { maxAliasCount: MAX_ALIASES }),
    at: source.positionAt(offset),
    offset,
    entries: isMap(value) ? value.items.map((item) => buildEntry(item as YamlPair, context)) : [],
  }
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/[.:]$/, '')
}
