import type { Diagnostic, Parsed } from '../base/diagnostic.ts'
import type { HashText } from '../base/hash.ts'
import type { HostName, StepId } from '../base/ids.ts'
import type { Scope, Value } from '../expr/value.ts'
import { LATE_ROOTS } from '../expr/value.ts'
import { inventoryScope } from '../inventory/inventory-scope.ts'
import type { Inventory } from '../inventory/model.ts'
import type { Selector } from '../inventory/selector-model.ts'
import { selectHosts } from '../inventory/select-hosts.ts'
import type { LinkedRunbook } from '../runbook/linked-runbook.ts'
import { buildPlanStep } from './build-plan-step.ts'
import { checkRendering } from './check-rendering.ts'
import { decideLimit } from './limit-steps.ts'
import type { Plan, PlanStep, PlanUnit } from './model.ts'
import { buildDigester } from './plan-digest.ts'
import type { PlanSource, StepSource } from './plan-source.ts'
import { keepPlanSource } from './plan-source.ts'
import type { StepContext } from './step-context.ts'
import type { ResolvedParams } from './resolve-params.ts'

/** What a plan is a function of. */
export type PlanRequest = {
  readonly linked: LinkedRunbook
  readonly inventory: Inventory
  readonly params: ResolvedParams
  readonly hash: HashText
  /** `--limit`: work on no other hosts. */
  readonly limit?: Selector
  /** `--only STEP` and `--from STEP`: the other steps are skipped. */
  readonly only?: string
  readonly from?: string
}

/**
 * Works out what runs where and in which order. The plan is always complete enough to be shown; with an error
 * among the diagnostics it may not run. Nothing of it depends on time or on a host.
 */
export function buildPlan(request: PlanRequest): Parsed<Plan> {
  const { linked, inventory, params, hash } = request
  const scope = buildScope(params, inventory)
  const late = new Set([...LATE_ROOTS, ...params.missing])
  const diagnostics: Diagnostic[] = []
  const digester = buildDigester({ linked, inventory, scope, late }, hash)
  const limited = decideLimit(linked.steps, request)
  diagnostics.push(...limited.diagnostics)
  const context: StepContext = {
    linked,
    inventory,
    scope,
    late,
    digester,
    limited: limited.value,
    limit: limitHosts(request, diagnostics),
    selections: new Map(),
    hostLists: new Map(),
    diagnostics,
  }
  const sources = new Map<StepId, StepSource>()
  const steps: PlanStep[] = []
  for (const [index, step] of linked.steps.entries()) {
    const built = buildPlanStep(step, index, context)
    steps.push(built.planned)
    sources.set(built.planned.id, built.source)
  }
  const units = buildUnits(linked, steps)
  const plan: Plan = {
    runbook: { path: linked.root.path, sha256: linked.root.sha256, title: linked.root.title },
    inventory,
    params: params.values,
    steps,
    units,
    digest: digester.plan(steps, units),
  }
  const source: PlanSource = { linked, inventory, scope, late, steps: sources }
  keepPlanSource(plan, source)
  diagnostics.push(...checkRendering(plan, source))
  return { value: plan, diagnostics }
}

function buildScope(params: ResolvedParams, inventory: Inventory): Scope {
  const scope: { [root: string]: Value } = Object.create(null)
  return Object.assign(scope, params.values, { params: params.values }, inventoryScope(inventory))
}

function limitHosts({ limit, inventory }: PlanRequest, diagnostics: Diagnostic[]) {
  if (limit === undefined) return undefined
  const selected = selectHosts(limit, inventory, '--limit')
  diagnostics.push(...selected.diagnostics)
  return new Set<HostName>(selected.value.map((host) => host.name))
}

/** A serial phase takes all its steps on one host before the next; the outermost such phase counts. */
function buildUnits(linked: LinkedRunbook, steps: readonly PlanStep[]): readonly PlanUnit[] {
  const units: PlanUnit[] = []
  let open: { phase: StepId; members: PlanStep[] } | undefined
  const close = () => {
    if (open === undefined) return
    const { phase, members } = open
    const wanted = new Set(members.flatMap((step) => step.hosts))
    const longest = members.reduce((best, step) => (step.hosts.length > best.hosts.length ? step : best))
    const hosts = [...new Set([...longest.hosts, ...wanted])]
    units.push({ kind: 'serial-phase', phase, steps: members.map((step) => step.id), hosts })
    open = undefined
  }
  for (const step of steps) {
    const phase = step.phases.find((id) => linked.phases.get(id)?.serialUnit === true)
    if (phase !== open?.phase) close()
    if (phase === undefined) units.push({ kind: 'step', step: step.id })
    else if (open === undefined) open = { phase, members: [step] }
    else open.members.push(step)
  }
  close()
  return units
}
