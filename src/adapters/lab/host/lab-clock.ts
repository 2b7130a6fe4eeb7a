import type { LabClock } from '../program.ts'

/** A clock whose time can be set apart from the real one. */
export type AdjustableClock = LabClock & {
  /** Sets the clock ahead (or back) of the real time. */
  skew(byMs: number): void
}

/** Builds a clock that runs `speed` times as fast as the real one (1 unless told). */
export function buildLabClock(
  options: { readonly speed?: number; readonly startMs?: number } = {},
): AdjustableClock {
  const speed = options.speed ?? 1
  const realStartMs = Date.now()
  const startMs = options.startMs ?? realStartMs
  let skewMs = 0
  return {
    nowMs: () => startMs + skewMs + (Date.now() - realStartMs) * speed,
    sleep: (durationMs, signal) => sleepFor(durationMs / speed, signal),
    skew: (byMs) => {
      skewMs = byMs
    },
  }
}

/** Node fires at once for longer timers. */
const maxTimerMs = 2 ** 31 - 1

async function sleepFor(realMs: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted === true) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, Math.min(realMs, maxTimerMs))
    signal?.addEventListener('abort', done, { once: true })
  })
}
