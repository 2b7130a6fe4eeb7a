import { hasErrors, type Diagnostic } from '../../core/base/diagnostic.ts'
import { BugError, UsageError } from '../../core/base/errors.ts'
import { buildPlanOutline } from '../../core/run/build-plan-outline.ts'
import { comparePlans, type PlanChange } from '../../core/run/compare-plans.ts'
import type { CliContext } from '../cli-context.ts'
import { printDiagnostics } from '../output/print-diagnostics.ts'
import { buildPrepareOptions } from '../prepare/build-prepare-options.ts'
import { preparePlan, type PreparedPlan } from '../prepare/prepare-plan.ts'
import { compareSurroundings } from './compare-surroundings.ts'
import type { KeptRun } from './open-kept-run.ts'

/** How what stands on the disk now differs from what a run goes by. */
export type Edit = {
  /** The plan of the run's own copies. */
  readonly own: PreparedPlan
  /** The plan of the files on disk; the run's own where those cannot be planned. */
  readonly next: PreparedPlan
  /** Why the files on disk cannot be planned. */
  readonly unplannable: UnplannableFiles | undefined
  /** This version of the program makes another plan of the run's own copies than the one that began it. */
  readonly drifted: boolean
  readonly changes: readonly PlanChange[]
  /** What the inventory changes beside the steps. */
  readonly surroundings: readonly string[]
}

/** `message`: a file is gone or cannot be read. */
export type UnplannableFiles = { readonly diagnostics: readonly Diagnostic[]; readonly message?: string }

/** Looks whether the runbook, the inventory or the rules were edited since the run went by them; changes nothing. */
export async function findEdits(context: CliContext, kept: KeptRun): Promise<Edit> {
  const own = await planKept(context, kept)
  const edited = await planEdited(context, kept)
  const next = 'plan' in edited ? edited : own
  return {
    own,
    next,
    unplannable: 'plan' in edited ? undefined : edited,
    drifted: buildPlanOutline(own.plan).digest !== kept.state.outline.digest,
    changes: comparePlans(kept.state, buildPlanOutline(next.plan)),
    surroundings: compareSurroundings(own.inventory, next.inventory),
  }
}

/** Whether somebody has to say what becomes of it. */
export function isEdited({ changes, surroundings, drifted }: Edit): boolean {
  return changes.length > 0 || surroundings.length > 0 || drifted
}

/** The plan that the run goes by, from its own copies. */
export async function planKept(
  context: CliContext,
  kept: Pick<KeptRun, 'inputs' | 'snapshot'>,
): Promise<PreparedPlan> {
  const { prepared, diagnostics } = await preparePlan(kept.inputs, {
    ...buildEditOptions(context),
    snapshot: kept.snapshot,
  })
  if (prepared === undefined) {
    printDiagnostics(diagnostics, context.output)
    throw new BugError('the plan of a run cannot be made again from its copies')
  }
  return prepared
}

/** Needs were settled when the run began. */
export function buildEditOptions(context: CliContext) {
  return buildPrepareOptions(context, { missing: 'error', ignoreNeeds: true })
}

async function planEdited(context: CliContext, kept: KeptRun): Promise<PreparedPlan | UnplannableFiles> {
  try {
    const { prepared, diagnostics } = await preparePlan(kept.inputs, buildEditOptions(context))
    return prepared === undefined || hasErrors(diagnostics) ? { diagnostics } : prepared
  } catch (error) {
    // The runbook or the inventory is gone: the copies are what counts.
    if (error instanceof UsageError) return { diagnostics: [], message: error.message }
    throw error
  }
}
