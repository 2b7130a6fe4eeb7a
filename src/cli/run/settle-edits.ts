import { UsageError } from '../../core/base/errors.ts'
import type { StepId } from '../../core/base/ids.ts'
import { decideEdit, isHeldKind } from '../../core/run/decide-edit.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { printDiagnostics } from '../output/print-diagnostics.ts'
import { say } from '../output/say.ts'
import type { PreparedPlan } from '../prepare/prepare-plan.ts'
import { applyEdit } from './apply-edit.ts'
import { findEdits, isEdited, type Edit } from './find-edits.ts'
import { printPlanChanges } from './format-plan-changes.ts'
import type { KeptRun } from './open-kept-run.ts'

/** The plan to go on with, or why the command ends here. */
export type SettledEdits =
  | { readonly kind: 'go'; readonly prepared: PreparedPlan }
  | { readonly kind: 'end'; readonly end: CommandEnd }

/**
 * Looks whether the runbook, the inventory or the rules were edited since the run went by them. An edit is adopted
 * or left aside, step by step, as `--adopt` and `--keep` say; without them the run stops and shows the difference.
 */
export async function settleEdits(
  context: CliContext,
  kept: KeptRun,
  operator: string,
): Promise<SettledEdits> {
  const edit = await findEdits(context, kept)
  tellUnplannable(context, edit)
  if (!isEdited(edit)) return { kind: 'go', prepared: edit.own }
  return settle(context, kept, { edit, operator })
}

function tellUnplannable({ output }: CliContext, { unplannable }: Edit): void {
  if (unplannable === undefined) return
  if (unplannable.message === undefined) printDiagnostics(unplannable.diagnostics, output)
  output.warn(say`The files on disk cannot be planned any more; the run goes by its own copies.`, 'warning')
}

async function settle(
  context: CliContext,
  kept: KeptRun,
  { edit, operator }: { readonly edit: Edit; readonly operator: string },
): Promise<SettledEdits> {
  const { output, input } = context
  const { changes, surroundings, drifted } = edit
  const { run } = kept.store
  const decision = decideEdit(changes, { adopt: input.list('adopt'), keep: input.list('keep') })
  if (decision.kind === 'unclear') throw refuse(decision.refusal)
  const whole = decision.kind === 'decided' ? decision.whole : undefined
  if (whole === 'keep' && !drifted) {
    const names = [...changes.map(({ step }) => step), ...surroundings]
    output.tell(say`Edited since, and left aside: ${names.join(', ')}`, 'warning')
    return { kind: 'go', prepared: edit.own }
  }
  tellEdit(context, kept, edit)
  if (decision.kind === 'open' || whole === 'keep') {
    const instead = drifted ? 'go on with the version that began it' : '--keep all: go on by the old text'
    return stop(`handrail resume ${run} --adopt all (or ${instead})`)
  }
  if (decision.kind === 'held') {
    output.warn(say`${decision.refusal.message}.`, 'bad')
    return stop(`handrail resume ${run} ${formatWithout(decision.steps, edit)}`)
  }
  const applied = await applyEdit(context, kept, { edit, decision, operator })
  if (!applied.ok) throw refuse(applied.refusal)
  const left = changes.filter(({ step }) => decision.choices.get(step) === 'keep')
  if (left.length > 0) output.tell(say`Left aside: ${left.map(({ step }) => step).join(', ')}`, 'warning')
  return { kind: 'go', prepared: applied.prepared }
}

function stop(next: string): SettledEdits {
  return { kind: 'end', end: { exitCode: 3, next } }
}

function refuse({ message }: { readonly message: string }): UsageError {
  return new UsageError(message, ['--adopt all', '--keep all'])
}

/** Options by which all is adopted but what must settle first. */
function formatWithout(held: readonly StepId[], { changes }: Edit): string {
  if (changes.every(({ kind }) => isHeldKind(kind))) return '--keep all'
  return ['--adopt all', ...held.map((step) => `--keep ${step}`)].join(' ')
}

/** What changed, step by step and beside the steps. */
function tellEdit({ output, version }: CliContext, { state }: KeptRun, edit: Edit): void {
  if (edit.drifted) {
    const began = state.created?.toolVersion ?? 'another version'
    output.warn(
      say`handrail ${version} makes another plan of this run's own copies than handrail ${began}, which began it.`,
      'bad',
    )
  }
  printPlanChanges(edit.changes, { before: edit.own.plan, after: edit.next.plan }, output)
  for (const line of edit.surroundings) output.tell(say`${line}`, 'warning')
}
