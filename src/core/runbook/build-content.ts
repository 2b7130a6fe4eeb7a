import type { Nodes } from 'mdast'
import type { Mark } from './marks.ts'
import type { ContentBlock } from './model.ts'
import type { SourceText } from './source-text.ts'

/** Gives the index of a fence or task that is referred to; undefined: shown by another block (an expectation). */
export type IndexOfMark = (mark: Mark) => number | undefined

type Lines = { readonly first: number; readonly last: number }

/** What is shown of a section: prose between the marks, alerts, code, and references to fences and tasks. */
export function buildContent(
  nodes: readonly Nodes[],
  marks: readonly Mark[],
  { source, indexOf }: { readonly source: SourceText; readonly indexOf: IndexOfMark },
): readonly ContentBlock[] {
  const first = nodes[0]?.position?.start.line
  const last = nodes.at(-1)?.position?.end.line
  if (first === undefined || last === undefined) return []
  const blocks: ContentBlock[] = []
  let next = first
  const nested = collectLines(marks.filter((mark) => mark.isNested))
  let isInside = false
  for (const mark of marks) {
    const lines = linesOf(mark)
    if (lines.first > next) pushProse({ first: next, last: lines.first - 1 }, isInside)
    const block = buildBlock(mark, { lines, source, indexOf, nested })
    if (block !== undefined) blocks.push(block)
    next = Math.max(next, lines.last + 1)
    isInside = mark.isNested
  }
  if (next <= last) pushProse({ first: next, last }, isInside)
  return blocks

  function pushProse(lines: Lines, isNested: boolean): void {
    const block = buildProse(lines, source, isNested)
    if (block !== undefined) blocks.push(block)
  }
}

function linesOf(mark: Mark): Lines {
  const node = mark.kind === 'task' ? mark.paragraph : mark.node
  return { first: node.position?.start.line ?? 1, last: node.position?.end.line ?? 1 }
}

function collectLines(marks: readonly Mark[]): ReadonlySet<number> {
  const numbers = new Set<number>()
  for (const { first, last } of marks.map(linesOf))
    for (let line = first; line <= last; line += 1) numbers.add(line)
  return numbers
}

type BlockContext = {
  readonly lines: Lines
  readonly source: SourceText
  readonly indexOf: IndexOfMark
  /** Numbers of the lines of all nested marks. */
  readonly nested: ReadonlySet<number>
}

function buildBlock(mark: Mark, { lines, source, indexOf, nested }: BlockContext): ContentBlock | undefined {
  const span = spanOfLines(lines, source)
  if (mark.kind === 'comment') return undefined
  if (mark.kind === 'code') return { kind: 'code', language: mark.language, text: mark.node.value, span }
  if (mark.kind === 'alert') {
    return { kind: 'alert', alert: mark.alert, text: readQuote(lines, nested, source), span }
  }
  const index = indexOf(mark)
  if (index === undefined) return undefined
  return { kind: mark.kind, index, span }
}

/** Text of a quote without its marker line, its `>`, and the lines of marks inside it. */
function readQuote({ first, last }: Lines, inner: ReadonlySet<number>, source: SourceText): string {
  const kept: string[] = []
  for (let line = first + 1; line <= last; line += 1) {
    if (inner.has(line)) continue
    kept.push((source.lines[line - 1] ?? '').replace(/^ {0,3}> ?/, ''))
  }
  return kept.join('\n').trim()
}

function buildProse({ first, last }: Lines, source: SourceText, isNested: boolean): ContentBlock | undefined {
  let from = first
  let to = last
  while (from <= to && isBlank(source.lines[from - 1])) from += 1
  while (to >= from && isBlank(source.lines[to - 1])) to -= 1
  if (from > to) return undefined
  const lines = source.lines.slice(from - 1, to)
  const text = (isNested ? dedent(lines) : lines).join('\n')
  return { kind: 'markdown', text, span: spanOfLines({ first: from, last: to }, source) }
}

/** Behind a fence in a list the text keeps the list's indentation, which would make code of it. */
function dedent(lines: readonly string[]): readonly string[] {
  const indent = countIndent(lines[0] ?? '')
  const isOutside = (line: string): boolean => !isBlank(line) && countIndent(line) < indent
  const end = lines.findIndex(isOutside)
  return lines.map((line, index) => (end === -1 || index < end ? line.slice(indent) : line))
}

function isBlank(line: string | undefined): boolean {
  return line === undefined || /^[\s>]*$/.test(line)
}

function countIndent(line: string): number {
  return line.length - line.trimStart().length
}

function spanOfLines({ first, last }: Lines, source: SourceText) {
  return source.spanOf(
    source.lineStart(first),
    source.lineStart(last) + (source.lines[last - 1]?.length ?? 0),
  )
}
