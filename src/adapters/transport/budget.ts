/** A time allowance that stands still while a person is being asked. */
export type Budget = {
  /** Aborts when the allowance is used up or the caller gave up; `reason` tells which. */ readonly signal: AbortSignal
  readonly reason: () => 'expired' | 'cancelled'
  /** Runs `ask` with the clock stopped. */ readonly pauseWhile: <T>(ask: () => Promise<T>) => Promise<T>
  readonly leftMs: () => number
  readonly stop: () => void
}

/** Starts a {@link Budget} of `totalMs`. */
export function startBudget(totalMs: number, cancel?: AbortSignal): Budget {
  const controller = new AbortController()
  let leftMs = totalMs
  let since = performance.now()
  let pauses = 0
  let timer: NodeJS.Timeout | undefined
  const run = () => {
    since = performance.now()
    timer = setTimeout(() => controller.abort('expired'), leftMs)
  }
  const halt = () => {
    clearTimeout(timer)
    leftMs = Math.max(0, leftMs - (performance.now() - since))
  }
  const onCancel = () => controller.abort('cancelled')
  if (cancel?.aborted === true) onCancel()
  cancel?.addEventListener('abort', onCancel, { once: true })
  run()
  return {
    signal: controller.signal,
    reason: () => (controller.signal.reason === 'cancelled' ? 'cancelled' : 'expired'),
    pauseWhile: async (ask) => {
      if (pauses++ === 0) halt()
      try {
        return await ask()
      } finally {
        if (--pauses === 0) run()
      }
    },
    leftMs: () => (pauses > 0 ? leftMs : Math.max(0, leftMs - (performance.now() - since))),
    stop: () => {
      clearTimeout(timer)
      cancel?.removeEventListener('abort', onCancel)
    },
  }
}
