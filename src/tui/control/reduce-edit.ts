import type { RunId } from '../../core/base/ids.ts'
import { isRunOver } from '../../core/run/end-run.ts'
import { decideEdit, isHeldKind, type EditChoice, type EditWish } from '../../core/run/decide-edit.ts'
import type { EditReview } from '../edit-review.ts'
import type { Opened, Overlay } from '../store/ui-state.ts'
import type { ActionId } from '../term/key-row.ts'
import { only, type Model, type Reduction } from './model.ts'
import { clampIndex, clampOffset, scrollBy } from './scroll.ts'

export type EditUi = Extract<Overlay, { readonly kind: 'edit' }>

/** Stands for what is no step: the files as a whole. */
const WHOLE = 'all'

const NOTHING: EditWish = { adopt: [], keep: [] }

/** The sheet of an edit, nothing decided but what leaves no choice. */
export function createEditUi(run: RunId, review: EditReview, opened: Opened): EditUi {
  const only = selectEditItems(review).filter((item) => selectForced(review, item) !== undefined)
  const choices = Object.fromEntries(only.map((item) => [item, 'keep' as const]))
  const { problem } = review
  return {
    kind: 'edit',
    run,
    review,
    choices,
    cursor: 0,
    offset: 0,
    opened,
    ...(problem === undefined ? {} : { problem }),
  }
}

/** What is decided about, by name: the steps that the edit touches, or else the files as a whole. */
export function selectEditItems({ steps }: EditReview): readonly string[] {
  return steps.length === 0 ? [WHOLE] : steps.map(({ step }) => step)
}

/** Why something can only be kept; undefined: it can be adopted. */
export function selectForced(review: EditReview, item: string): string | undefined {
  if (review.unplannable !== undefined) return 'the files on disk cannot be planned: the old text is kept'
  const kind = review.steps.find(({ step }) => step === item)?.kind
  return kind === undefined || !isHeldKind(kind)
    ? undefined
    : `${item} has begun under the old text and must settle under it first`
}

/** Keys on the sheet of an edited runbook. */
export function reduceEditKey(model: Model, overlay: EditUi, action: ActionId): Reduction {
  const { ui, extents } = model
  const items = selectEditItems(overlay.review)
  const show = (change: Partial<EditUi>): Reduction => only({ ...ui, overlay: { ...overlay, ...change } })
  if (action === 'page-up' || action === 'page-down') {
    const by = scrollBy(action, extents.sheet.page) ?? 0
    return show({ offset: clampOffset(overlay.offset + by, extents.sheet) })
  }
  const by = scrollBy(action, 1)
  if (by !== undefined) return show({ cursor: clampIndex(overlay.cursor + by, items.length), offset: 0 })
  // What was decided is on its way.
  if (ui.busy !== undefined) return only(ui)
  const here = items[clampIndex(overlay.cursor, items.length)] ?? WHOLE
  switch (action) {
    case 'cancel':
      return { ui, effects: [{ kind: 'leave-edit' }] }
    case 'adopt':
      return show(choose(overlay, [here], 'adopt'))
    case 'keep':
      return show(choose(overlay, [here], 'keep'))
    case 'toggle':
      return show(choose(overlay, [here], overlay.choices[here] === 'adopt' ? 'keep' : 'adopt'))
    case 'adopt-all':
      return show(choose(overlay, items, 'adopt'))
    case 'keep-all':
      return show(choose(overlay, items, 'keep'))
    case 'accept':
      return accept(model, overlay)
    default:
      return only(ui)
  }
}

/** Steps that moved are decided about together; what can only be kept says why. */
function choose(overlay: EditUi, wanted: readonly string[], choice: EditChoice): Partial<EditUi> {
  const { review } = overlay
  const moved = review.steps.filter(({ kind }) => kind === 'moved').map(({ step }) => step as string)
  const all = wanted.some((item) => moved.includes(item)) ? [...new Set([...wanted, ...moved])] : wanted
  const free = all.filter((item) => choice === 'keep' || selectForced(review, item) === undefined)
  const problem = free.length > 0 ? undefined : selectForced(review, wanted[0] ?? WHOLE)
  const choices = { ...overlay.choices, ...Object.fromEntries(free.map((item) => [item, choice])) }
  return { choices, problem }
}

function accept({ ui, client }: Model, overlay: EditUi): Reduction {
  const { review, run } = overlay
  // Whoever goes there decides nothing, also if that driver is gone by then.
  if (client !== undefined && (isRunOver(client.state) || client.driver() !== undefined))
    return { ui, effects: [{ kind: 'settle-edit', run, answer: { seen: review.seen, wish: NOTHING } }] }
  const wish = selectEditWish(overlay)
  const decision = decideEdit(review.steps, wish)
  if (decision.kind === 'open' || (decision.kind === 'decided' && countUndecided(overlay) > 0))
    return only({ ...ui, overlay: { ...overlay, problem: 'nothing is said yet: adopt or keep it' } })
  if (decision.kind === 'decided')
    return {
      ui: { ...ui, overlay: { ...overlay, problem: undefined } },
      effects: [{ kind: 'settle-edit', run, answer: { seen: review.seen, wish } }],
    }
  const { message, hint } = decision.refusal
  const problem = hint === undefined ? message : `${message}: ${hint}`
  return only({ ...ui, overlay: { ...overlay, problem } })
}

/** How many steps it is not said of yet what becomes of them. */
export function countUndecided({ review, choices }: EditUi): number {
  return selectEditItems(review).filter((item) => choices[item] === undefined).length
}

/** What was chosen so far, as the command line would say it. */
function selectEditWish({ review, choices }: EditUi): EditWish {
  const items = selectEditItems(review)
  const named = (choice: EditChoice): readonly string[] => items.filter((item) => choices[item] === choice)
  return { adopt: named('adopt'), keep: named('keep') }
}
