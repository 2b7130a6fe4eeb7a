import { LOCAL_HOST } from '../base/ids.ts'
import { diagnosticAt } from '../base/place.ts'
import { renderTemplate } from '../expr/render-template.ts'
import { displayRendered } from '../expr/rendered-text.ts'
import type { Value } from '../expr/value.ts'
import { hostList } from '../inventory/inventory-scope.ts'
import type { Host } from '../inventory/model.ts'
import { LOCAL, pickHosts, selectHosts } from '../inventory/select-hosts.ts'
import type { LinkedStep } from '../runbook/linked-runbook.ts'
import { BUILT_IN_LANGUAGES } from '../runbook/languages.ts'
import { hostStepScope } from './host-step-scope.ts'
import type { PlanStep } from './model.ts'
import { decideMaxFailures, decideOrder, orderHosts } from './order-hosts.ts'
import type { PlanSource, StepSource } from './plan-source.ts'
import { countFences, decideRepeat } from './repeat-class.ts'
import { interpreterOf } from './render-fence.ts'
import { selectByCondition } from './select-by-condition.ts'
import type { StepContext } from './step-context.ts'

/** Plans one step: where it runs, in which order, and whether at all. */
export function buildPlanStep(
  linked: LinkedStep,
  index: number,
  context: StepContext,
): { readonly planned: PlanStep; readonly source: StepSource } {
  const { step } = linked
  const { options } = step
  const targets = selectTargets(linked, context)
  const fixtures = [
    ...step.phases.flatMap((id) => context.linked.phases.get(id)?.fixtures ?? []),
    ...step.fences.filter((fence) => fence.verb === 'fixture'),
  ]
  const source: StepSource = { linked, targets, hostsValue: listHosts(targets, context), fixtures }
  const planSource: Omit<PlanSource, 'steps'> = context
  const selected = selectWorkHosts(source, context)
  const ordered = orderHosts(selected.hosts, options.by)
  reportInterpreters(source, context)
  const confirmWord = resolveConfirm(source, { ...planSource, steps: new Map() }, context)
  const maxFailures = decideMaxFailures(step.danger, options.maxFailures)
  const planned: Omit<PlanStep, 'hash' | 'content'> = {
    id: step.id,
    index,
    title: step.title,
    phaseTitles: step.phases.map((id) => context.linked.phases.get(id)?.title ?? id),
    phases: step.phases,
    danger: step.danger,
    order: decideOrder(step.danger, options),
    ...(options.by === undefined ? {} : { by: options.by }),
    ...(options.batch === undefined ? {} : { batch: options.batch }),
    ...(maxFailures === undefined ? {} : { maxFailures }),
    hosts: ordered.hosts.map((host) => host.name),
    groups: ordered.groups,
    ...(selected.skipped === undefined ? {} : { skipped: selected.skipped }),
    pickAny: options.pick === 'any',
    ...(confirmWord === undefined ? {} : { confirmWord }),
    confirmEach: step.confirmEach,
    ...(step.takes === undefined ? {} : { takes: step.takes }),
    ...(options.window === undefined ? {} : { window: options.window }),
    covers: step.covers,
    manual: step.manual,
    eachHost: step.eachHost,
    ...(step.noUndoReason === undefined ? {} : { noUndoReason: step.noUndoReason }),
    repeat: decideRepeat(step.fences),
    touches: countFences(step.fences, fixtures.length),
  }
  return {
    planned: { ...planned, hash: context.digester.step(source, planned), content: contentOf(linked) },
    source,
  }
}

const contents = new WeakMap<LinkedStep, PlanStep['content']>()

/** What is shown of a step: the content of its section. */
function contentOf(linked: LinkedStep): PlanStep['content'] {
  const known = contents.get(linked)
  if (known !== undefined) return known
  const find = (sections: LinkedStep['runbook']['sections']): PlanStep['content'] | undefined => {
    for (const section of sections) {
      const found = section.id === linked.localId ? section.content : find(section.children)
      if (found !== undefined) return found
    }
    return undefined
  }
  const content = find(linked.runbook.sections) ?? []
  contents.set(linked, content)
  return content
}

function listHosts(targets: readonly Host[], context: StepContext): Value {
  const known = context.hostLists.get(targets)
  if (known !== undefined) return known
  const list = hostList(context.inventory, targets)
  context.hostLists.set(targets, list)
  return list
}

function selectTargets(linked: LinkedStep, context: StepContext): readonly Host[] {
  const { step, runbook } = linked
  const { on } = step.options
  if (on === undefined) {
    const touching = step.fences.find((fence) => fence.language !== 'cel' && fence.options.on !== 'local')
    if (touching !== undefined)
      context.diagnostics.push(
        diagnosticAt(runbook.path, step.span.start, {
          code: 'HR4001',
          message: `\`${step.title}\` does not say on which hosts it works.`,
          hint: 'Add `on=…` to its options: names of hosts, roles, datacenters, racks or tags; `all`; `local`.',
        }),
      )
    return touching === undefined ? [LOCAL] : []
  }
  const known = context.selections.get(on.source)
  if (known !== undefined) return known
  const selected = selectHosts(on, context.inventory, runbook.path)
  context.diagnostics.push(...selected.diagnostics)
  context.selections.set(on.source, selected.value)
  return selected.value
}

function selectWorkHosts(
  source: StepSource,
  context: StepContext,
): { readonly hosts: readonly Host[]; readonly skipped?: PlanStep['skipped'] } {
  const { step } = source.linked
  const { limit, limited } = context
  const left = limited.get(step.id)
  const picked = pickHosts(step.options.pick ?? 'all', source.targets)
  const within =
    limit === undefined ? picked : picked.filter(({ name }) => name === LOCAL_HOST || limit.has(name))
  if (left !== undefined) return { hosts: within, skipped: { kind: 'limit', detail: left } }
  if (picked.length === 0) {
    warnNoHost(source, context)
    const detail = `\`${step.options.on?.source ?? ''}\` selects no host`
    return { hosts: [], skipped: { kind: 'no-host', detail } }
  }
  if (within.length === 0)
    return { hosts: [], skipped: { kind: 'limit', detail: 'no host of it is within --limit' } }
  return selectByCondition(source, within, context)
}

function warnNoHost(source: StepSource, context: StepContext): void {
  const { step, runbook } = source.linked
  if (step.options.on === undefined) return
  context.diagnostics.push(
    diagnosticAt(runbook.path, step.span.start, {
      code: 'HR4002',
      severity: 'warning',
      message: `\`${step.title}\` selects no host (on=${step.options.on.source}); it is skipped.`,
    }),
  )
}

function reportInterpreters(source: StepSource, context: StepContext): void {
  const { step, runbook } = source.linked
  for (const fence of step.fences) {
    const isFile = fence.verb === 'edit' || fence.verb === 'file' || fence.verb === 'fixture'
    const name = fence.options.interpreter ?? fence.language
    if (isFile || BUILT_IN_LANGUAGES.has(name) || interpreterOf(fence, { step: source }) !== undefined)
      continue
    context.diagnostics.push(
      diagnosticAt(runbook.path, fence.span.start, {
        code: 'HR4003',
        message: `No interpreter is given for \`${name}\`.`,
        hint: `Add it to the front matter: interpreters: { ${name}: "COMMAND" }.`,
      }),
    )
  }
}

function resolveConfirm(source: StepSource, plan: PlanSource, context: StepContext): string | undefined {
  const { step, runbook } = source.linked
  if (step.confirm === undefined) return undefined
  const host = source.targets[0]?.name ?? LOCAL_HOST
  const scope = hostStepScope(plan, source, { host })
  const rendered = renderTemplate(step.confirm, { scope, style: 'plain', file: runbook.path })
  if (rendered.ok) return displayRendered(rendered.rendered)
  context.diagnostics.push(...rendered.diagnostics)
  return undefined
}
