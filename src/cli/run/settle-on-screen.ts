import { decideEdit } from '../../core/run/decide-edit.ts'
import type { EditAnswer, EditReview } from '../../tui/edit-review.ts'
import type { CliContext } from '../cli-context.ts'
import type { PreparedPlan } from '../prepare/prepare-plan.ts'
import { applyEdit } from './apply-edit.ts'
import { buildEditReview } from './build-edit-review.ts'
import { findEdits, isEdited } from './find-edits.ts'
import type { KeptRun } from './open-kept-run.ts'

/** The plan to go on with, or what a person has to decide first. */
export type SettledOnScreen =
  | { readonly kind: 'go'; readonly prepared: PreparedPlan }
  | { readonly kind: 'review'; readonly review: EditReview }

export type ScreenDecision = {
  readonly operator: string
  /** What was decided on the screen; else `--adopt` and `--keep` count, if there are any. */
  readonly answer?: EditAnswer | undefined
}

/**
 * What `settleEdits` is for a command line, by the same rules: an edit is settled by what was decided about exactly
 * this edit, or it is shown, with the reason where a decision cannot be had. Prints nothing.
 */
export async function settleOnScreen(
  context: CliContext,
  kept: KeptRun,
  { operator, answer }: ScreenDecision,
): Promise<SettledOnScreen> {
  const edit = await findEdits(context, kept)
  if (!isEdited(edit) && edit.unplannable === undefined) return { kind: 'go', prepared: edit.own }
  const review = buildEditReview(context, kept, edit)
  const show = (problem?: string): SettledOnScreen => ({
    kind: 'review',
    review: problem === undefined ? review : { ...review, problem },
  })
  if (answer !== undefined && answer.seen !== review.seen)
    return show('it was edited again meanwhile: this is how it stands now')
  const { input } = context
  const wish = answer?.wish ?? { adopt: input.list('adopt'), keep: input.list('keep') }
  const decision = decideEdit(edit.changes, wish)
  if (decision.kind === 'open') return show()
  if (decision.kind !== 'decided') return show(formatRefusal(decision.refusal))
  if (!isEdited(edit))
    return decision.whole === 'keep'
      ? { kind: 'go', prepared: edit.own }
      : show('the files on disk cannot be planned: the old text is kept')
  const applied = await applyEdit(context, kept, { edit, decision, operator })
  return applied.ok ? { kind: 'go', prepared: applied.prepared } : show(formatRefusal(applied.refusal))
}

function formatRefusal({ message, hint }: { readonly message: string; readonly hint?: string }): string {
  return hint === undefined ? message : `${message}: ${hint}`
}
