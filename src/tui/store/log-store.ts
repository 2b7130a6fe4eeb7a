import type { JobId } from '../../core/base/ids.ts'
import type { OutputChunk, Outputs } from '../run-client.ts'
import { LogRing } from './log-ring.ts'
import type { Timers } from './pump.ts'

/** How much of what is stored is read when a job comes on the screen, in bytes: some 2,000 lines. */
const TAIL_BYTES = 256 * 1024
/** Jobs that are followed at the same time; the one looked at longest ago gives way. */
const MAX_FOLLOWED_JOBS = 12
/** How long output is taken in at a stretch, in milliseconds: a key waits no longer for it. */
const STRETCH_MS = 6
/** Output that may wait to be taken in, in bytes a job; what is older is left out, and all of it is kept on disk. */
const MAX_WAITING_BYTES = 2 * 1024 * 1024
/** A chunk is cut into pieces of so many bytes, so that a stretch can end within it. */
const PIECE_BYTES = 32 * 1024

/** The rings of the jobs that were looked at; follows what is on the screen and little more. */
export type LogStore = {
  /** The ring of a job; the first look begins to follow it. */
  readonly open: (job: JobId) => LogRing
  /** Stops following everything. */
  readonly close: () => void
}

type Followed = {
  readonly ring: LogRing
  readonly waiting: OutputChunk[]
  waitingBytes: number
  stop: () => void
}

/** Makes the store of one run; `onChange` is told when there is something new to see. */
export function createLogStore(outputs: Outputs, timers: Timers, onChange: () => void): LogStore {
  const followed = new Map<JobId, Followed>()
  let cancelTurn: (() => void) | undefined

  const takeIn = (): void => {
    cancelTurn = undefined
    const untilMs = timers.nowMs() + STRETCH_MS
    for (const each of followed.values()) {
      while (each.waiting.length > 0 && timers.nowMs() < untilMs) {
        const chunk = each.waiting.shift()!
        each.waitingBytes -= chunk.bytes.length
        each.ring.push(chunk)
      }
    }
    onChange()
    if ([...followed.values()].some(({ waiting }) => waiting.length > 0)) schedule()
  }
  const schedule = (): void => {
    cancelTurn ??= timers.after(0, takeIn)
  }
  const open = (job: JobId): LogRing => {
    const known = followed.get(job)
    if (known !== undefined) {
      followed.delete(job)
      followed.set(job, known)
      return known.ring
    }
    const fresh: Followed = { ring: new LogRing(), waiting: [], waitingBytes: 0, stop: () => {} }
    followed.set(job, fresh)
    fresh.stop = outputs.follow(job, {
      tailBytes: TAIL_BYTES,
      onChunk: (chunk) => {
        enqueue(fresh, chunk)
        schedule()
      },
    })
    letGoOfOldest(followed)
    return fresh.ring
  }
  const close = (): void => {
    cancelTurn?.()
    for (const { stop } of followed.values()) stop()
    followed.clear()
  }
  return { open, close }
}

function enqueue(job: Followed, chunk: OutputChunk): void {
  for (let at = 0; at < chunk.bytes.length || at === 0; at += PIECE_BYTES) {
    const bytes = chunk.bytes.subarray(at, at + PIECE_BYTES)
    const { skippedBytes: _, ...rest } = chunk
    job.waiting.push(at === 0 ? { ...chunk, bytes } : { ...rest, bytes })
    job.waitingBytes += bytes.length
  }
  let left = 0
  while (job.waitingBytes > MAX_WAITING_BYTES && job.waiting.length > 1) {
    const oldest = job.waiting.shift()!
    job.waitingBytes -= oldest.bytes.length
    left += oldest.bytes.length + (oldest.skippedBytes ?? 0)
  }
  const first = job.waiting[0]
  if (left > 0 && first !== undefined)
    job.waiting[0] = { ...first, skippedBytes: (first.skippedBytes ?? 0) + left }
}

function letGoOfOldest(followed: Map<JobId, Followed>): void {
  for (const [oldest, { stop }] of followed) {
    if (followed.size <= MAX_FOLLOWED_JOBS) return
    stop()
    followed.delete(oldest)
  }
}
