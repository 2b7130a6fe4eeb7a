import type { Plan } from '../../core/plan/model.ts'
import type { CorrectedPlan } from '../../core/run/decide-correction.ts'
import type { Refusal } from '../../core/run/intents.ts'

/** Plans a run again with other parameters. Exists because a run's copies of its files are kept by adapters. */
export type Planner = {
  /**
   * Makes the plan anew from the run's own copies, with these texts in place of those parameters; touches no host.
   * What the answer names is durable when it resolves, and the run goes by it only once it was adopted.
   */
  readonly correct: (values: { readonly [name: string]: string }) => Promise<Replanned>
}

export type Replanned =
  | {
      readonly ok: true
      readonly plan: Plan
      readonly corrected: CorrectedPlan
      /** The run goes by it now: the next correction starts from here. */
      readonly adopted: () => void
    }
  | { readonly ok: false; readonly refusal: Refusal }
