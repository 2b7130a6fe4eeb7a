/** What `handrail explain CODE` prints of one diagnostic code; every module keeps a table of its own. */
export type CodePage = {
  /** Stable for ever, e.g. `HR6101`. */
  readonly code: string
  /** Half a sentence, lower case, without a full stop. */
  readonly title: string
  /** Why it is a finding, in one or a few sentences. */
  readonly explanation: string
  /** What to do about it, in one sentence. */
  readonly hint: string
  /** A shortest text that shows the finding and what to write instead. */
  readonly example: string
}
