import type { PlanChange } from '../../core/run/compare-plans.ts'
import { isRunOver } from '../../core/run/end-run.ts'
import type { EditedStep, EditReview } from '../edit-review.ts'
import type { RunClient } from '../run-client.ts'
import type { Tone } from '../term/row.ts'

/** How a step changed, in a few words. */
export const KIND_WORDS: Readonly<Record<PlanChange['kind'], readonly [words: string, tone: Tone]>> = {
  changed: ['changed, not run yet', 'dim'],
  'changed after it ran': ['changed after it ran', 'warn'],
  'changed while it runs': ['changed while it runs', 'bad'],
  removed: ['gone', 'warn'],
  added: ['new', 'warn'],
  moved: ['moved', 'dim'],
}

/** What is decided about where no step changed. */
export const WHOLE_WORDS = {
  title: ({ unplannable, drift }: EditReview): string => {
    if (unplannable !== undefined) return 'The text that the run keeps'
    return drift === undefined
      ? 'How hosts are reached, and where secrets are read'
      : 'The plan of this version'
  },
}

/** Why the sheet decides nothing any more; undefined: the run is as it was when the sheet came. */
export function describeTaken(client: RunClient | undefined): string | undefined {
  if (client === undefined) return undefined
  if (isRunOver(client.state)) return 'The run is over meanwhile: Enter shows how it ended.'
  const driver = client.driver()
  return driver === undefined
    ? undefined
    : `${driver} took the run up meanwhile: what is chosen here counts no more. Enter goes there.`
}

export type Costs = { readonly adopt: string; readonly keep: string }

/** What each choice costs. `done`: hosts on which the step has ended. */
export function describeCosts(
  review: EditReview,
  step: EditedStep | undefined,
  done: readonly string[],
): Costs {
  const drifted =
    review.drift === undefined ? undefined : 'not with this version: go on with the one that began it'
  if (step === undefined) return describeWhole(review, drifted)
  const { adopt, keep } = describeStep(step, done)
  return { adopt, keep: drifted ?? keep }
}

function describeWhole({ unplannable }: EditReview, drifted: string | undefined): Costs {
  if (unplannable !== undefined)
    return {
      adopt: 'not possible',
      keep: drifted ?? 'goes on by the copies that the run keeps; correct the files any time',
    }
  return {
    adopt:
      drifted === undefined ? 'goes on by what the files say now' : 'goes on by the plan of this version',
    keep: drifted ?? 'goes on by what they said; asked again when the run is taken up next',
  }
}

/** Hosts that are named; more of them are counted. */
const HOSTS_NAMED = 4

function describeStep({ kind, isBehind, hasRun }: EditedStep, done: readonly string[]): Costs {
  const named = done.slice(0, HOSTS_NAMED).join(', ')
  const hosts = done.length > HOSTS_NAMED ? `${named} and ${done.length - HOSTS_NAMED} more` : named
  // Somebody else may have taken the run up since, and had it forgotten.
  const on = done.length === 0 ? '' : ` on ${hosts}`
  switch (kind) {
    case 'changed':
      return { adopt: 'runs as it reads now, when its turn comes', keep: 'runs as it read before' }
    case 'changed after it ran':
      return {
        adopt: `what it did${on} no longer counts: you are asked to look again, redo it, or let it stand`,
        keep: `stays done${on}, by the old text`,
      }
    case 'changed while it runs':
      return {
        adopt: 'not possible',
        keep: 'settles under the old text; asked again when the run is taken up next',
      }
    case 'removed':
      return {
        adopt: `does not run any more${done.length === 0 ? '' : `; what it did${on} stays, and stays in the journal`}`,
        keep: 'stays in the run, where it was',
      }
    case 'added':
      return {
        adopt: `${isBehind ? 'stands before steps that have begun, and runs next, after them' : 'runs when its turn comes'}${hasRun === true ? ': AGAIN, it ran in this run before it was taken out' : ''}`,
        keep: 'does not come',
      }
    case 'moved':
      return {
        adopt: 'runs at its new place, with all that moved',
        keep: 'stays at its place, with all that moved',
      }
  }
}
