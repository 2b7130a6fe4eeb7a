import type { MergeContext, WantedEntry } from './merge-context.ts'
import { lineAt } from './source-text.ts'
import { isDelete } from './tree.ts'
import type { MapNode, TreeEntry } from './tree.ts'

/** The entry of a file's map that a wanted one means; `ambiguous` (reported) where it cannot be changed safely. */
export function selectEntry(
  context: MergeContext,
  map: MapNode,
  wanted: WantedEntry,
): TreeEntry | 'ambiguous' | undefined {
  const found = map.entries.filter((entry) => entry.key === wanted.entry.key)
  const [first, second] = found
  if (second !== undefined) {
    const line = lineAt(context.current, second.keyStart)
    const message = `"${wanted.path}" stands ${found.length} times in the file, so it is not clear which one counts`
    context.findings.push({ code: 'HR3203', message, line })
    return 'ambiguous'
  }
  if (first !== undefined && isShared(first, wanted)) {
    const line = lineAt(context.current, first.keyStart)
    const message = `"${wanted.path}" has an anchor, an alias or a tag, so that a change would reach further than its line`
    context.findings.push({ code: 'HR3204', message, line })
    return 'ambiguous'
  }
  return first
}

/** An alias or a tag may go, an anchor may not: others need it. */
function isShared({ value }: TreeEntry, wanted: WantedEntry): boolean {
  if (value.isAnchored === true) return true
  return !isDelete(wanted.entry.value) && (value.tag !== undefined || value.kind === 'alias')
}
