import { slugify } from '../base/slugify.ts'
import { hasUnreadWord } from './findings.ts'
import type { SectionMarks, MarksContext } from './marks.ts'
import { collectMarks, reportCommentsWithin } from './marks.ts'
import { verbOf } from './build-fence.ts'
import { isOptionName } from './option-table.ts'
import type { OutlineSection } from './outline.ts'
import { readOptions } from './read-options.ts'

/** A section of the outline with what it holds, and what it therefore is. */
export type ClassifiedSection = {
  readonly outline: OutlineSection
  readonly kind: 'prose' | 'phase' | 'step'
  readonly found: SectionMarks
  /** Offset of the heading. */
  readonly at: number
  readonly children: readonly ClassifiedSection[]
}

/**
 * A section that directly holds something to do is a step; one that only holds steps, or calls a runbook, is a
 * phase; any other is prose. Contradictions are reported.
 */
export function classifySections(
  sections: readonly OutlineSection[],
  context: MarksContext,
): readonly ClassifiedSection[] {
  return sections.map((outline) => {
    const children = classifySections(outline.children, context)
    reportCommentsWithin(outline.heading, context)
    const found = collectMarks(outline.nodes, context)
    const at = outline.heading.position?.start.offset ?? 0
    const section = { outline, found, at, children, kind: kindOf(found, children) }
    reportContradictions(section, context)
    return section
  })
}

function kindOf(found: SectionMarks, children: readonly ClassifiedSection[]): ClassifiedSection['kind'] {
  if (isDoing(found)) return 'step'
  const isCalling = found.comment?.words.some((word) => word.name === 'runbook') === true
  return isCalling || children.some((child) => child.kind !== 'prose') ? 'phase' : 'prose'
}

function isDoing({ marks }: SectionMarks): boolean {
  return marks.some((mark) => mark.kind === 'task' || (mark.kind === 'fence' && verbOf(mark) !== 'fixture'))
}

function reportContradictions(section: ClassifiedSection, { source, findings }: MarksContext): void {
  const { found, children, kind, outline } = section
  const at = source.positionAt(section.at)
  const isCalling = found.comment?.words.some((word) => word.name === 'runbook') === true
  if (kind === 'step' && (isCalling || children.some((child) => child.kind !== 'prose'))) {
    const inner = isCalling ? 'calls a runbook' : 'holds steps'
    const message = `"${outline.title}" holds something to do itself, and ${inner}`
    findings.add('HR5012', at, { message, hint: 'put what is to be done under a heading of its own' })
  }
  if (kind !== 'prose') return
  const unknown = found.comment?.words.filter((word) => !isOptionName(word.name)) ?? []
  readOptions(unknown, { source, findings, place: 'step' })
  const fixture = found.marks.find((mark) => mark.kind === 'fence')
  if (fixture?.kind === 'fence') {
    const message = `the temporary file in "${outline.title}" serves no step`
    const hint = 'move it into the step, or directly under the heading of the phase, that needs it'
    findings.add('HR5017', source.positionAt(fixture.info.at), { message, hint })
  } else if (found.comment !== undefined && !hasUnreadWord(findings)) {
    const message = `"${outline.title}" has options, but holds nothing to do`
    const hint = 'mark a fence in it with a verb, or remove the comment'
    findings.add('HR6207', source.positionAt(found.comment.at), { message, hint })
  }
}

/**
 * Ids of all phases and steps, in document order: the written one, else the slugs of the headings joined by `.`,
 * with `-2`, `-3`, … on collision.
 */
export function assignIds(
  sections: readonly ClassifiedSection[],
  writtenIds: ReadonlyMap<ClassifiedSection, string>,
): ReadonlyMap<ClassifiedSection, string> {
  const ids = new Map<ClassifiedSection, string>()
  const taken = new Set(writtenIds.values())
  const next = new Map<string, number>()
  const visit = (section: ClassifiedSection, outer: readonly string[]): void => {
    const slugs = [...outer, slugify(section.outline.title) || 'section']
    if (section.kind !== 'prose') {
      const id = writtenIds.get(section) ?? findFreeId(slugs.join('.'), taken, next)
      taken.add(id)
      ids.set(section, id)
    }
    for (const child of section.children) visit(child, slugs)
  }
  for (const section of sections) visit(section, [])
  return ids
}

/** `next` remembers where the numbers of a slug go on. */
function findFreeId(wanted: string, taken: ReadonlySet<string>, next: Map<string, number>): string {
  if (!taken.has(wanted)) return wanted
  let number = next.get(wanted) ?? 2
  while (taken.has(`${wanted}-${number}`)) number += 1
  next.set(wanted, number + 1)
  return `${wanted}-${number}`
}
