import { hashText } from '../../adapters/journal/hash-text.ts'
import type { PlanChange } from '../../core/run/compare-plans.ts'
import type { EditedStep, EditReview } from '../../tui/edit-review.ts'
import type { CliContext } from '../cli-context.ts'
import type { Edit, UnplannableFiles } from './find-edits.ts'
import { diffStepWhole } from './format-plan-changes.ts'
import type { KeptRun } from './open-kept-run.ts'

/** What a screen shows of an edit, so that a person can say what becomes of it. */
export function buildEditReview(context: CliContext, { state }: KeptRun, edit: Edit): EditReview {
  const { own, next, changes, surroundings, unplannable, drifted } = edit
  const titles = new Map([...own.plan.steps, ...next.plan.steps].map(({ id, title }) => [id, title]))
  const began = state.created?.toolVersion ?? 'another version'
  return {
    steps: changes.map((change) => buildStep(change, titles.get(change.step) ?? change.step, edit)),
    surroundings,
    ...(drifted
      ? {
          drift: `handrail ${context.version} makes another plan of the copies that this run keeps than handrail ${began}, which began it.`,
        }
      : {}),
    ...(unplannable === undefined ? {} : { unplannable: describeUnplannable(unplannable) }),
    seen: hashText(
      JSON.stringify([next.plan.digest, next.files, surroundings, unplannable ?? null, changes]),
    ),
  }
}

function buildStep(change: PlanChange, title: string, { own, next }: Edit): EditedStep {
  const diff =
    change.kind === 'moved' ? undefined : diffStepWhole(change.step, { before: own.plan, after: next.plan })
  return { ...change, title, ...(diff === undefined ? {} : { diff }) }
}

function describeUnplannable({ diagnostics, message }: UnplannableFiles): readonly string[] {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const lines = errors.map(({ file, line, column, code, message: words, hint }) =>
    [`${file}:${line}:${column}: ${code}: ${words}`, hint].filter((each) => each !== undefined).join(': '),
  )
  return message === undefined ? lines : [message, ...lines]
}
