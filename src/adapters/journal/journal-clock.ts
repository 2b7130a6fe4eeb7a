/** Time for the records of a journal; tests give their own. */
export type JournalClock = {
  /** Milliseconds since 1970, may jump. */
  readonly wallMs: () => number
  /** Whole milliseconds from a clock that never goes back; its zero means nothing. */
  readonly monoMs: () => number
}

/** How far wall and monotonic clock may drift apart before it is recorded; a sleeping laptop shows the same way. */
export const CLOCK_JUMP_MS = 2000

/** The machine's clocks. */
export const systemClock: JournalClock = {
  wallMs: () => Date.now(),
  monoMs: () => Number(process.hrtime.bigint() / 1_000_000n),
}

/** Starts comparing the two clocks; each call gives by how much the wall clock has jumped since the last jump, or 0. */
export function openJumpDetector(clock: JournalClock): () => number {
  let difference = clock.wallMs() - clock.monoMs()
  return () => {
    const now = clock.wallMs() - clock.monoMs()
    const jump = Math.round(now - difference)
    if (Math.abs(jump) <= CLOCK_JUMP_MS) return 0
    difference = now
    return jump
  }
}
