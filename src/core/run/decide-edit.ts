import type { StepId } from '../base/ids.ts'
import type { PlanChange } from './compare-plans.ts'
import type { Refusal } from './intents.ts'
import type { PlanOutline } from './outline.ts'

/** What a person says about one changed step: go by the edited text, or by the one that the run has. */
export type EditChoice = 'adopt' | 'keep'

/** Names of changed steps, and `all` for every one that is not named in the other list. */
export type EditWish = { readonly adopt: readonly string[]; readonly keep: readonly string[] }

/** What a wish means for the changes that there are. */
export type EditDecision =
  /** Nothing was said. */
  | { readonly kind: 'open' }
  /** `whole`: the same for all that changed. */
  | {
      readonly kind: 'decided'
      readonly choices: ReadonlyMap<StepId, EditChoice>
      readonly whole: EditChoice | undefined
    }
  /** A step that has begun would get another text. */
  | { readonly kind: 'held'; readonly steps: readonly StepId[]; readonly refusal: Refusal }
  /** It names what is not there, leaves something open, or contradicts itself. */
  | { readonly kind: 'unclear'; readonly refusal: Refusal }

/** Decides what of an edited runbook a run goes by from now on; the command line and the screen both ask here. */
export function decideEdit(changes: readonly PlanChange[], wish: EditWish): EditDecision {
  if (wish.adopt.length + wish.keep.length === 0) return { kind: 'open' }
  const unclear = findContradiction(changes, wish)
  if (unclear !== undefined) return { kind: 'unclear', refusal: unclear }
  const choices = new Map<StepId, EditChoice>()
  for (const { step } of changes) {
    const choice = selectChoice(step, wish)
    if (choice !== undefined) choices.set(step, choice)
  }
  const refusal = findGap(changes, choices) ?? findTornOrder(changes, choices)
  if (refusal !== undefined) return { kind: 'unclear', refusal }
  const held = changes.filter(({ step, kind }) => isHeldKind(kind) && choices.get(step) === 'adopt')
  if (held.length > 0) return buildHeld(held.map(({ step }) => step))
  return { kind: 'decided', choices, whole: selectWhole(changes, choices, wish) }
}

/** Whether a change must wait until what has begun is settled under the old text. */
export function isHeldKind(kind: PlanChange['kind']): boolean {
  return kind === 'changed while it runs'
}

/**
 * Steps of a plan mixed from two that are not what was decided about them; empty: the mix is what the person wants.
 * What changes a step may stand outside of its own section, and then it cannot be had by itself.
 */
export function findMixedWrong(
  choices: ReadonlyMap<StepId, EditChoice>,
  plans: { readonly before: PlanOutline; readonly after: PlanOutline; readonly mixed: PlanOutline },
): readonly StepId[] {
  const [before, after, mixed] = [plans.before, plans.after, plans.mixed].map(
    ({ steps }) => new Map(steps.map(({ id, hash }) => [id, hash])),
  )
  const all = new Set([...before!.keys(), ...after!.keys(), ...mixed!.keys()])
  const wrong = [...all].filter(
    (id) => mixed!.get(id) !== (choices.get(id) === 'keep' ? before : after)!.get(id),
  )
  if (wrong.length > 0) return wrong
  const isCommon = (id: StepId): boolean => before!.has(id) && after!.has(id)
  const wanted = hasKeptOrder(choices, plans) ? plans.before : plans.after
  const order = wanted.steps.map(({ id }) => id).filter(isCommon)
  const found = plans.mixed.steps.map(({ id }) => id).filter(isCommon)
  return order.filter((id, index) => found[index] !== id)
}

/** A step whose text is the same in both and that was kept was kept at its place. */
function hasKeptOrder(
  choices: ReadonlyMap<StepId, EditChoice>,
  { before, after }: { readonly before: PlanOutline; readonly after: PlanOutline },
): boolean {
  const hashes = new Map(before.steps.map(({ id, hash }) => [id, hash]))
  return after.steps.some(({ id, hash }) => choices.get(id) === 'keep' && hashes.get(id) === hash)
}

function selectChoice(step: StepId, { adopt, keep }: EditWish): EditChoice | undefined {
  if (adopt.includes(step)) return 'adopt'
  if (keep.includes(step)) return 'keep'
  if (adopt.includes('all')) return 'adopt'
  return keep.includes('all') ? 'keep' : undefined
}

function findContradiction(changes: readonly PlanChange[], { adopt, keep }: EditWish): Refusal | undefined {
  const known = new Set<string>([...changes.map(({ step }) => step), 'all'])
  const unknown = [...adopt, ...keep].filter((name) => !known.has(name))
  const touched = changes.length === 0 ? 'no step: say all' : changes.map(({ step }) => step).join(', ')
  if (unknown.length > 0)
    return { message: `the edit does not change ${unknown.join(', ')}; it touches ${touched}` }
  const twice = adopt.find((name) => keep.includes(name))
  return twice === undefined ? undefined : { message: `${twice} is both adopted and kept` }
}

function findGap(
  changes: readonly PlanChange[],
  choices: ReadonlyMap<StepId, EditChoice>,
): Refusal | undefined {
  const open = changes.filter(({ step }) => !choices.has(step)).map(({ step }) => step)
  if (open.length === 0) return undefined
  return { message: `it is not said yet what becomes of ${open.join(', ')}`, hint: 'adopt or keep each' }
}

/** One step cannot move without those that it passes. */
function findTornOrder(
  changes: readonly PlanChange[],
  choices: ReadonlyMap<StepId, EditChoice>,
): Refusal | undefined {
  const moved = changes.filter(({ kind }) => kind === 'moved').map(({ step }) => step)
  if (new Set(moved.map((step) => choices.get(step))).size < 2) return undefined
  return {
    message: `the order of steps is taken as a whole: ${moved.join(', ')}`,
    hint: 'adopt or keep them together',
  }
}

function buildHeld(steps: readonly StepId[]): EditDecision {
  const verb = steps.length === 1 ? 'has' : 'have'
  const message = `${steps.join(', ')} ${verb} begun under the old text and must settle under it first`
  return { kind: 'held', steps, refusal: { message, hint: 'keep the old text for now' } }
}

function selectWhole(
  changes: readonly PlanChange[],
  choices: ReadonlyMap<StepId, EditChoice>,
  { adopt }: EditWish,
): EditChoice | undefined {
  if (changes.length === 0) return adopt.includes('all') ? 'adopt' : 'keep'
  const [first, ...others] = new Set(choices.values())
  return others.length === 0 ? first : undefined
}
