/** Tasks under way, by key, so that nothing is begun twice; wakes the engine when anything changes. */
export type WorkPool = {
  /** Begins a task unless one of that key is under way or parked. */
  readonly begin: (key: string, task: () => Promise<'done' | 'parked'>) => void
  /** Parked tasks may begin again: something they wait for has happened. */
  readonly unpark: () => void
  readonly size: () => number
  /** Keys of the tasks that are under way. */
  readonly keys: () => readonly string[]
  /** Resolves after the next change; at once if there was one since it was last called. */
  readonly changed: () => Promise<void>
  readonly hasNews: () => boolean
  readonly wake: () => void
  /** Throws the first error that a task ended with. */
  readonly throwFailure: () => void
  /** Resolves once no task is under way. */
  readonly settle: () => Promise<void>
}

/** Makes an empty pool. */
export function createWorkPool(): WorkPool {
  const running = new Map<string, Promise<void>>()
  const parked = new Set<string>()
  let failure: { readonly error: unknown } | undefined
  let news = false
  let notify: (() => void) | undefined
  let unparkings = 0
  const wake = (): void => {
    news = true
    notify?.()
  }
  const follow = async (key: string, task: () => Promise<'done' | 'parked'>): Promise<void> => {
    const before = unparkings
    try {
      // What it waits for may have come while it was on its way to its place.
      if ((await task()) === 'parked' && unparkings === before) parked.add(key)
    } catch (error) {
      failure ??= { error }
    } finally {
      running.delete(key)
      wake()
    }
  }
  return {
    begin: (key, task) => {
      if (running.has(key) || parked.has(key)) return
      running.set(key, follow(key, task))
    },
    unpark: () => {
      unparkings += 1
      parked.clear()
    },
    size: () => running.size,
    keys: () => [...running.keys()],
    changed: async () => {
      if (!news) await new Promise<void>((resolve) => (notify = resolve))
      news = false
      notify = undefined
    },
    hasNews: () => news,
    wake,
    throwFailure: () => {
      if (failure !== undefined) throw failure.error
    },
    settle: async () => {
      await Promise.allSettled(running.values())
    },
  }
}
