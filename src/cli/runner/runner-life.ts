/** Decides when a runner is needed no more. */
export type RunnerLife = {
  readonly clientsChanged: (count: number) => void
  readonly restChanged: (isResting: boolean) => void
  /** Resolves when the first client is there, or after a while. */
  readonly firstClient: Promise<void>
  /** Resolves when nobody needs the runner: it rests and has had no client for so long. */
  readonly idle: Promise<void>
  /** Resolves when the last client has left, or after a while: one that is stalled is not waited for. */
  readonly noClient: () => Promise<void>
  readonly end: () => void
}

/** The client that starts a runner connects within milliseconds; it may also have died. */
const FIRST_CLIENT_MS = 5000
/** A client that shows the end of a run may stay open; nothing is lost when it goes on without a runner. */
const LAST_CLIENT_MS = 10 * 60_000

/** Begins to count. */
export function createRunnerLife(idleMs: number): RunnerLife {
  const first = Promise.withResolvers<void>()
  const idle = Promise.withResolvers<void>()
  const firstTimer = setTimeout(first.resolve, FIRST_CLIENT_MS)
  const now = { clients: 0, isResting: false }
  let idleTimer: NodeJS.Timeout | undefined
  let left: (() => void) | undefined
  const update = (): void => {
    clearTimeout(idleTimer)
    idleTimer = now.clients === 0 && now.isResting ? setTimeout(idle.resolve, idleMs) : undefined
    if (now.clients === 0) left?.()
  }
  return {
    clientsChanged(count) {
      now.clients = count
      if (count > 0) first.resolve()
      update()
    },
    restChanged(isResting) {
      if (isResting === now.isResting) return
      now.isResting = isResting
      update()
    },
    firstClient: first.promise,
    idle: idle.promise,
    noClient: () =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, LAST_CLIENT_MS)
        const done = (): void => {
          clearTimeout(timer)
          resolve()
        }
        left = done
        if (now.clients === 0) done()
      }),
    end() {
      clearTimeout(idleTimer)
      clearTimeout(firstTimer)
      first.resolve()
    },
  }
}
