import type { Clock } from '../../../../src/engine/ports/clock.ts'
import type { Random } from './random.ts'

/** One life of the tool; whatever it still waits for when it is killed never comes. */
export type SimProcess = { isAlive: boolean }

/** Virtual time. Things that are due at the same moment happen in an order that the seed chooses. */
export type Scheduler = {
  readonly nowMs: () => number
  /** Calls `act` after that time, unless it belongs to a process that is dead by then. Gives a way to take it back. */
  readonly after: (delayMs: number, act: () => void, owner?: SimProcess) => () => void
  readonly delay: (delayMs: number, owner?: SimProcess) => Promise<void>
  /** Lets everything settle, then makes the next thing happen; false when nothing is left. */
  readonly step: () => Promise<boolean>
  readonly steps: () => number
}

type Entry = { atMs: number; order: number; act: () => void; owner: SimProcess | undefined }

export function createScheduler(random: Random): Scheduler {
  const entries: Entry[] = []
  let now = 0
  let steps = 0
  const after: Scheduler['after'] = (delayMs, act, owner) => {
    const entry = { atMs: now + Math.max(0, delayMs), order: random.next(), act, owner }
    entries.push(entry)
    return () => {
      const at = entries.indexOf(entry)
      if (at !== -1) entries.splice(at, 1)
    }
  }
  return {
    nowMs: () => now,
    steps: () => steps,
    after,
    delay: (delayMs, owner) => new Promise((resolve) => void after(delayMs, resolve, owner)),
    step: async () => {
      if (entries.length === 0) await settle()
      const entry = takeFirst(entries)
      if (entry === undefined) return false
      steps += 1
      now = Math.max(now, entry.atMs)
      if (entry.owner?.isAlive !== false) entry.act()
      await settle()
      return true
    },
  }
}

/** Lets every promise that can go on do so. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function takeFirst(entries: Entry[]): Entry | undefined {
  let first = 0
  for (const [index, { atMs, order }] of entries.entries()) {
    const best = entries[first]!
    if (atMs < best.atMs || (atMs === best.atMs && order < best.order)) first = index
  }
  return entries.splice(first, 1)[0]
}

/** The clock of one process. */
export function createSimClock(scheduler: Scheduler, random: Random, owner: SimProcess): Clock {
  return {
    wallMs: () => 1_700_000_000_000 + scheduler.nowMs(),
    monoMs: () => scheduler.nowMs(),
    randomToken: (length) => random.token(length),
    sleep: (durationMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve()
        const wake = (): void => {
          cancel()
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        const cancel = scheduler.after(durationMs, wake, owner)
        signal?.addEventListener('abort', wake, { once: true })
      }),
  }
}
