/** Hands out a bounded number of permits in order of asking; the bound can shrink when the other side says so. */
export type Semaphore = {
  /** Waits for a permit; call the returned function once to give it back. `undefined` when `signal` aborted first. */
  readonly acquire: (signal?: AbortSignal) => Promise<(() => void) | undefined>
  /** Lowers the bound for good, never below one. */
  readonly shrinkTo: (permits: number) => void
  readonly inUse: () => number
}

/** Builds a {@link Semaphore} with `permits` permits. */
export function buildSemaphore(permits: number): Semaphore {
  let bound = permits
  let used = 0
  const waiting: (() => void)[] = []
  const wake = () => {
    while (used < bound && waiting.length > 0) {
      used++
      waiting.shift()?.()
    }
  }
  const buildRelease = () => {
    let released = false
    return () => {
      if (released) return
      released = true
      used--
      wake()
    }
  }
  return {
    acquire: (signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve(undefined)
        const grant = () => {
          signal?.removeEventListener('abort', abandon)
          resolve(buildRelease())
        }
        const abandon = () => {
          const index = waiting.indexOf(grant)
          if (index >= 0) waiting.splice(index, 1)
          resolve(undefined)
        }
        signal?.addEventListener('abort', abandon, { once: true })
        waiting.push(grant)
        wake()
      }),
    shrinkTo: (permits) => {
      bound = Math.max(1, Math.min(bound, permits))
    },
    inUse: () => used,
  }
}
