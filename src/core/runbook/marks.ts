import type { Blockquote, Code, Html, ListItem, Nodes, Paragraph } from 'mdast'
import type { FenceInfo } from './fence-info.ts'
import { parseFenceInfo } from './fence-info.ts'
import type { Findings } from './findings.ts'
import type { HandrailComment } from './handrail-comment.ts'
import { parseHandrailComment } from './handrail-comment.ts'
import { VERBS } from './model.ts'
import type { SourceText } from './source-text.ts'

/** Something in a section that is more than prose, in document order. */
export type Mark =
  | {
      readonly kind: 'fence'
      readonly node: Code
      readonly info: FenceInfo & { readonly verb: NonNullable<FenceInfo['verb']> }
      /** Directly above it. */
      readonly comment?: HandrailComment
      /** The same for siblings: an expectation belongs to a fence of its own group. */
      readonly group: number
      readonly isNested: boolean
    }
  | { readonly kind: 'code'; readonly node: Code; readonly language: string; readonly isNested: false }
  | { readonly kind: 'task'; readonly node: ListItem; readonly paragraph: Paragraph; readonly isNested: true }
  | { readonly kind: 'alert'; readonly node: Blockquote; readonly alert: AlertKind; readonly isNested: false }
  | { readonly kind: 'comment'; readonly node: Html; readonly isNested: boolean }

export type AlertKind = 'note' | 'tip' | 'important' | 'warning' | 'caution'

export type SectionMarks = { readonly marks: readonly Mark[]; readonly comment?: HandrailComment }

export type MarksContext = {
  readonly source: SourceText
  readonly findings: Findings
  readonly fenced: ReadonlySet<Code>
  readonly closed: ReadonlySet<Code>
}

type Walk = MarksContext & { readonly marks: Mark[]; readonly nextGroup: { value: number } }

/** Finds all marks in what stands directly under a heading, and the comment that is the section's own. */
export function collectMarks(nodes: readonly Nodes[], context: MarksContext): SectionMarks {
  const walk: Walk = { ...context, marks: [], nextGroup: { value: 0 } }
  const first = nodes[0]
  const comment =
    first?.type === 'html' ? parseHandrailComment(first, context.source, context.findings) : undefined
  if (comment !== undefined && first?.type === 'html')
    walk.marks.push({ kind: 'comment', node: first, isNested: false })
  walkSiblings(first?.type === 'html' ? nodes.slice(1) : nodes, walk, false)
  return { marks: walk.marks, ...(comment === undefined ? {} : { comment }) }
}

function walkSiblings(nodes: readonly Nodes[], walk: Walk, isNested: boolean): void {
  const group = (walk.nextGroup.value += 1)
  let comment: HandrailComment | undefined
  for (const [index, node] of nodes.entries()) {
    if (node.type === 'html') {
      const found = parseHandrailComment(node, walk.source, walk.findings)
      if (found === undefined) continue
      walk.marks.push({ kind: 'comment', node, isNested })
      const next = nodes[index + 1]
      if (next?.type === 'code' && walk.fenced.has(next)) comment = found
      else reportMisplaced(found, walk)
    } else if (node.type === 'code') {
      visitCode(node, walk, { group, isNested, ...(comment === undefined ? {} : { comment }) })
      comment = undefined
    } else visitOther(node, walk, isNested)
  }
}

function visitOther(node: Nodes, walk: Walk, isNested: boolean): void {
  if (node.type === 'blockquote' && !isNested) {
    const alert = findAlert(node, walk.source)
    if (alert !== undefined) walk.marks.push({ kind: 'alert', node, alert, isNested: false })
  }
  if (node.type === 'listItem' && typeof node.checked === 'boolean' && node.children[0]?.type === 'paragraph')
    walk.marks.push({ kind: 'task', node, paragraph: node.children[0], isNested: true })
  if (node.type === 'paragraph') reportBrokenFence(node, walk)
  if (isInline(node)) reportInlineComments(node, walk)
  else if ('children' in node) walkSiblings(node.children, walk, true)
}

function visitCode(
  node: Code,
  walk: Walk,
  at: { readonly group: number; readonly isNested: boolean; readonly comment?: HandrailComment },
): void {
  const { source, findings } = walk
  if (!walk.fenced.has(node)) return
  if (!walk.closed.has(node)) {
    const hint = 'close it with a line of the same characters'
    findings.add('HR5016', source.positionAt(node.position?.start.offset ?? 0), {
      message: 'a fence is not closed',
      hint,
    })
  }
  const info = parseFenceInfo(node, source, findings)
  const { verb } = info
  if (verb !== undefined) walk.marks.push({ kind: 'fence', node, info: { ...info, verb }, ...at })
  else {
    if (at.comment !== undefined) {
      const message = 'a fence without a verb has options'
      findings.add('HR6109', source.positionAt(at.comment.at), {
        message,
        hint: 'add a verb behind the language',
      })
    }
    if (!at.isNested) walk.marks.push({ kind: 'code', node, language: info.language, isNested: false })
  }
}

function findAlert(node: Blockquote, source: SourceText): AlertKind | undefined {
  const first = node.children[0]
  if (first?.type !== 'paragraph') return undefined
  const from = first.position?.start.offset ?? 0
  const match = /^\[!(note|tip|important|warning|caution)\][ \t]*(?:\n|$)/i.exec(
    source.text.slice(from, first.position?.end.offset),
  )
  return match?.[1]?.toLowerCase() as AlertKind | undefined
}

function isInline(node: Nodes): boolean {
  return node.type === 'paragraph' || node.type === 'heading' || node.type === 'tableCell'
}

function reportInlineComments(node: Nodes, walk: Walk): void {
  if (node.type === 'html') {
    const found = parseHandrailComment(node, walk.source, walk.findings)
    if (found !== undefined) reportMisplaced(found, walk)
  } else if ('children' in node) for (const child of node.children) reportInlineComments(child, walk)
}

/** Reports comments in headings and other inline text, where they belong to nothing. */
export function reportCommentsWithin(node: Nodes, context: MarksContext): void {
  reportInlineComments(node, { ...context, marks: [], nextGroup: { value: 0 } })
}

function reportMisplaced(comment: HandrailComment, { source, findings }: Walk): void {
  findings.add('HR6003', source.positionAt(comment.at), {
    message: 'a handrail comment stands where it does not count',
    hint: 'put it on a line of its own, directly under a heading or directly above a fence',
  })
}

const BROKEN_FENCE = new RegExp(
  String.raw`^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*` +
    '(`{3,}[^`\\s]+[ \\t]+' +
    `(?:${VERBS.join('|')})\\b.*\`)`,
)

/** A backtick in the info string of a backtick fence makes a paragraph of it: nothing of it would run. */
function reportBrokenFence(node: Paragraph, { source, findings }: Walk): void {
  const first = node.position?.start.line ?? 1
  for (let line = first; line <= (node.position?.end.line ?? first); line += 1) {
    const match = BROKEN_FENCE.exec(source.lines[line - 1] ?? '')
    // Closed on the same line it is meant to be inline code.
    if (match === null || /[^`]`{3,}(?!`)/.test(match[1] ?? '')) continue
    const at = source.lineStart(line) + match[0].length - (match[1]?.length ?? 0)
    const message = 'a backtick in its info string keeps this from being a fence'
    findings.add('HR6002', source.positionAt(at), { message, hint: 'remove the backtick' })
  }
}
