/** Why a host-step did not succeed: what a host or a person can cause, as data. Worded in `failure-words.ts`. */
export type Failure =
  | { readonly kind: 'exit'; readonly action: number; readonly code: number }
  | { readonly kind: 'signal'; readonly action: number; readonly signal: string }
  | {
      readonly kind: 'check'
      readonly index: number
      readonly verb: 'check' | 'verify' | 'require'
      readonly reason: string
      readonly expected?: string
      readonly actual?: string
    }
  | {
      readonly kind: 'inconclusive'
      readonly index: number
      readonly verb: 'check' | 'verify' | 'require'
      readonly reason: string
    }
  | { readonly kind: 'timed-out'; readonly action: number }
  | { readonly kind: 'cancelled'; readonly action: number }
  | { readonly kind: 'refused'; readonly action: number; readonly why: string }
  | { readonly kind: 'unreachable'; readonly cause: string; readonly message: string; readonly hint?: string }
  | { readonly kind: 'elevation'; readonly reason: string }
  | { readonly kind: 'secret'; readonly name: string; readonly reason: string }
  | { readonly kind: 'edit'; readonly path: string; readonly reason: string }
  /** A file that was written is not put back: its content is no longer what was written, or is not recorded. */
  | {
      readonly kind: 'restore'
      readonly why: 'changed'
      readonly path: string
      /** Where the content from before the run is kept on the host; absent: there was no file. */
      readonly backup?: string
    }
  | { readonly kind: 'restore'; readonly why: 'unrecorded' }
  | { readonly kind: 'expression'; readonly reason: string }
  | { readonly kind: 'fixture'; readonly path: string; readonly reason: string }
  | { readonly kind: 'base'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly cause: UnknownCause; readonly detail: string }
  | { readonly kind: 'threshold'; readonly failures: number }
  /** Another run holds the host's advisory lock. */
  | {
      readonly kind: 'locked'
      readonly run: string
      readonly holder: string
      readonly since: string
      /** Its run is paused: it left a notice. */ readonly isNotice?: boolean
    }
  | { readonly kind: 'needs-terminal'; readonly action: number }

/** Why it is not known how a job ended. */
export type UnknownCause = 'reboot' | 'killed' | 'orphan' | 'storage' | 'no-reply' | 'lost' | 'unreachable'

/** Whether another run holds the host. */
export function isHeld(failure: Failure | undefined): boolean {
  return failure?.kind === 'locked' || (failure?.kind === 'refused' && failure.why === 'locked')
}

/** Whether it says of nothing that it went wrong: another run holds the host, or a probe could not tell. */
export function isUndecided(failure: Failure | undefined): boolean {
  return failure?.kind === 'inconclusive' || isHeld(failure)
}
