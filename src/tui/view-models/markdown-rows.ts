import type { Nodes, PhrasingContent, RootContent, Table } from 'mdast'
import { sanitizeLine, sanitizeText } from '../../core/base/sanitize.ts'
import { parseMarkdown } from '../../core/runbook/markdown.ts'
import { fitRow, measureRow, ours, span, word, type Row, type Span, type Tone } from '../term/row.ts'
import { expandTabs, wrapSpans } from '../term/wrap-text.ts'

/** Deepest nesting that is indented; what is deeper stands under it. */
const MAX_DEPTH = 6

/**
 * Markdown as rows of at most `width` cells; loaded apart, since its parser is large.
 *
 * @public by `import()`, which the search for dead code does not follow here
 */
export function renderMarkdown(text: string, width: number): Row[] {
  const tree = parseMarkdown(text)
  if (tree === undefined) return wrapSpans([span(sanitizeText(text))], width)
  return renderBlocks(tree.root.children, { width, depth: 0 })
}

type Place = { readonly width: number; readonly depth: number }

function renderBlocks(nodes: readonly RootContent[], place: Place): Row[] {
  const rows: Row[] = []
  for (const node of nodes) {
    const block = renderBlock(node, place)
    if (block.length === 0) continue
    if (rows.length > 0) rows.push([])
    rows.push(...block)
  }
  return rows
}

function renderBlock(node: RootContent, place: Place): Row[] {
  switch (node.type) {
    case 'paragraph':
      return wrapSpans(renderInline(node.children, 'plain'), place.width)
    case 'heading':
      return wrapSpans(renderInline(node.children, 'strong'), place.width)
    case 'blockquote':
      return renderBlocks(node.children, { width: place.width - 2, depth: place.depth + 1 }).map((row) => [
        word('> ', 'dim'),
        ...row,
      ])
    case 'code':
      return node.value
        .split('\n')
        .flatMap((line) =>
          wrapSpans(
            [word('    '), span(ours(expandTabs(sanitizeLine(line.replaceAll('\t', '        ')))))],
            place.width,
            4,
          ),
        )
    case 'list':
      return node.children.flatMap((item, index) =>
        renderItem(item, node.ordered === true ? `${(node.start ?? 1) + index}. ` : '- ', place),
      )
    case 'table':
      return renderTable(node, place.width)
    case 'thematicBreak':
      return [[word('-'.repeat(Math.min(place.width, 20)), 'dim')]]
    case 'html':
      return []
    default:
      return 'children' in node
        ? wrapSpans(renderInline(node.children as PhrasingContent[], 'plain'), place.width)
        : []
  }
}

type Item = { readonly checked?: boolean | null | undefined; readonly children: readonly RootContent[] }

function renderItem(item: Item, bullet: string, place: Place): Row[] {
  const mark = item.checked === true ? '[x] ' : item.checked === false ? '[ ] ' : bullet
  const depth = place.depth + 1
  const indent = depth > MAX_DEPTH ? 0 : mark.length
  const rows = item.children.flatMap((child) => renderBlock(child, { width: place.width - indent, depth }))
  return rows.map((row, index): Row => [
    word(index === 0 ? mark.slice(0, Math.max(indent, 0)) : ' '.repeat(indent), 'dim'),
    ...row,
  ])
}

function renderTable(table: Table, width: number): Row[] {
  const cells = table.children.map((row) => row.children.map((cell) => renderInline(cell.children, 'plain')))
  const columns = Math.max(0, ...cells.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, index) =>
    Math.max(1, ...cells.map((row) => measureRow(row[index] ?? []))),
  )
  const room = Math.max(columns, width - 3 * (columns - 1))
  let over = widths.reduce((sum, each) => sum + each, 0) - room
  while (over > 0) {
    const widest = widths.indexOf(Math.max(...widths))
    widths[widest] = Math.max(1, widths[widest]! - 1)
    over -= 1
  }
  return cells.flatMap((row, index): Row[] => {
    const line = widths.flatMap((cellWidth, column): Row => [
      ...(column > 0 ? [word(' | ', 'dim')] : []),
      ...fitRow(row[column] ?? [], cellWidth),
    ])
    return index === 0
      ? [
          line.map(({ text }) => ({ text, tone: 'strong' as const })),
          [word(widths.map((each) => '-'.repeat(each)).join('-+-'), 'dim')],
        ]
      : [line]
  })
}

function renderInline(nodes: readonly Nodes[], tone: Tone): Span[] {
  return nodes.flatMap((node) => renderPhrase(node, tone))
}

function renderPhrase(node: Nodes, tone: Tone): Span[] {
  switch (node.type) {
    case 'text':
      return [span(sanitizeText(node.value.replaceAll('\n', ' ')), tone)]
    case 'inlineCode':
      return [span(sanitizeText(node.value), 'code')]
    case 'strong':
      return renderInline(node.children, 'strong')
    case 'emphasis':
      return renderInline(node.children, tone === 'plain' ? 'strong' : tone)
    case 'break':
      return [word('\n')]
    case 'image':
      return [span(sanitizeText(`[${node.alt ?? 'image'}]`), 'dim')]
    case 'link': {
      const label = renderInline(node.children, tone)
      const shown = label.map(({ text }) => text).join('')
      return shown === node.url ? label : [...label, span(sanitizeText(` <${node.url}>`), 'dim')]
    }
    case 'html':
      return []
    default:
      return 'children' in node
        ? renderInline(node.children, tone)
        : 'value' in node
          ? [span(sanitizeText(String(node.value)), tone)]
          : []
  }
}
