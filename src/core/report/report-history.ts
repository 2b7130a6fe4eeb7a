/** Where the time of a run went; the four parts are all of it. */
export type ReportTime = {
  /** From the first record to the last one. */
  readonly wallMs: number
  /** Something was under way, and somebody drove the run. */
  readonly workingMs: number
  /** Nothing was under way: the run waited for a person's answer. */
  readonly waitingMs: number
  /** The run was paused, or nobody drove it. */
  readonly pausedMs: number
}

/** A stretch in which nothing was to start. */
export type ReportPause = {
  readonly from: string
  /** Absent: it lasts. */
  readonly to: string | undefined
  readonly reason: string
  readonly lastedMs: number | undefined
  /** Who went on. */
  readonly resumedBy: string | undefined
}

/** A try that did not end well and was followed by another, or by a person's word. */
export type ReportTry = {
  readonly step: string
  readonly host: string
  /** From 1; 0: it failed before anything was tried. */
  readonly number: number
  readonly kind: 'action' | 'undo'
  readonly ended: string
  /** One sentence without a full stop. */
  readonly reason: string
  /** What came of it: the answer and who gave it, or that it was tried again unasked. */
  readonly followedBy: string
}

/** One question and its answer. */
export type ReportAnswer = {
  readonly id: string
  readonly asked: string | undefined
  readonly answered: string
  readonly step: string | undefined
  readonly host: string | undefined
  readonly question: string
  readonly choice: string
  readonly reason: string | undefined
  readonly by: string
  /** `asked`: at the screen; `option`: given beforehand; `settled`: it answered itself. */
  readonly how: string
}
