import type { PlanChange } from '../core/run/compare-plans.ts'
import type { EditWish } from '../core/run/decide-edit.ts'

/** What was edited since a run went by its files, for a person who says what becomes of it. Texts may be raw. */
export type EditReview = {
  readonly steps: readonly EditedStep[]
  /** What changes beside the steps: how hosts are reached, where secrets are read. */
  readonly surroundings: readonly string[]
  /** Why this version makes another plan of the run's own copies; they cannot be kept then. */
  readonly drift?: string
  /** Why the files on disk cannot be planned; only the run's own copies can be gone by then. */
  readonly unplannable?: readonly string[]
  /** Stands for all that is shown here: a decision counts for nothing else. */
  readonly seen: string
  /** Why the decision before this was not taken. */
  readonly problem?: string
}

export type EditedStep = PlanChange & {
  readonly title: string
  /** A unified diff of what runs, on the first host where it differs. */
  readonly diff?: string
}

/** What was decided, and about what. */
export type EditAnswer = { readonly seen: string; readonly wish: EditWish }
