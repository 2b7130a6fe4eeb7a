import type { MergeContext } from './merge-context.ts'
import { findLineStart } from './source-text.ts'
import { isOnlyDeletes } from './tree.ts'
import type { MapNode, TreeEntry, TreeNode } from './tree.ts'

/** A value as it is written: `head` behind the colon of its key, `lines` below, ready indented. */
export type Rendered = { readonly head: string; readonly lines: readonly string[] }

type Target = {
  /** Column of the key in the file. */
  readonly indent: number
  /** Column of a list or map below the key, where the file already has one. */
  readonly blockIndent?: number
}

/** Writes the value of a wanted entry as its author did, moved to the file's indentation. */
export function renderValue(context: MergeContext, entry: TreeEntry, target: Target): Rendered {
  const { wanted } = context
  const { value } = entry
  const keyColumn = entry.keyStart - findLineStart(wanted, entry.keyStart)
  if (!isBlock(value)) {
    const [head = '', ...rest] = wanted.slice(value.start, value.end).split(/\r?\n/)
    return { head, lines: rest.map((line) => shift(line, target.indent - keyColumn)) }
  }
  if (value.kind === 'map')
    return { head: '', lines: renderMap(context, value, target.blockIndent ?? target.indent + 2) }
  const valueColumn = value.start - findLineStart(wanted, value.start)
  const distance =
    target.blockIndent === undefined ? target.indent - keyColumn : target.blockIndent - valueColumn
  const source = wanted.slice(findLineStart(wanted, value.start), value.end)
  return { head: '', lines: source.split(/\r?\n/).map((line) => shift(line, distance)) }
}

/** Writes a wanted entry as lines at a column. */
export function renderEntry(context: MergeContext, entry: TreeEntry, indent: number): readonly string[] {
  const key = ' '.repeat(indent) + context.wanted.slice(entry.keyStart, entry.keyEnd)
  const { head, lines } = renderValue(context, entry, { indent, ...innerIndent(context, entry, indent) })
  return [head === '' ? `${key}:` : `${key}: ${head}`, ...lines]
}

function innerIndent(context: MergeContext, entry: TreeEntry, indent: number): { blockIndent?: number } {
  if (entry.value.kind !== 'map' || entry.value.isFlow) return {}
  const { wanted } = context
  const inner = entry.value.start - findLineStart(wanted, entry.value.start)
  const keyColumn = entry.keyStart - findLineStart(wanted, entry.keyStart)
  return { blockIndent: indent + Math.max(1, inner - keyColumn) }
}

function renderMap(context: MergeContext, map: MapNode, indent: number): readonly string[] {
  return map.entries
    .filter((entry) => !isOnlyDeletes(entry.value))
    .flatMap((entry) => renderEntry(context, entry, indent))
}

function isBlock(node: TreeNode): boolean {
  return (node.kind === 'map' || node.kind === 'list') && !node.isFlow
}

function shift(line: string, distance: number): string {
  if (line.trim() === '') return ''
  if (distance >= 0) return ' '.repeat(distance) + line
  const blanks = line.length - line.trimStart().length
  return line.slice(Math.min(blanks, -distance))
}
