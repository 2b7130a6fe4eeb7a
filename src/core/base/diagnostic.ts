/** Severity of a {@link Diagnostic}: an `error` blocks a run, a `warning` does not. */
export type Severity = 'error' | 'warning'

/** A place in a text file. Lines and columns count from 1 (columns in UTF-16 units), offset from 0. */
export type Position = { readonly line: number; readonly column: number; readonly offset: number }

/** From `start` up to, not including, `end`. */
export type Span = { readonly start: Position; readonly end: Position }

/** One finding about a document: a stable code, a place, one sentence, and a hint about what to do. */
export type Diagnostic = {
  /** Stable and documented, e.g. `HR1204`; `handrail explain CODE` prints its page. */
  readonly code: string
  readonly severity: Severity
  /** Path as the person gave it, relative where they gave a relative one. */
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
  readonly hint?: string
}

/** What every parser returns: a value as complete as can be, and what was found on the way. It never throws. */
export type Parsed<T> = { readonly value: T; readonly diagnostics: readonly Diagnostic[] }

/** Whether any of the diagnostics blocks a run. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((each) => each.severity === 'error')
}
