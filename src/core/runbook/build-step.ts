import type { Span } from '../base/diagnostic.ts'
import type { StepId } from '../base/ids.ts'
import type { FenceMark } from './build-fence.ts'
import { buildExpectation, buildFence } from './build-fence.ts'
import type { ClassifiedSection } from './classify-sections.ts'
import { dropAbsent } from './inherited-options.ts'
import type { Mark, MarksContext } from './marks.ts'
import type { Danger, Fence, FenceVerb, InheritedOptions, ManualItem, Step } from './model.ts'
import type { OptionValues } from './option-table.ts'
import { reportStep } from './report-step.ts'

export type StepParts = {
  readonly id: StepId
  readonly span: Span
  readonly own: OptionValues
  readonly options: InheritedOptions
  readonly phases: readonly StepId[]
}

/** Verbs whose fences change something. */
export const ACTION_VERBS: ReadonlySet<FenceVerb> = new Set(['run', 'edit', 'file'])
/** Verbs whose fences only look. */
export const PROBE_VERBS: ReadonlySet<FenceVerb> = new Set(['check', 'verify', 'require'])

/** Builds a step; expectations are folded into the fence before them. `indexOf` finds a mark's fence or item. */
export function buildStep(section: ClassifiedSection, parts: StepParts, context: MarksContext) {
  const { own, options } = parts
  const { fences, indexes } = buildFences(section.found.marks, options, context)
  const manual = buildManual(section.found.marks, context)
  for (const [index, { mark }] of manual.entries()) indexes.set(mark, index)
  const step: Step = {
    id: parts.id,
    title: section.outline.title,
    span: parts.span,
    phases: parts.phases,
    options,
    danger: own.danger ?? deriveDanger(fences),
    confirmEach: own['confirm-each'] === true,
    eachHost: own['each-host'] === true,
    covers: own.covers ?? [],
    fences,
    manual: manual.map(({ item }) => item),
    ...dropAbsent({
      confirm: own.confirm,
      takes: own.takes,
      noUndoReason: own.undo === 'none' ? own.reason : undefined,
    }),
  }
  reportStep(step, { own, comment: section.found.comment, context })
  return { step, indexOf: (mark: Mark) => indexes.get(mark) }
}

/** What a step does to a host, if the author says nothing else. A checklist is a person's doing. */
function deriveDanger(fences: readonly Fence[]): Danger {
  return fences.some((fence) => ACTION_VERBS.has(fence.verb)) ? 'change' : 'read'
}

function buildFences(marks: readonly Mark[], options: InheritedOptions, context: MarksContext) {
  const fences: Fence[] = []
  const indexes = new Map<Mark, number>()
  const lastOfGroup = new Map<number, number>()
  for (const mark of marks) {
    if (mark.kind !== 'fence') continue
    if (mark.info.verb === 'expect') {
      foldExpectation(mark, { fences, index: lastOfGroup.get(mark.group) }, context)
      continue
    }
    const index = fences.push(buildFence(mark, options, context)) - 1
    indexes.set(mark, index)
    lastOfGroup.set(mark.group, index)
  }
  return { fences, indexes }
}

function foldExpectation(
  mark: FenceMark,
  target: { readonly fences: Fence[]; readonly index: number | undefined },
  context: MarksContext,
): void {
  const expectation = buildExpectation(mark, context)
  const fence = target.index === undefined ? undefined : target.fences[target.index]
  const isPrinting = fence !== undefined && (PROBE_VERBS.has(fence.verb) || fence.verb === 'run')
  if (target.index === undefined || !isPrinting || fence.language === 'cel') {
    const message = 'an `expect` does not follow a probe or a `run`'
    const hint = 'put it directly behind the fence whose output it is about, at the same level'
    context.findings.add('HR6205', context.source.positionAt(mark.info.at), { message, hint })
    return
  }
  target.fences[target.index] = { ...fence, expectations: [...fence.expectations, expectation] }
}

function buildManual(marks: readonly Mark[], { source }: MarksContext): { mark: Mark; item: ManualItem }[] {
  const tasks = marks.flatMap((mark) => (mark.kind === 'task' ? [mark] : []))
  return tasks.map((mark, index) => {
    const { start, end } = mark.paragraph.position ?? { start: { offset: 0 }, end: { offset: 0 } }
    const to = end.offset ?? 0
    // The parser counts the box in when markup follows it.
    const box = /^\[[ xX]\]\s+/.exec(source.text.slice(start.offset, to))?.[0].length ?? 0
    const from = (start.offset ?? 0) + box
    const lines = source.text.slice(from, to).split('\n')
    const text = lines.map((line) => line.trim().replace(/^(?:> ?)+/, '')).join(' ')
    return { mark, item: { text: text.trim(), span: source.spanOf(from, to), number: index + 1 } }
  })
}
