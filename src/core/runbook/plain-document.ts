import { buildContent } from './build-content.ts'
import { buildFindings } from './findings.ts'
import type { Mark, MarksContext } from './marks.ts'
import { collectMarks } from './marks.ts'
import type { Section } from './model.ts'
import type { Outline, OutlineSection } from './outline.ts'

/** Sections of a document that is only shown: all prose, every fence code. Nothing in it is reported. */
export function buildPlainSections(outline: Outline, context: MarksContext) {
  const silent: MarksContext = { ...context, findings: buildFindings(context.findings.file) }
  const marks: Mark[] = []
  const show = (nodes: OutlineSection['nodes']) => {
    const found = collectMarks(nodes, silent).marks
    marks.push(...found)
    return buildContent(nodes, found.flatMap(showAsCode), {
      source: context.source,
      indexOf: () => undefined,
    })
  }
  const build = (section: OutlineSection): Section => ({
    kind: 'prose',
    heading: section.title,
    depth: section.heading.depth,
    span: context.source.spanOf(
      section.heading.position?.start.offset ?? 0,
      section.heading.position?.end.offset ?? 0,
    ),
    content: show(section.nodes),
    children: section.children.map(build),
  })
  const preamble = show(outline.preamble)
  return { preamble, sections: outline.sections.map(build), marks }
}

/** Whether a mark would do something in a runbook; checklists are ordinary Markdown. */
export function isMarked(mark: Mark): boolean {
  return mark.kind === 'fence' || mark.kind === 'comment'
}

function showAsCode(mark: Mark): Mark[] {
  if (mark.kind === 'code' || mark.kind === 'alert') return [mark]
  if (mark.kind !== 'fence' || mark.isNested) return []
  return [{ kind: 'code', node: mark.node, language: mark.info.language, isNested: false }]
}
