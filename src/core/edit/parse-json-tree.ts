import type { TreeParse } from './parse-yaml-tree.ts'
import { DELETE } from './tree.ts'
import type { ScalarNode, TreeEntry, TreeNode } from './tree.ts'

/** Deeper documents are refused rather than let the stack run out. */
const MAX_DEPTH = 200

/** Reads a JSON text into a tree with places; duplicate keys are kept, the text `"!delete"` is a deletion. */
export function parseJsonTree(text: string): TreeParse {
  try {
    JSON.parse(text)
  } catch (error) {
    if (text.trim() === '') return { isValid: true }
    const reason = error instanceof Error ? error.message : String(error)
    return { isValid: false, reason, offset: Number(/position (\d+)/.exec(reason)?.[1] ?? 0) }
  }
  const reader = new JsonReader(text)
  const root = reader.readValue(0)
  return root === undefined
    ? { isValid: false, reason: 'it is nested too deeply', offset: 0 }
    : { isValid: true, root }
}

/** Whether two JSON scalars are equal; numbers by value, and by digits where a double would round them. */
export function isSameJsonScalar(a: ScalarNode, b: ScalarNode): boolean {
  if (a.style !== 'plain' || b.style !== 'plain') return a.style === b.style && a.value === b.value
  if (a.source === b.source) return true
  const [left, right]: unknown[] = [JSON.parse(a.source), JSON.parse(b.source)]
  return left === right && (typeof left !== 'number' || !Number.isInteger(left) || Number.isSafeInteger(left))
}

/** Reads JSON that is known to be valid. */
class JsonReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  readValue(depth: number): TreeNode | undefined {
    if (depth > MAX_DEPTH) return undefined
    this.#skipBlanks()
    const char = this.#text[this.#at]
    if (char === '{') return this.#readMap(depth)
    if (char === '[') return this.#readList(depth)
    const start = this.#at
    const source = this.#readScalar()
    const style = char === '"' ? 'quoted' : 'plain'
    const value = style === 'quoted' ? String(JSON.parse(source)) : source
    const tag = style === 'quoted' && value === DELETE ? { tag: DELETE } : {}
    return { kind: 'scalar', start, end: this.#at, source, value, style, ...tag }
  }

  #readMap(depth: number): TreeNode | undefined {
    const start = this.#at++
    const entries: TreeEntry[] = []
    while (this.#next('}')) {
      const keyStart = this.#at
      const source = this.#readScalar()
      const keyEnd = this.#at
      this.#skipBlanks()
      this.#at += 1
      const colonEnd = this.#at
      const value = this.readValue(depth + 1)
      if (value === undefined) return undefined
      entries.push({ key: String(JSON.parse(source)), keyStart, keyEnd, colonEnd, value })
    }
    return { kind: 'map', isFlow: true, start, end: this.#at, entries }
  }

  #readList(depth: number): TreeNode | undefined {
    const start = this.#at++
    const items: TreeNode[] = []
    while (this.#next(']')) {
      const item = this.readValue(depth + 1)
      if (item === undefined) return undefined
      items.push(item)
    }
    return { kind: 'list', isFlow: true, start, end: this.#at, items }
  }

  /** Goes to the next item, over a comma; false behind the closing one. */
  #next(close: string): boolean {
    this.#skipBlanks()
    if (this.#text[this.#at] === ',') this.#at += 1
    this.#skipBlanks()
    if (this.#text[this.#at] !== close) return true
    this.#at += 1
    return false
  }

  #readScalar(): string {
    const pattern = /"(?:\\.|[^"\\])*"|[^\s,\]}:]+/y
    pattern.lastIndex = this.#at
    const source = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += source.length
    return source
  }

  #skipBlanks(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1
  }
}
