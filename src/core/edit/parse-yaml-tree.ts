import { isAlias, isMap, isScalar, isSeq, parse, parseDocument } from 'yaml'
import type { Pair, ParsedNode } from 'yaml'
import { isEmptyScalar } from './tree.ts'
import type { MapNode, ScalarNode, TreeEntry, TreeNode } from './tree.ts'

/** A YAML text as a tree, or why it cannot be edited; `root` is absent for a text of nothing but comments. */
export type TreeParse =
  | { readonly isValid: true; readonly root?: TreeNode }
  | { readonly isValid: false; readonly reason: string; readonly offset: number }

/** Reads a YAML text into a tree with places; duplicate keys are kept, several documents are refused. */
export function parseYamlTree(text: string): TreeParse {
  try {
    return readTree(text)
  } catch (error) {
    // Thousands of nested brackets exhaust the stack of the YAML library.
    return { isValid: false, reason: error instanceof Error ? error.message : String(error), offset: 0 }
  }
}

/**
 * Whether two YAML scalars are the same for readers of YAML 1.1 and of 1.2: `yes` is a text to one and true to
 * the other, and a leading 0 makes an octal number for one only.
 */
export function isSameYamlScalar(a: ScalarNode, b: ScalarNode): boolean {
  if (a.style === 'plain' && b.style === 'plain') {
    return (
      a.source === b.source ||
      (resolve(a.source, '1.2') === resolve(b.source, '1.2') &&
        resolve(a.source, '1.1') === resolve(b.source, '1.1'))
    )
  }
  if (a.style !== 'plain' && b.style !== 'plain') return a.value === b.value
  const plain = a.style === 'plain' ? a : b
  const text = JSON.stringify((a.style === 'plain' ? b : a).value)
  return resolve(plain.source, '1.2') === text && resolve(plain.source, '1.1') === text
}

function resolve(source: string, version: '1.1' | '1.2'): string {
  try {
    const value: unknown = parse(source, { version, intAsBigInt: true, logLevel: 'silent' })
    return typeof value === 'bigint' ? value.toString() : JSON.stringify(value)
  } catch {
    return source
  }
}

function buildNode(node: ParsedNode | null, text: string): TreeNode | undefined {
  if (node === null) return undefined
  const [start, rangeEnd] = node.range
  const place = {
    start,
    end: trimEnd(text, start, rangeEnd),
    ...(node.tag !== undefined && node.tag.startsWith('!') ? { tag: node.tag } : {}),
    ...('anchor' in node && node.anchor !== undefined ? { isAnchored: true } : {}),
  }
  if (isAlias(node)) return { ...place, kind: 'alias', source: node.source }
  if (isScalar(node)) {
    const style = node.type === 'PLAIN' ? 'plain' : node.type?.startsWith('BLOCK') ? 'block' : 'quoted'
    return {
      ...place,
      kind: 'scalar',
      source: text.slice(start, place.end),
      value: String(node.value),
      style,
    }
  }
  if (isSeq(node)) {
    const items = node.items.map((item) =>
      isMap(item) || isSeq(item) || isScalar(item) || isAlias(item)
        ? buildNode(item as ParsedNode, text)
        : undefined,
    )
    if (!items.every((item) => item !== undefined)) return undefined
    const end = node.flow === true ? place.end : Math.max(start, ...items.map((item) => item.end))
    return { ...place, end, kind: 'list', isFlow: node.flow === true, items }
  }
  return buildMap(
    node.items as Pair<ParsedNode, ParsedNode | null>[],
    { ...place, isFlow: node.flow === true },
    text,
  )
}

type MapPlace = Pick<MapNode, 'start' | 'end' | 'isFlow' | 'tag' | 'isAnchored'>

function buildMap(
  pairs: readonly Pair<ParsedNode, ParsedNode | null>[],
  place: MapPlace,
  text: string,
): MapNode | undefined {
  const entries: TreeEntry[] = []
  for (const { key, value, srcToken } of pairs) {
    const colon = srcToken?.sep?.find((token) => token.type === 'map-value-ind')
    const isExplicit = srcToken?.start.some((token) => token.type === 'explicit-key-ind') === true
    if (!isScalar(key) || key.range === null || key.range === undefined || isExplicit) return undefined
    const [keyStart, keyEnd] = key.range
    const colonEnd = colon === undefined ? keyEnd : colon.offset + 1
    const empty: ScalarNode = {
      kind: 'scalar',
      style: 'plain',
      source: '',
      value: '',
      start: colonEnd,
      end: colonEnd,
    }
    const built = value === null ? empty : buildNode(value, text)
    if (built === undefined) return undefined
    entries.push({ key: String(key.value), keyStart, keyEnd, colonEnd, value: built })
  }
  const last = entries.at(-1)
  const end =
    place.isFlow || last === undefined
      ? place.end
      : Math.max(last.colonEnd, isEmptyScalar(last.value) ? 0 : last.value.end)
  return { ...place, end, kind: 'map', entries }
}

/** A block scalar's place includes the line ends behind it. */
function trimEnd(text: string, start: number, end: number): number {
  let at = end
  while (at > start && /\s/.test(text[at - 1] ?? '')) at -= 1
  return at
}

function readTree(text: string): TreeParse {
  const document = parseDocument(text, {
    keepSourceTokens: true,
    uniqueKeys: false,
    prettyErrors: false,
    // `silent` would keep quiet about several documents.
    logLevel: 'error',
  })
  const error = document.errors[0]
  if (error !== undefined) return { isValid: false, reason: error.message, offset: error.pos[0] }
  if (document.contents === null) return { isValid: true }
  const root = buildNode(document.contents, text)
  if (root === undefined) return { isValid: false, reason: 'a key is not a plain word', offset: 0 }
  return root.kind === 'scalar' && root.source === '' ? { isValid: true } : { isValid: true, root }
}
