import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Document, Node } from 'yaml'
import type { Diagnostic, Position } from '../base/diagnostic.ts'
import { diagnosticAt } from '../base/place.ts'
import { suggestHint } from '../base/suggest-name.ts'
import { valueFromData } from '../expr/value-from-data.ts'
import type { Value } from '../expr/value.ts'

/** Largest file that is read, in characters: 1,000 hosts with all fields are about 400,000. */
const MAX_LENGTH = 8 * 1024 * 1024

/** Reads a YAML file with a place for everything that is wrong with it. */
export type YamlReader = {
  readonly file: string
  readonly lines: LineCounter
  readonly document: Document
  readonly diagnostics: Diagnostic[]
  /** Code of findings about shape: an unknown key, a wrong type. */
  readonly shapeCode: string
}

export type Entry = { readonly key: string; readonly keyNode: Node; readonly node: Node | undefined }

/** Parses a file; what is no YAML is reported with `syntaxCode`. */
export function openYaml(
  text: string,
  file: string,
  codes: { syntaxCode: string; shapeCode: string },
): { reader: YamlReader; root: Node | undefined } {
  const lines = new LineCounter()
  const tooLong = text.length > MAX_LENGTH
  const document = parseDocument(tooLong ? '' : text, { lineCounter: lines, intAsBigInt: true })
  const reader: YamlReader = { file, lines, document, diagnostics: [], shapeCode: codes.shapeCode }
  if (tooLong)
    reader.diagnostics.push(
      diagnosticAt(
        file,
        { line: 1, column: 1, offset: 0 },
        { code: codes.syntaxCode, message: 'This file is larger than 8 MiB.' },
      ),
    )
  for (const error of document.errors)
    reader.diagnostics.push(
      diagnosticAt(file, positionOf(reader, error.pos[0]), {
        code: codes.syntaxCode,
        message: `This is no valid YAML: ${error.message.split('\n')[0]!.replace(/ at line \d+.*$/, '')}.`,
      }),
    )
  return { reader, root: document.errors.length > 0 ? undefined : (document.contents ?? undefined) }
}

/** Reports something about a node. */
export function complainAt(
  reader: YamlReader,
  node: Node | undefined,
  words: { code?: string; severity?: 'error' | 'warning'; message: string; hint?: string | undefined },
): void {
  const position = positionOf(reader, node?.range?.[0] ?? 0)
  reader.diagnostics.push(diagnosticAt(reader.file, position, { code: reader.shapeCode, ...words }))
}

/** The entries of a map by key; unknown keys (where `known` is given) and other shapes are reported. */
export function readEntries(
  reader: YamlReader,
  node: Node | undefined,
  shape: { what: string; known?: readonly string[] },
): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>()
  const resolved = follow(reader, node)
  if (resolved === undefined || (isScalar(resolved) && resolved.value === null)) return entries
  if (!isMap(resolved)) {
    complainAt(reader, node, { message: `${shape.what} must be a map (key: value).` })
    return entries
  }
  for (const pair of resolved.items) {
    const keyNode = pair.key as Node
    const key = isScalar(keyNode) ? String(keyNode.value) : ''
    if (shape.known !== undefined && !shape.known.includes(key))
      complainAt(reader, keyNode, {
        message: `${shape.what} has no key \`${key}\`.`,
        hint: suggestHint(key, shape.known),
      })
    else entries.set(key, { key, keyNode, node: (pair.value as Node | null) ?? undefined })
  }
  return entries
}

/** The items of a list; an absent one is empty. */
export function readItems(reader: YamlReader, node: Node | undefined, what: string): readonly Node[] {
  const resolved = follow(reader, node)
  if (resolved === undefined || (isScalar(resolved) && resolved.value === null)) return []
  if (!isSeq(resolved)) {
    complainAt(reader, node, { message: `${what} must be a list.` })
    return []
  }
  return resolved.items as Node[]
}

/** A text; numbers and booleans are reported, since quotes were probably forgotten. */
export function readText(reader: YamlReader, node: Node | undefined, what: string): string | undefined {
  const value = scalarOf(reader, node)
  if (value === undefined) return undefined
  if (typeof value === 'string' && value !== '') return value
  const hint = value === null || value === '' ? undefined : `Write it in quotes: "${String(value)}".`
  complainAt(reader, node, { message: `${what} must be a text.`, hint })
  return undefined
}

/** A whole number between two limits. */
export function readInt(
  reader: YamlReader,
  node: Node | undefined,
  shape: { what: string; min: number; max: number },
): number | undefined {
  const value = scalarOf(reader, node)
  if (value === undefined) return undefined
  const number = typeof value === 'bigint' ? Number(value) : Number.NaN
  if (number >= shape.min && number <= shape.max) return number
  complainAt(reader, node, {
    message: `${shape.what} must be a whole number from ${shape.min} to ${shape.max}.`,
  })
  return undefined
}

/** A text of a closed set. */
export function readChoice<T extends string>(
  reader: YamlReader,
  node: Node | undefined,
  shape: { what: string; choices: readonly T[] },
): T | undefined {
  const text = readText(reader, node, shape.what)
  if (text === undefined) return undefined
  const choice = shape.choices.find((each) => each === text)
  if (choice !== undefined) return choice
  complainAt(reader, node, {
    message: `${shape.what} cannot be \`${text}\`.`,
    hint: suggestHint(text, shape.choices),
  })
  return undefined
}

/** Free data as a value; `secret:NAME` becomes a reference. */
export function readData(reader: YamlReader, node: Node | undefined): Value {
  if (node === undefined) return null
  try {
    return valueFromData(node.toJS(reader.document, { maxAliasCount: 1000 }), { secrets: true })
  } catch (error) {
    complainAt(reader, node, { message: `This cannot be read: ${(error as Error).message}.` })
    return null
  }
}

/** A map of free data. */
export function readVars(
  reader: YamlReader,
  node: Node | undefined,
  what: string,
): { readonly [key: string]: Value } {
  const vars: { [key: string]: Value } = {}
  for (const [key, entry] of readEntries(reader, node, { what })) vars[key] = readData(reader, entry.node)
  return vars
}

function scalarOf(reader: YamlReader, node: Node | undefined): unknown {
  const resolved = follow(reader, node)
  if (resolved === undefined) return undefined
  return isScalar(resolved) ? resolved.value : {}
}

function follow(reader: YamlReader, node: Node | undefined): Node | undefined {
  return isAlias(node) ? (node.resolve(reader.document) as Node | undefined) : node
}

function positionOf(reader: YamlReader, offset: number): Position {
  const { line, col } = reader.lines.linePos(offset)
  return { line: Math.max(1, line), column: Math.max(1, col), offset }
}
