/** A value of YAML or JSON with its place in the text; `end` is where its last character stands, comments aside. */
export type TreeNode = ScalarNode | ListNode | MapNode | AliasNode

type Place = {
  readonly start: number
  readonly end: number
  /** An anchor stands before it: other places of the document mean this value. */
  readonly isAnchored?: boolean
  /** Explicit tag, e.g. `!delete`. */
  readonly tag?: string
}
export type ScalarNode = Place & {
  readonly kind: 'scalar'
  readonly source: string
  /** As text; only for a scalar that is not plain does it decide what the scalar means. */
  readonly value: string
  readonly style: 'plain' | 'quoted' | 'block'
}
export type ListNode = Place & {
  readonly kind: 'list'
  readonly isFlow: boolean
  readonly items: readonly TreeNode[]
}
export type MapNode = Place & {
  readonly kind: 'map'
  readonly isFlow: boolean
  readonly entries: readonly TreeEntry[]
}
export type AliasNode = Place & { readonly kind: 'alias'; readonly source: string }

export type TreeEntry = {
  readonly key: string
  readonly keyStart: number
  readonly keyEnd: number
  /** Behind the colon. */
  readonly colonEnd: number
  readonly value: TreeNode
}

/** Whether two scalars mean the same to whoever reads the file. */
export type IsSameScalar = (a: ScalarNode, b: ScalarNode) => boolean

/** The tag (YAML) or text (JSON) that removes a key. */
export const DELETE = '!delete'

/** Whether a wanted value removes its key. */
export function isDelete(node: TreeNode): boolean {
  return node.tag === DELETE
}

/** Whether a wanted value only removes: nothing of it is left to be added. */
export function isOnlyDeletes(node: TreeNode): boolean {
  if (isDelete(node)) return true
  return (
    node.kind === 'map' &&
    node.entries.length > 0 &&
    node.entries.every((entry) => isOnlyDeletes(entry.value))
  )
}

/** Whether two values are equal: maps regardless of order, lists item by item. */
export function isSameTree(a: TreeNode, b: TreeNode, isSameScalar: IsSameScalar): boolean {
  if (a.kind === 'scalar' && b.kind === 'scalar') return isSameScalar(a, b)
  if (a.kind === 'list' && b.kind === 'list') {
    if (a.items.length !== b.items.length) return false
    return a.items.every((item, at) => isSameTree(item, b.items[at] ?? item, isSameScalar))
  }
  if (a.kind !== 'map' || b.kind !== 'map' || a.entries.length !== b.entries.length) return false
  return a.entries.every((entry) => {
    const other = b.entries.filter((each) => each.key === entry.key)
    return (
      other.length === 1 && other[0] !== undefined && isSameTree(entry.value, other[0].value, isSameScalar)
    )
  })
}

/** Behind the last character of an entry; of one without a value, behind its colon. */
export function entryEnd(entry: TreeEntry): number {
  return Math.max(entry.colonEnd, isEmptyScalar(entry.value) ? entry.colonEnd : entry.value.end)
}

/** Whether nothing is written where the value would be. */
export function isEmptyScalar(node: TreeNode): boolean {
  return node.kind === 'scalar' && node.source === ''
}
