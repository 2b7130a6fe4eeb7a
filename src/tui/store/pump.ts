/** Frames a second for what comes from hosts; a key is drawn at once. */
export const FRAMES_PER_SECOND = 30
const FRAME_MS = 1000 / FRAMES_PER_SECOND
/** A frame that took longer, in milliseconds, halves the rate: the terminal or the machine is behind. */
const SLOW_FRAME_MS = 50

/** Paces what comes from hosts: many changes, one frame. */
export type Pump = {
  /** Something changed; a frame follows within one period. */
  readonly mark: () => void
  readonly stop: () => void
}

/** Time for the pump and everything that waits; injected, so that tests decide when it passes. */
export type Timers = {
  readonly nowMs: () => number
  readonly after: (delayMs: number, run: () => void) => () => void
}

/** The timers of Node. */
export const NODE_TIMERS: Timers = {
  nowMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

/** Makes a pump that calls `commit` at most `FRAMES_PER_SECOND` times a second while something changes. */
export function createPump(timers: Timers, commit: () => void): Pump {
  let cancel: (() => void) | undefined
  let lastMs = Number.NEGATIVE_INFINITY
  let periodMs = FRAME_MS
  const run = (): void => {
    cancel = undefined
    const beganMs = timers.nowMs()
    commit()
    const tookMs = timers.nowMs() - beganMs
    lastMs = beganMs
    periodMs =
      tookMs > SLOW_FRAME_MS ? Math.min(periodMs * 2, 8 * FRAME_MS) : Math.max(FRAME_MS, periodMs / 2)
  }
  return {
    mark: () => {
      if (cancel !== undefined) return
      cancel = timers.after(Math.max(0, lastMs + periodMs - timers.nowMs()), run)
    },
    stop: () => {
      cancel?.()
      cancel = () => {}
    },
  }
}
