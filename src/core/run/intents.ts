import type { HostName, StepId } from '../base/ids.ts'
import type { Choice } from './question.ts'

/** What a person (or an option standing in for one) wants; imperative. `by` is the operator's name. */
export type Intent =
  | {
      readonly type: 'answer'
      readonly question: string
      readonly choice: Choice
      readonly by: string
      readonly how: 'asked' | 'option'
      /** Reason, evidence, or the typed word. */ readonly text?: string
      readonly ref?: string
    }
  | { readonly type: 'pause'; readonly by: string; readonly reason?: string }
  | { readonly type: 'resume'; readonly by: string }
  | { readonly type: 'abort'; readonly by: string; readonly reason: string }
  | { readonly type: 'cancel-job'; readonly by: string; readonly step: StepId; readonly host: HostName }
  /** New texts of parameters, by name: the plan is made anew from the run's own copies. */
  | {
      readonly type: 'correct-params'
      readonly by: string
      readonly values: { readonly [name: string]: string }
      readonly reason: string
    }
  | { readonly type: 'exclude-host'; readonly by: string; readonly host: HostName; readonly reason: string }
  /** Ends the wait for a host that was lost, or for all of them; nothing on a host is ended by it. */
  | { readonly type: 'stop-waiting'; readonly by: string; readonly host?: HostName }
  /** Tries a lost host, or all of them, at once instead of after the pause. */
  | { readonly type: 'try-now'; readonly by: string; readonly host?: HostName }

/** Why an intent was not accepted, in words, and what could be done instead. */
export type Refusal = { readonly message: string; readonly hint?: string }
