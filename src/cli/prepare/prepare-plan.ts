import { resolve } from 'node:path'
import { loadInventory, type LoadedInventory } from '../../adapters/files/load-inventory.ts'
import { loadRunbook, type LoadedRunbook } from '../../adapters/files/load-runbook.ts'
import { readLabNote, type LabNote } from '../../adapters/lab/process/lab-directory.ts'
import { hashText } from '../../adapters/journal/hash-text.ts'
import type { SnapshotFile } from '../../adapters/journal/snapshot.ts'
import type { Diagnostic, Severity } from '../../core/base/diagnostic.ts'
import { diagnosticAt, startOfFile } from '../../core/base/place.ts'
import { checkWaivers, evaluateRules } from '../../core/inventory/evaluate-rules.ts'
import type { Inventory } from '../../core/inventory/model.ts'
import { parseSelector } from '../../core/inventory/parse-selector.ts'
import { buildPlan } from '../../core/plan/build-plan.ts'
import type { Plan } from '../../core/plan/model.ts'
import type { ResolvedParams } from '../../core/plan/resolve-params.ts'
import { resolveParams } from '../../core/plan/resolve-params.ts'
import type { LinkedRunbook } from '../../core/runbook/linked-runbook.ts'
import { lintRunbook } from '../../core/runbook/lint-runbook.ts'
import { checkNeeds } from './check-needs.ts'

/** What a plan is made from. It is kept with a run, so that the same plan can be made again. */
export type PlanInputs = {
  /** Folder that the paths are relative to: a run is resumed from anywhere. */
  readonly cwd: string
  readonly runbook: string
  readonly inventory: string
  readonly given: { readonly [name: string]: unknown }
  readonly only?: string
  readonly from?: string
  readonly limit?: string
}

/** A plan with all that was found on the way to it. */
export type PreparedPlan = {
  readonly inputs: PlanInputs
  readonly linked: LinkedRunbook
  readonly inventory: Inventory
  readonly params: ResolvedParams
  readonly plan: Plan
  /** The exact texts of everything that it was made from. */
  readonly files: readonly SnapshotFile[]
  readonly waivers: readonly string[]
  /** Practice hosts: which beginning of theirs this is. */
  readonly lab: string | undefined
}

export type PrepareResult = {
  /** Absent where errors leave nothing to plan. */
  readonly prepared: PreparedPlan | undefined
  readonly diagnostics: readonly Diagnostic[]
}

export type PrepareOptions = {
  readonly stateDirectory: string
  /** Runbooks that count as finished without a run: a lab's scenario says so. */
  readonly completed: readonly string[]
  /** ISO date, for waivers. */
  readonly today: string
  /** How missing values and unmet needs count: a plan shows them, a run refuses. */
  readonly missing: Severity
  /** `--override-needs`, or a resumed run whose needs were settled when it began. */
  readonly ignoreNeeds: boolean
  /** The texts that a run keeps; nothing is read from the disk then. */
  readonly snapshot?: ReadonlyMap<string, string>
}

/** Loads, lints, evaluates the rules, resolves the parameters and plans; touches no host. */
export async function preparePlan(inputs: PlanInputs, options: PrepareOptions): Promise<PrepareResult> {
  const { snapshot } = options
  const disk = { cwd: inputs.cwd, hash: hashText, ...(snapshot === undefined ? {} : { snapshot }) }
  const loadedInventory = await loadInventory(inputs.inventory, disk)
  const loadedRunbook = await loadRunbook(inputs.runbook, disk)
  return planLoaded(inputs, { loadedInventory, loadedRunbook }, options)
}

type Loaded = {
  readonly loadedInventory: LoadedInventory
  readonly loadedRunbook: {
    readonly value: LoadedRunbook | undefined
    readonly diagnostics: readonly Diagnostic[]
  }
}

async function planLoaded(
  inputs: PlanInputs,
  { loadedInventory, loadedRunbook }: Loaded,
  options: PrepareOptions,
): Promise<PrepareResult> {
  const { inventory, rules } = loadedInventory
  const found: Diagnostic[] = [...loadedInventory.diagnostics, ...loadedRunbook.diagnostics]
  const loaded = loadedRunbook.value
  if (inventory === undefined || loaded === undefined)
    return { prepared: undefined, diagnostics: withoutRepeats(found) }
  const { linked } = loaded
  for (const runbook of linked.runbooks.values()) found.push(...lintRunbook(runbook, { inventory }))
  if (linked.root.version === undefined) found.push(plainDocument(inputs.runbook))
  const request = { rules, inventory, runbookFile: inputs.runbook, today: options.today }
  const findings = evaluateRules(request)
  found.push(...checkWaivers(request), ...findings.map(({ diagnostic }) => diagnostic))
  const note =
    inventory.environment.level === 'lab'
      ? await readLabNote(resolve(inputs.cwd, inputs.inventory))
      : undefined
  if (!options.ignoreNeeds) found.push(...(await findNeeds(inputs, { linked, inventory, note }, options)))
  const params = resolveParams({
    params: linked.params,
    given: inputs.given,
    inventory,
    file: inputs.runbook,
    missing: options.missing,
  })
  const limit = parseLimit(inputs.limit)
  const planned = buildPlan({
    linked,
    inventory,
    params: params.value,
    hash: hashText,
    ...selectRange(inputs),
    ...(limit.value === undefined ? {} : { limit: limit.value }),
  })
  found.push(...params.diagnostics, ...limit.diagnostics, ...planned.diagnostics)
  const prepared: PreparedPlan = {
    inputs,
    linked,
    inventory,
    params: params.value,
    plan: planned.value,
    lab: note?.generation,
    files: [...loaded.files, ...loadedInventory.files],
    waivers: findings.flatMap(describeWaiver),
  }
  return { prepared, diagnostics: withoutRepeats(found) }
}

function selectRange({ only, from }: PlanInputs): Pick<PlanInputs, 'only' | 'from'> {
  return { ...(only === undefined ? {} : { only }), ...(from === undefined ? {} : { from }) }
}

function describeWaiver({ rule, waiver }: ReturnType<typeof evaluateRules>[number]): readonly string[] {
  return waiver === undefined ? [] : [`${rule}: ${waiver.reason} (${waiver.by}, until ${waiver.until})`]
}

async function findNeeds(
  inputs: PlanInputs,
  { linked, inventory, note }: { linked: LinkedRunbook; inventory: Inventory; note: LabNote | undefined },
  options: PrepareOptions,
) {
  return checkNeeds({
    file: inputs.runbook,
    needs: linked.root.needs,
    inventoryName: inventory.name,
    lab: note?.generation,
    stateDirectory: options.stateDirectory,
    completed: [...options.completed, ...(note?.completed ?? [])],
    severity: options.missing,
  })
}

function plainDocument(file: string): Diagnostic {
  const message = 'this is a plain document: nothing in it runs'
  const hint = 'a runbook begins with front matter that holds `handrail: 1`'
  return diagnosticAt(file, startOfFile(file).start, { code: 'HR4202', severity: 'error', message, hint })
}

function parseLimit(limit: string | undefined) {
  if (limit === undefined) return { value: undefined, diagnostics: [] }
  return parseSelector(limit, startOfFile('--limit'))
}

/** The linter and the planner may find the same. */
function withoutRepeats(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((each) => [keyOf(each), each])).values()]
}

function keyOf({ file, line, column, code, message }: Diagnostic): string {
  return [file, line, column, code, message].join('\n')
}
