import { noteManaged } from './merge-context.ts'
import type { MergeContext } from './merge-context.ts'
import { selectEntry } from './select-entry.ts'
import { findLineStart } from './source-text.ts'
import { isDelete, isOnlyDeletes, isSameTree } from './tree.ts'
import type { MapNode, TreeEntry, TreeNode } from './tree.ts'

/** Two maps, and the path of the first in its file, unless it is the whole file. */
type FlowMerge = { readonly current: MapNode; readonly wanted: MapNode; readonly path?: string }

/** Merges a wanted map into one written with braces (JSON, or YAML's flow style), touching only what differs. */
export function mergeFlowMap(context: MergeContext, { current, wanted, path }: FlowMerge): void {
  const added: string[] = []
  const removed = new Set<TreeEntry>()
  for (const entry of wanted.entries) {
    const inner = path === undefined ? entry.key : `${path}.${entry.key}`
    const found = selectEntry(context, current, { entry, path: inner })
    if (found === 'ambiguous') continue
    if (isDelete(entry.value)) {
      if (found === undefined) continue
      removed.add(found)
      noteManaged(context, inner, { before: found.value })
    } else if (found === undefined) {
      if (isOnlyDeletes(entry.value)) continue
      noteManaged(context, inner, { after: entry.value })
      added.push(`${renderKey(context, entry)}: ${renderFlow(context, entry.value)}`)
    } else setFlowValue(context, found, { entry, path: inner })
  }
  removeEntries(context, current, removed)
  addEntries(context, current, { added, removed })
}

function setFlowValue(
  context: MergeContext,
  found: TreeEntry,
  wanted: { entry: TreeEntry; path: string },
): void {
  const { value } = wanted.entry
  if (found.value.kind === 'map' && value.kind === 'map')
    return mergeFlowMap(context, { current: found.value, wanted: value, path: wanted.path })
  noteManaged(context, wanted.path, { before: found.value, after: value })
  if (isSameTree(found.value, value, context.isSameScalar)) return
  const text = renderFlow(context, value)
  const isMissing = found.value.start === found.value.end
  const start = isMissing ? found.colonEnd : found.value.start
  context.splices.push({ start, end: Math.max(start, found.value.end), text: isMissing ? ` ${text}` : text })
}

function removeEntries(context: MergeContext, map: MapNode, removed: ReadonlySet<TreeEntry>): void {
  const { entries } = map
  for (const [index, entry] of entries.entries()) {
    if (!removed.has(entry)) continue
    const before = entries.slice(0, index).findLast((each) => !removed.has(each))
    const after = entries[index + 1]
    // With a comma before or behind it; the last one left takes the blanks too.
    if (before !== undefined)
      context.splices.push({ start: entries[index - 1]?.value.end ?? 0, end: entry.value.end, text: '' })
    else if (after !== undefined)
      context.splices.push({ start: entry.keyStart, end: after.keyStart, text: '' })
    else context.splices.push({ start: entry.keyStart, end: map.end - 1, text: '' })
  }
}

type Change = { readonly added: readonly string[]; readonly removed: ReadonlySet<TreeEntry> }

function addEntries(context: MergeContext, map: MapNode, { added, removed }: Change): void {
  if (added.length === 0) return
  const last = map.entries.at(-1)
  const isFirst = map.entries.every((entry) => removed.has(entry))
  const offset = last === undefined ? map.start + 1 : last.value.end
  const lead = last === undefined ? '' : leadOf(context, last)
  const text = added.map(
    (each, index) =>
      `${isFirst && index === 0 ? '' : ','}${lead || (isFirst && index === 0 ? '' : ' ')}${each}`,
  )
  context.splices.push({ start: offset, end: offset, text: text.join('') })
}

/** Line end and indentation before an entry that stands on a line of its own. */
function leadOf(context: MergeContext, entry: TreeEntry): string {
  const lineStart = findLineStart(context.current, entry.keyStart)
  const indent = context.current.slice(lineStart, entry.keyStart)
  return lineStart > 0 && /^[ \t]*$/.test(indent) ? context.eol + indent : ''
}

function renderKey(context: MergeContext, entry: TreeEntry): string {
  const source = context.wanted.slice(entry.keyStart, entry.keyEnd)
  return context.language === 'json' || /[,[\]{}]/.test(source) ? JSON.stringify(entry.key) : source
}

/** A wanted value on one line, safe between braces; keys that are to be removed are left out. */
function renderFlow(context: MergeContext, node: TreeNode): string {
  if (node.kind === 'list') return `[${node.items.map((item) => renderFlow(context, item)).join(', ')}]`
  if (node.kind === 'map') {
    const kept = node.entries.filter((entry) => !isOnlyDeletes(entry.value))
    return `{${kept.map((entry) => `${renderKey(context, entry)}: ${renderFlow(context, entry.value)}`).join(', ')}}`
  }
  if (node.kind === 'scalar' && node.style !== 'plain')
    return context.language === 'json' ? node.source : JSON.stringify(node.value)
  if (/[,[\]{}]/.test(node.source)) return JSON.stringify(node.source)
  return node.source === '' ? 'null' : node.source
}
