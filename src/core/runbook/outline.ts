import type { Heading, Nodes, Root, RootContent } from 'mdast'

/** A heading, what stands directly under it, and the headings below it. */
export type OutlineSection = {
  readonly heading: Heading
  readonly title: string
  readonly nodes: readonly RootContent[]
  readonly children: readonly OutlineSection[]
}

export type Outline = {
  /** All headings of depth 1; the first is the title. */
  readonly titles: readonly Heading[]
  /** Between the title (or the top) and the first heading below it. */
  readonly preamble: readonly RootContent[]
  readonly sections: readonly OutlineSection[]
}

type Growing = { heading: Heading; title: string; nodes: RootContent[]; children: Growing[] }

/** Arranges a document by its headings; headings inside of lists and quotes are ordinary content. */
export function buildOutline(root: Root): Outline {
  const titles: Heading[] = []
  const preamble: RootContent[] = []
  const sections: Growing[] = []
  const open: Growing[] = []
  for (const node of root.children) {
    if (node.type === 'yaml') continue
    if (node.type === 'heading' && node.depth === 1 && titles.length === 0 && sections.length === 0) {
      titles.push(node)
    } else if (node.type === 'heading') {
      if (node.depth === 1) titles.push(node)
      while (open.length > 0 && (open.at(-1)?.heading.depth ?? 0) >= node.depth) open.pop()
      const section: Growing = { heading: node, title: readPlainText(node).trim(), nodes: [], children: [] }
      ;(open.at(-1)?.children ?? sections).push(section)
      open.push(section)
    } else (open.at(-1)?.nodes ?? preamble).push(node)
  }
  return { titles, preamble, sections }
}

/** The words of a node without markup; comments and other HTML are left out. */
export function readPlainText(node: Nodes): string {
  if (node.type === 'text' || node.type === 'inlineCode') return node.value
  if (node.type === 'break') return ' '
  if (node.type === 'image') return node.alt ?? ''
  return 'children' in node ? node.children.map(readPlainText).join('') : ''
}
