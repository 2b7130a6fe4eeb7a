import type { StepId } from '../base/ids.ts'
import { brandAs } from '../base/ids.ts'
import { buildContent } from './build-content.ts'
import { buildFence, verbOf } from './build-fence.ts'
import { buildStep } from './build-step.ts'
import type { ClassifiedSection } from './classify-sections.ts'
import { assignIds } from './classify-sections.ts'
import { dropAbsent, mergeInherited, selectInherited } from './inherited-options.ts'
import type { Mark, MarksContext } from './marks.ts'
import type { InheritedOptions, Phase, Section } from './model.ts'
import type { OptionValues } from './option-table.ts'
import { readOptions } from './read-options.ts'

/** What is handed down to the sections of one level. */
export type Around = { readonly options: InheritedOptions; readonly phases: readonly StepId[] }

export type SectionsContext = MarksContext & {
  readonly ids: ReadonlyMap<ClassifiedSection, string>
  readonly values: ReadonlyMap<ClassifiedSection, OptionValues>
}

/** Builds the sections of the model: ids given, options inherited, fences and expectations in their steps. */
export function buildSections(
  classified: readonly ClassifiedSection[],
  options: InheritedOptions,
  marksContext: MarksContext,
): readonly Section[] {
  const values = readAllOptions(classified, marksContext)
  const ids = assignIds(classified, selectWrittenIds(values, marksContext))
  const context = { ...marksContext, ids, values }
  return classified.map((section) => buildSection(section, { options, phases: [] }, context))
}

function readAllOptions(sections: readonly ClassifiedSection[], context: MarksContext) {
  const values = new Map<ClassifiedSection, OptionValues>()
  const visit = (section: ClassifiedSection): void => {
    const { found, kind, children } = section
    if (kind !== 'prose')
      values.set(section, readOptions(found.comment?.words ?? [], { ...context, place: kind }))
    children.forEach(visit)
  }
  sections.forEach(visit)
  return values
}

function selectWrittenIds(
  values: ReadonlyMap<ClassifiedSection, OptionValues>,
  { source, findings }: MarksContext,
) {
  const written = new Map<ClassifiedSection, string>()
  const seen = new Set<string>()
  for (const [section, { id }] of values) {
    if (id === undefined) continue
    if (!seen.has(id)) written.set(section, id)
    else {
      const word = section.found.comment?.words.find((word) => word.name === 'id')
      const message = `the id \`${id}\` is given twice`
      findings.add('HR5014', source.positionAt(word?.at ?? section.at), {
        message,
        hint: 'choose another id',
      })
    }
    seen.add(id)
  }
  return written
}

function buildSection(section: ClassifiedSection, around: Around, context: SectionsContext): Section {
  const { outline, kind, found } = section
  const own = context.values.get(section) ?? {}
  const id = brandAs<StepId>(context.ids.get(section) ?? '')
  const options = mergeInherited(around.options, selectInherited(own))
  const phases = kind === 'phase' ? [...around.phases, id] : around.phases
  const children = section.children.map((child) => buildSection(child, { options, phases }, context))
  const span = context.source.spanOf(section.at, outline.heading.position?.end.offset ?? section.at)
  const base = { kind, heading: outline.title, depth: outline.heading.depth, span, children }
  const content = (indexOf: (mark: Mark) => number | undefined) =>
    buildContent(outline.nodes, found.marks, { source: context.source, indexOf })
  if (kind === 'step') {
    const { step, indexOf } = buildStep(section, { id, span, own, options, phases }, context)
    return { ...base, id, content: content(indexOf), step }
  }
  if (kind === 'prose') return { ...base, content: content(() => undefined) }
  const { phase, indexOf } = buildPhase(section, { id, own, options, around }, context)
  return { ...base, id, content: content(indexOf), phase }
}

type PhaseParts = {
  readonly id: StepId
  readonly own: OptionValues
  readonly options: InheritedOptions
  readonly around: Around
}

function buildPhase({ outline, found }: ClassifiedSection, parts: PhaseParts, context: SectionsContext) {
  const { id, own, options, around } = parts
  const marks = found.marks.filter((mark) => mark.kind === 'fence' && verbOf(mark) === 'fixture')
  const fixtures = marks.flatMap((mark) =>
    mark.kind === 'fence' ? [buildFence(mark, options, context)] : [],
  )
  const { when, window } = around.options
  const passedOn = mergeInherited(dropAbsent({ when, window }), selectInherited(own))
  const phase: Phase = {
    id,
    title: outline.title,
    options,
    serialUnit: own.order === 'serial',
    fixtures,
    when: options.when ?? [],
    ...(own.runbook === undefined ? {} : { runbook: own.runbook, passedOn }),
  }
  const indexOf = (mark: Mark) => (marks.includes(mark) ? marks.indexOf(mark) : undefined)
  return { phase, indexOf }
}
