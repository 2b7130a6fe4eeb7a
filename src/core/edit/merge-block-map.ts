import { noteManaged } from './merge-context.ts'
import type { MergeContext, WantedEntry } from './merge-context.ts'
import { alignTree, canAlignTree } from './align-tree.ts'
import { mergeFlowMap } from './merge-flow-map.ts'
import { renderEntry, renderValue } from './render-wanted.ts'
import type { Rendered } from './render-wanted.ts'
import { selectEntry } from './select-entry.ts'
import { findLineEnd, findLineStart } from './source-text.ts'
import { entryEnd, isDelete, isEmptyScalar, isOnlyDeletes, isSameTree } from './tree.ts'
import type { MapNode, TreeEntry } from './tree.ts'

/** Two maps, and the entry of the file that holds the first, unless it is the whole file. */
type BlockMerge = { readonly current: MapNode; readonly wanted: MapNode; readonly parent?: WantedEntry }

/** Merges a wanted map into a block map of a YAML file, touching only the lines of what differs. */
export function mergeBlockMap(context: MergeContext, { current, wanted, parent }: BlockMerge): void {
  const added: WantedEntry[] = []
  let removed = 0
  for (const entry of wanted.entries) {
    const path = parent === undefined ? entry.key : `${parent.path}.${entry.key}`
    const found = selectEntry(context, current, { entry, path })
    if (found === 'ambiguous') continue
    if (found === undefined) {
      if (!isOnlyDeletes(entry.value)) added.push({ entry, path })
    } else if (isDelete(entry.value)) {
      removed += 1
      noteManaged(context, path, { before: found.value })
      removeLines(context, found.keyStart, entryEnd(found))
    } else setValue(context, found, { entry, path })
  }
  // Last, since they go behind whatever the last entry has become.
  for (const each of added) addEntry(context, current, each)
  if (parent !== undefined && added.length === 0 && removed === current.entries.length) {
    context.splices.push({ start: parent.entry.colonEnd, end: parent.entry.colonEnd, text: ' {}' })
  }
}

function setValue(context: MergeContext, found: TreeEntry, wanted: WantedEntry): void {
  const before = found.value
  const after = wanted.entry.value
  if (before.kind === 'map' && after.kind === 'map') {
    if (before.isFlow) return mergeFlowMap(context, { current: before, wanted: after, path: wanted.path })
    return mergeBlockMap(context, {
      current: before,
      wanted: after,
      parent: { entry: found, path: wanted.path },
    })
  }
  if (after.kind === 'map' && isOnlyDeletes(after)) return
  noteManaged(context, wanted.path, { before, after })
  if (isSameTree(before, after, context.isSameScalar)) return
  if (canAlignTree(context, before, after)) return alignTree(context, before, after)
  const isBlock = (before.kind === 'list' || before.kind === 'map') && !before.isFlow
  const indent = columnOf(context, found.keyStart)
  const rendered = renderValue(context, wanted.entry, {
    indent,
    ...(isBlock && after.kind === before.kind ? { blockIndent: columnOf(context, before.start) } : {}),
  })
  if (isBlock) replaceBlock(context, found, rendered)
  else replaceInline(context, found, rendered)
}

/** The old value stands behind its key, or there is none. */
function replaceInline(context: MergeContext, found: TreeEntry, { head, lines }: Rendered): void {
  const isMissing = isEmptyScalar(found.value)
  const start = isMissing || head === '' ? found.colonEnd : found.value.start
  const end = isMissing ? found.colonEnd : found.value.end
  context.splices.push({ start, end, text: start === found.colonEnd && head !== '' ? ` ${head}` : head })
  const lineEnd = findLineEnd(context.current, end)
  if (lines.length > 0)
    context.splices.push({ start: lineEnd, end: lineEnd, text: joinLines(context, lines) })
}

/** The old value stands on lines of its own below its key. */
function replaceBlock(context: MergeContext, found: TreeEntry, { head, lines }: Rendered): void {
  if (head !== '') context.splices.push({ start: found.colonEnd, end: found.colonEnd, text: ` ${head}` })
  removeLines(context, found.value.start, found.value.end)
  const lineEnd = findLineEnd(context.current, found.value.end)
  if (lines.length > 0)
    context.splices.push({ start: lineEnd, end: lineEnd, text: joinLines(context, lines) })
}

function addEntry(context: MergeContext, map: MapNode, wanted: WantedEntry): void {
  noteManaged(context, wanted.path, { after: wanted.entry.value })
  const first = map.entries[0]
  const indent = first === undefined ? 0 : columnOf(context, first.keyStart)
  const offset =
    findCommentedKey(context, map, { key: wanted.entry.key, indent }) ?? findLineEnd(context.current, map.end)
  context.splices.push({
    start: offset,
    end: offset,
    text: joinLines(context, renderEntry(context, wanted.entry, indent)),
  })
}

/** End of a line such as `# key: example` that belongs to this map and not to a map or a text within it. */
function findCommentedKey(
  context: MergeContext,
  map: MapNode,
  wanted: { key: string; indent: number },
): number | undefined {
  const escaped = wanted.key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const pattern = new RegExp(`^ {${wanted.indent}}#[ ]?${escaped}:(?:[ \\t].*)?\\r?$`, 'gm')
  const last = wanted.indent === 0 ? context.current.length : findCommentsEnd(context.current, map.end)
  for (const match of context.current.matchAll(pattern)) {
    const isInside = map.entries.some(
      (entry) => match.index > entry.keyStart && match.index < entryEnd(entry),
    )
    const isBefore = wanted.indent > 0 && match.index < map.start
    if (!isInside && !isBefore && match.index < last) return findLineEnd(context.current, match.index)
  }
  return undefined
}

/** End of the comments and empty lines below a map. */
function findCommentsEnd(text: string, mapEnd: number): number {
  const lineEnd = findLineEnd(text, mapEnd)
  const comments = /(?:\r?\n[ \t]*(?:#[^\n]*)?(?=\r?\n|$))*/y
  comments.lastIndex = lineEnd
  return lineEnd + (comments.exec(text)?.[0].length ?? 0)
}

/** Removes whole lines, with the line end before them, so that something can be put behind the last one. */
function removeLines(context: MergeContext, start: number, end: number): void {
  const lineStart = findLineStart(context.current, start)
  const lineEnd = findLineEnd(context.current, end)
  if (lineStart > 0) {
    const before = findLineEnd(context.current, findLineStart(context.current, lineStart - 1))
    context.splices.push({ start: before, end: lineEnd, text: '' })
    return
  }
  const next = context.current.indexOf('\n', lineEnd)
  context.splices.push({ start: 0, end: next === -1 ? lineEnd : next + 1, text: '' })
}

function joinLines(context: MergeContext, lines: readonly string[]): string {
  return lines.map((line) => context.eol + line).join('')
}

function columnOf(context: MergeContext, offset: number): number {
  return offset - findLineStart(context.current, offset)
}
