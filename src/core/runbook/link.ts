import type { Diagnostic, Parsed } from '../base/diagnostic.ts'
import type { StepId } from '../base/ids.ts'
import { brandAs } from '../base/ids.ts'
import { suggestHint } from '../base/suggest-name.ts'
import type { RunbookCode } from './codes.ts'
import type { Finding } from './findings.ts'
import { buildFindings } from './findings.ts'
import { mergeInherited } from './inherited-options.ts'
import { passOnToPhase, passOnToStep } from './link-inherited.ts'
import type { LinkedRunbook, LinkedStep } from './linked-runbook.ts'
import type { InheritedOptions, Param, Phase, Runbook, RunbookReference, Section } from './model.ts'
import { resolveRunbookPath } from './resolve-runbook-path.ts'
import { listPhases } from './walk-runbook.ts'

/** Most steps of a runbook with all that it calls: two that call each other's callees twice grow as 2ⁿ. */
const MAX_LINKED_STEPS = 10_000

/** Gives the runbook at a path (relative to the same place as the root's path), or undefined if there is none. */
export type LoadRunbook = (path: string) => Runbook | undefined

/**
 * Puts all runbooks that a runbook refers to in place. Missing files and phases, circles, parameters of another
 * type and ids that collide are errors; what they spoil is left out. `needs` of called runbooks is not looked at.
 */
export function linkRunbook(root: Runbook, load: LoadRunbook): Parsed<LinkedRunbook> {
  const link: Link = {
    load,
    runbooks: new Map([[root.path, root]]),
    params: new Map(root.params.map((param) => [param.name, param])),
    steps: [],
    phases: new Map(),
    ids: new Set(),
    diagnostics: [],
  }
  linkSections(
    root.sections,
    { runbook: root, prefix: '', phases: [], passed: {}, callers: [resolveRunbookPath('', root.path)] },
    link,
  )
  const { runbooks, params, steps, phases } = link
  return {
    value: { root, runbooks, params: [...params.values()], steps, phases },
    diagnostics: link.diagnostics,
  }
}

type Link = {
  readonly load: LoadRunbook
  readonly runbooks: Map<string, Runbook>
  readonly params: Map<string, Param>
  readonly steps: LinkedStep[]
  readonly phases: Map<StepId, Phase>
  readonly ids: Set<string>
  readonly diagnostics: Diagnostic[]
}

/** The place in which sections are put. */
type Inside = {
  readonly runbook: Runbook
  /** With its dot, e.g. `deps.`; empty in the root. */
  readonly prefix: string
  /** Of the callers, outermost first. */
  readonly phases: readonly StepId[]
  readonly passed: InheritedOptions
  /** Paths of the runbooks that are open, to find circles. */
  readonly callers: readonly string[]
}

function linkSections(sections: readonly Section[], inside: Inside, link: Link): void {
  for (const section of sections) {
    if (section.phase !== undefined) linkPhase(section.phase, inside, link)
    if (section.step !== undefined && link.steps.length < MAX_LINKED_STEPS) {
      const { step } = section
      const phases = [...inside.phases, ...step.phases.map((id) => addPrefix(inside, id))]
      const id = addPrefix(inside, step.id)
      const linked = { ...passOnToStep(step, inside.passed), id, phases }
      if (claimId(id, section, { inside, link }))
        link.steps.push({ step: linked, runbook: inside.runbook, localId: step.id })
    }
    linkSections(section.children, inside, link)
  }
}

function linkPhase(phase: Phase, inside: Inside, link: Link): void {
  addPhase(phase, inside, link)
  if (phase.runbook === undefined) return
  const called = openRunbook(phase.runbook, inside, link)
  if (called === undefined) return
  const id = addPrefix(inside, phase.id)
  const path = findPath(inside.runbook.sections, phase.id) ?? []
  const around = path.flatMap((section) => section.phase?.id ?? []).map((id) => addPrefix(inside, id))
  const within: Inside = {
    runbook: called,
    prefix: `${id}.`,
    phases: [...inside.phases, ...around],
    passed: mergeInherited(inside.passed, phase.passedOn ?? {}),
    callers: [...inside.callers, called.path],
  }
  shareParams(called, phase.runbook, { inside, link })
  linkSections(selectSections(called, phase.runbook, { inside, within, link }), within, link)
}

function addPhase(phase: Phase, inside: Inside, link: Link): void {
  const id = addPrefix(inside, phase.id)
  link.phases.set(id, { ...passOnToPhase(phase, inside.passed), id })
  link.ids.add(id)
}

type At = { readonly inside: Inside; readonly link: Link }

function claimId(id: StepId, section: Section, { inside, link }: At): boolean {
  if (!link.ids.has(id)) {
    link.ids.add(id)
    return true
  }
  const message = `the id \`${id}\` is taken once all runbooks are in place`
  report(
    'HR5205',
    { runbook: inside.runbook, at: section, link },
    { message, hint: 'give one of the two another id' },
  )
  return false
}

function openRunbook(reference: RunbookReference, inside: Inside, link: Link): Runbook | undefined {
  const { runbook } = inside
  const fail = (code: RunbookCode, message: string, hint: string): undefined =>
    report(code, { runbook, at: reference, link }, { message, hint })
  const path = resolveRunbookPath(runbook.path, reference.path)
  if (inside.callers.includes(path)) {
    const circle = [...inside.callers.slice(inside.callers.indexOf(path)), path].join(' → ')
    return fail(
      'HR5203',
      `runbooks refer to each other in a circle: ${circle}`,
      'remove one of the references',
    )
  }
  if (link.steps.length >= MAX_LINKED_STEPS)
    return fail('HR5207', `there are more than ${MAX_LINKED_STEPS} steps`, 'split the run')
  const found = link.runbooks.get(path) ?? link.load(path)
  if (found === undefined) return fail('HR5201', `there is no runbook \`${path}\``, 'correct the path')
  link.runbooks.set(path, found)
  if (found.version !== undefined) return { ...found, path }
  return fail(
    'HR5206',
    `\`${path}\` is a plain document, no runbook`,
    'it needs `handrail: 1` in its front matter',
  )
}

function selectSections(
  called: Runbook,
  { phase: wanted, span }: RunbookReference,
  { inside, within, link }: At & { readonly within: Inside },
): readonly Section[] {
  if (wanted === undefined) return called.sections
  const path = findPath(called.sections, wanted)
  const section = path?.at(-1)
  if (path !== undefined && section?.phase !== undefined) {
    for (const outer of path.slice(0, -1)) if (outer.phase !== undefined) addPhase(outer.phase, within, link)
    return [section]
  }
  const hint =
    suggestHint(
      wanted,
      listPhases(called).map(({ id }) => id),
    ) ?? 'use the id of one of its phases'
  const message = `\`${called.path}\` has no phase \`${wanted}\``
  report('HR5202', { runbook: inside.runbook, at: { span }, link }, { message, hint })
  return []
}

/** From the outermost section down to the one with the id. */
function findPath(sections: readonly Section[], id: string): readonly Section[] | undefined {
  for (const section of sections) {
    if (section.id === id) return [section]
    const below = findPath(section.children, id)
    if (below !== undefined) return [section, ...below]
  }
  return undefined
}

function shareParams(called: Runbook, at: RunbookReference, { inside, link }: At): void {
  for (const param of called.params) {
    const known = link.params.get(param.name)
    if (known === undefined) link.params.set(param.name, param)
    else if (known.type !== param.type) {
      const message = `\`${param.name}\` is of type ${known.type} here, and of type ${param.type} in \`${called.path}\``
      const hint = 'rename one of the two, or give both the same type'
      report('HR5204', { runbook: inside.runbook, at, link }, { message, hint })
    }
  }
}

function addPrefix({ prefix }: Inside, id: StepId): StepId {
  return brandAs<StepId>(`${prefix}${id}`)
}

type Place = { readonly runbook: Runbook; readonly at: Pick<Section, 'span'>; readonly link: Link }

function report(code: RunbookCode, { runbook, at, link }: Place, finding: Finding): undefined {
  const findings = buildFindings(runbook.path)
  findings.add(code, at.span.start, finding)
  link.diagnostics.push(...findings.list)
}
