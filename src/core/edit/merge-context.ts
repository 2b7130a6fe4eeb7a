import type { Finding, ManagedKey } from './edit-result.ts'
import type { Splice } from './source-text.ts'
import type { IsSameScalar, TreeEntry, TreeNode } from './tree.ts'

/** What a merge works with and collects; `splices` belong to `current`. */
export type MergeContext = {
  readonly language: 'yaml' | 'json'
  readonly current: string
  readonly wanted: string
  readonly eol: string
  readonly isSameScalar: IsSameScalar
  readonly splices: Splice[]
  readonly findings: Finding[]
  readonly managed: ManagedKey[]
}

/** A wanted entry and where it belongs. */
export type WantedEntry = { readonly entry: TreeEntry; readonly path: string }

/** Records what happens to a key. */
export function noteManaged(
  context: MergeContext,
  key: string,
  nodes: { before?: TreeNode; after?: TreeNode },
): void {
  const { before, after } = nodes
  context.managed.push({
    key,
    ...(before === undefined ? {} : { before: context.current.slice(before.start, before.end) }),
    ...(after === undefined ? {} : { after: context.wanted.slice(after.start, after.end) }),
  })
}
