import type { MergeContext } from './merge-context.ts'
import { isEmptyScalar, isSameTree } from './tree.ts'
import type { MapNode, TreeEntry, TreeNode } from './tree.ts'

/**
 * Whether a value can become the wanted one by changing single words in place, so that the comments within stay:
 * lists of one length and maps of the same keys, down to texts of one line.
 */
export function canAlignTree(context: MergeContext, before: TreeNode, after: TreeNode): boolean {
  if (isSpecial(before) || isSpecial(after)) return false
  if (before.kind === 'list' && after.kind === 'list') {
    return (
      before.items.length === after.items.length &&
      pair(before.items, after.items).every(([a, b]) => canAlignTree(context, a, b))
    )
  }
  if (before.kind === 'map' && after.kind === 'map') {
    const pairs = pairEntries(before, after)
    return pairs !== undefined && pairs.every(([a, b]) => canAlignTree(context, a.value, b.value))
  }
  if (before.kind !== 'scalar' || after.kind !== 'scalar') return false
  return isSameTree(before, after, context.isSameScalar) || (isWord(before) && isWord(after))
}

/** Changes the words that differ; only after {@link canAlignTree}. */
export function alignTree(context: MergeContext, before: TreeNode, after: TreeNode): void {
  if (isSameTree(before, after, context.isSameScalar)) return
  if (before.kind === 'list' && after.kind === 'list') {
    for (const [a, b] of pair(before.items, after.items)) alignTree(context, a, b)
  } else if (before.kind === 'map' && after.kind === 'map') {
    for (const [a, b] of pairEntries(before, after) ?? []) alignTree(context, a.value, b.value)
  } else {
    context.splices.push({
      start: before.start,
      end: before.end,
      text: context.wanted.slice(after.start, after.end),
    })
  }
}

function isSpecial(node: TreeNode): boolean {
  return node.kind === 'alias' || node.isAnchored === true || node.tag !== undefined
}

/** One line, and safe to stand in a flow collection too. */
function isWord(node: TreeNode): boolean {
  if (node.kind !== 'scalar' || node.style === 'block' || isEmptyScalar(node) || node.source.includes('\n'))
    return false
  return node.style === 'quoted' || !/[,[\]{}]/.test(node.source)
}

function pair(a: readonly TreeNode[], b: readonly TreeNode[]): (readonly [TreeNode, TreeNode])[] {
  return a.flatMap((node, at) => (b[at] === undefined ? [] : [[node, b[at]] as const]))
}

function pairEntries(a: MapNode, b: MapNode): (readonly [TreeEntry, TreeEntry])[] | undefined {
  const keys = new Set(a.entries.map((entry) => entry.key))
  if (keys.size !== a.entries.length || a.entries.length !== b.entries.length) return undefined
  const pairs = a.entries.flatMap((entry) => {
    const other = b.entries.find((each) => each.key === entry.key)
    return other === undefined ? [] : [[entry, other] as const]
  })
  return pairs.length === a.entries.length ? pairs : undefined
}
