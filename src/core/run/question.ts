import type { HostName, StepId } from '../base/ids.ts'
import type { UnknownCause } from './failure.ts'

/** What a person may decide about a host-step. `detach` and `wait` leave a running job alone. */
export type Choice =
  | 'go'
  | 'retry'
  | 'recheck'
  | 'accept'
  | 'skip'
  | 'defer'
  | 'exclude'
  | 'undo'
  | 'abort'
  | 'wait'
  | 'cancel'
  | 'tick'

/** Choices that need a reason. */
export const CHOICES_WITH_REASON: ReadonlySet<Choice> = new Set(['accept', 'skip', 'defer', 'exclude'])

/** Most hosts that a question names; of more it is said how many there are, since a record is small. */
export const MAX_QUESTION_HOSTS = 40

export type QuestionKind =
  /** Confirm the whole plan; with `word`: the environment's name. */
  | 'plan'
  /** Confirm a step by its danger; with `word`: type it. */
  | 'confirm'
  /** A host-step failed, a probe was inconclusive, a host could not be reached. */
  | 'failed'
  | 'inconclusive'
  | 'unreachable'
  /** It is not known whether a change ran. */
  | 'unknown'
  /** A clock expired; the job goes on. */
  | 'clock'
  /** A manual item waits for its tick. */
  | 'manual'
  /** The file changed since its diff was shown. */
  | 'changed-file'
  /** Deferred host-steps are offered again before the run may finish. */
  | 'deferred'
  /** Something that was done no longer holds. */
  | 'stale'
  /** The run was aborted and something can be undone. */
  | 'undo-all'
  /** Another run holds the host's advisory lock; `go` takes it over. */
  | 'locked'

/** One open question. Its id is stable, so that the same question is never asked twice and every client sees the same. */
export type Question = {
  /** `KIND/STEP[@HOST][/ITEM]#N`; N counts from 1. */
  readonly id: string
  readonly kind: QuestionKind
  readonly step?: StepId
  readonly host?: HostName
  /** Number of the manual item. */
  readonly item?: number
  /** One sentence. */
  readonly text: string
  /** The word to type, for `irreversible` and production environments. */
  readonly word?: string
  /** At most {@link MAX_QUESTION_HOSTS}, fewer where their names are long. */
  readonly hosts?: readonly HostName[]
  /** How many more it is about; older journals tell it only by the number of `hosts`. */
  readonly moreHosts?: number
  readonly choices: readonly Choice[]
  readonly cause?: UnknownCause
  /** The step does not fit into its maintenance window; going on needs a reason. */
  readonly outsideWindow?: boolean
}
