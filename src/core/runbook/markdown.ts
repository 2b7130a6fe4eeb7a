import type { Code, Nodes, Root } from 'mdast'
import type { Extension } from 'mdast-util-from-markdown'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { frontmatter } from 'micromark-extension-frontmatter'
import { gfm } from 'micromark-extension-gfm'

/** A Markdown tree and what the tree itself does not tell. */
export type MarkdownTree = {
  readonly root: Root
  /** Fenced code blocks, open or closed; an indented block is in neither set. */
  readonly fenced: ReadonlySet<Code>
  readonly closed: ReadonlySet<Code>
}

/** Deepest nesting; ten lists in each other are hard to read already, and walks over the tree recurse. */
const MAX_DEPTH = 200

/** A line that opens more containers than that: refused before it is parsed, since that takes quadratic time. */
const DEEP_LINE = new RegExp(String.raw`^(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])[ \t])){${MAX_DEPTH}}`, 'm')

/** Parses CommonMark with GFM and YAML front matter; undefined if the parser itself gives up. */
export function parseMarkdown(text: string): MarkdownTree | undefined {
  if (DEEP_LINE.test(text)) return undefined
  const fenced = new Set<Code>()
  const closed = new Set<Code>()
  const marks: Extension = {
    exit: {
      codeFencedFenceSequence() {
        const code = this.stack.findLast((node) => node.type === 'code')
        if (code === undefined) return
        if (fenced.has(code)) closed.add(code)
        fenced.add(code)
      },
    },
  }
  try {
    const root = fromMarkdown(text, {
      extensions: [gfm(), frontmatter(['yaml'])],
      mdastExtensions: [gfmFromMarkdown(), frontmatterFromMarkdown(['yaml']), marks],
    })
    return isTooDeep(root) ? undefined : { root, fenced, closed }
  } catch {
    // Nesting of many thousand levels overflows the parser's stack; nothing that a person writes does.
    return undefined
  }
}

function isTooDeep(root: Root): boolean {
  let level: Nodes[] = [root]
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth += 1)
    level = level.flatMap((node): Nodes[] => ('children' in node ? node.children : []))
  return level.length > 0
}
