import type { Code, Root } from 'mdast'
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

/** Parses CommonMark with GFM and YAML front matter; undefined if the parser itself gives up. */
export function parseMarkdown(text: string): MarkdownTree | undefined {
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
    return { root, fenced, closed }
  } catch {
    // Nesting of many thousand levels overflows the parser's stack; nothing that a person writes does.
    return undefined
  }
}
