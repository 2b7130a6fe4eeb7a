/** Events from which on a run should be split, to be said once: where Temporal's documentation warns (10,240). */
export const LARGE_JOURNAL_EVENTS = 10_000

/** Most events of a run: reopening takes about a second then. The pause that says so is one more. */
export const MAX_JOURNAL_EVENTS = 100_000
