import { hasErrors } from '../../core/base/diagnostic.ts'
import { BugError, UsageError } from '../../core/base/errors.ts'
import { buildPlanOutline } from '../../core/run/build-plan-outline.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { printDiagnostics } from '../output/print-diagnostics.ts'
import { say } from '../output/say.ts'
import { buildPrepareOptions } from '../prepare/build-prepare-options.ts'
import { preparePlan, type PreparedPlan } from '../prepare/prepare-plan.ts'
import { adoptPlan } from './adopt-plan.ts'
import { compareSurroundings } from './compare-surroundings.ts'
import { comparePlans, type PlanChange } from '../../core/run/compare-plans.ts'
import { printPlanChanges } from './format-plan-changes.ts'
import type { KeptRun } from './open-kept-run.ts'

/** The plan to go on with, or why the command ends here. */
export type SettledEdits =
  | { readonly kind: 'go'; readonly prepared: PreparedPlan }
  | { readonly kind: 'end'; readonly end: CommandEnd }

/**
 * Looks whether the runbook, the inventory or the rules were edited since the run went by them. An edit is adopted
 * or left aside as a person says; without a word the run stops and shows the difference.
 */
export async function settleEdits(
  context: CliContext,
  kept: KeptRun,
  operator: string,
): Promise<SettledEdits> {
  const own = await planKept(context, kept)
  const ownOutline = buildPlanOutline(own.plan)
  const drifted = ownOutline.digest !== kept.state.outline.digest
  const edited = await planEdited(context, kept)
  if (edited === undefined)
    context.output.warn(
      say`The files on disk cannot be planned any more; the run goes by its own copies.`,
      'warning',
    )
  if (edited === undefined && !drifted) return { kind: 'go', prepared: own }
  const next = edited ?? own
  const edit: Edit = {
    own,
    next,
    drifted,
    operator,
    changes: comparePlans(kept.state, edited === undefined ? ownOutline : buildPlanOutline(edited.plan)),
    surroundings: compareSurroundings(own.inventory, next.inventory),
  }
  if (edit.changes.length === 0 && edit.surroundings.length === 0 && !drifted)
    return { kind: 'go', prepared: own }
  return settle(context, kept, edit)
}

type Edit = {
  readonly own: PreparedPlan
  readonly next: PreparedPlan
  /** This version of the program makes another plan of the run's own copies than the one that began it. */
  readonly drifted: boolean
  readonly operator: string
  readonly changes: readonly PlanChange[]
  readonly surroundings: readonly string[]
}

async function settle(context: CliContext, kept: KeptRun, edit: Edit): Promise<SettledEdits> {
  const { output } = context
  const { own, next, drifted, operator, changes, surroundings } = edit
  const { run } = kept.store
  const wish = readWish(context, changes)
  if (wish === 'keep' && !drifted) {
    const names = [...changes.map(({ step }) => step), ...surroundings]
    output.tell(say`Edited since, and left aside: ${names.join(', ')}`, 'warning')
    return { kind: 'go', prepared: own }
  }
  if (drifted) tellDrift(context, kept)
  printPlanChanges(changes, { before: own.plan, after: next.plan }, output)
  for (const line of surroundings) output.tell(say`${line}`, 'warning')
  if (wish !== 'adopt') {
    const instead = drifted ? 'go on with the version that began it' : '--keep all: go on by the old text'
    return { kind: 'end', end: { exitCode: 3, next: `handrail resume ${run} --adopt all (or ${instead})` } }
  }
  const running = changes.filter(({ kind }) => kind === 'changed while it runs')
  if (running.length > 0) {
    const names = running.map(({ step }) => step).join(', ')
    output.warn(say`${names} has begun under the old text and must settle under it first.`, 'bad')
    return { kind: 'end', end: { exitCode: 3, next: `handrail resume ${run} --keep all` } }
  }
  await adoptPlan(kept, next, { by: operator, changes, surroundings })
  return { kind: 'go', prepared: next }
}

function tellDrift({ output, version }: CliContext, { state }: KeptRun): void {
  const began = state.created?.toolVersion ?? 'another version'
  output.warn(
    say`handrail ${version} makes another plan of this run's own copies than handrail ${began}, which began it.`,
    'bad',
  )
}

/** The plan that the run goes by, from its own copies. */
export async function planKept(
  context: CliContext,
  kept: Pick<KeptRun, 'inputs' | 'snapshot'>,
): Promise<PreparedPlan> {
  const { prepared, diagnostics } = await preparePlan(kept.inputs, {
    ...buildOptions(context),
    snapshot: kept.snapshot,
  })
  if (prepared === undefined) {
    printDiagnostics(diagnostics, context.output)
    throw new BugError('the plan of a run cannot be made again from its copies')
  }
  return prepared
}

async function planEdited(context: CliContext, kept: KeptRun): Promise<PreparedPlan | undefined> {
  try {
    const { prepared, diagnostics } = await preparePlan(kept.inputs, buildOptions(context))
    if (!hasErrors(diagnostics)) return prepared
    printDiagnostics(diagnostics, context.output)
    return undefined
  } catch (error) {
    // The runbook or the inventory is gone: the copies are what counts.
    if (error instanceof UsageError) return undefined
    throw error
  }
}

/** Needs were settled when the run began. */
function buildOptions(context: CliContext) {
  return buildPrepareOptions(context, { missing: 'error', ignoreNeeds: true })
}

/** `--adopt` and `--keep` name all changed steps together; one text is either taken as a whole or not. */
function readWish({ input }: CliContext, changes: readonly PlanChange[]): 'adopt' | 'keep' | undefined {
  const covers = (names: readonly string[]): boolean =>
    names.includes('all') ||
    (names.length > 0 && changes.length > 0 && changes.every(({ step }) => names.includes(step)))
  const [adopts, keeps] = [input.list('adopt'), input.list('keep')]
  if (covers(adopts)) return 'adopt'
  if (covers(keeps)) return 'keep'
  if (adopts.length + keeps.length === 0) return undefined
  const all = changes.length === 0 ? 'no step' : changes.map(({ step }) => step).join(', ')
  throw new UsageError(`an edit is adopted or kept out as a whole; it touches ${all}`, [
    '--adopt all',
    '--keep all',
  ])
}
