import type { JobId } from '../../core/base/ids.ts'
import type { Outputs } from '../run-client.ts'
import { LogRing } from './log-ring.ts'

/** How much of what is stored is read when a job comes on the screen, in bytes: some 2,000 lines. */
const TAIL_BYTES = 256 * 1024
/** Jobs that are followed at the same time; the one looked at longest ago gives way. */
const MAX_FOLLOWED_JOBS = 12

/** The rings of the jobs that were looked at; follows what is on the screen and little more. */
export type LogStore = {
  /** The ring of a job; the first look begins to follow it. */
  readonly open: (job: JobId) => LogRing
  /** Stops following everything. */
  readonly close: () => void
}

/** Makes the store of one run; `onChange` is told after every chunk. */
export function createLogStore(outputs: Outputs, onChange: () => void): LogStore {
  const followed = new Map<JobId, { readonly ring: LogRing; readonly stop: () => void }>()
  const open = (job: JobId): LogRing => {
    const known = followed.get(job)
    if (known !== undefined) {
      followed.delete(job)
      followed.set(job, known)
      return known.ring
    }
    const ring = new LogRing()
    const stop = outputs.follow(job, {
      tailBytes: TAIL_BYTES,
      onChunk: (chunk) => {
        ring.push(chunk)
        onChange()
      },
    })
    followed.set(job, { ring, stop })
    for (const [oldest, { stop: stopOldest }] of followed) {
      if (followed.size <= MAX_FOLLOWED_JOBS) break
      stopOldest()
      followed.delete(oldest)
    }
    return ring
  }
  const close = (): void => {
    for (const { stop } of followed.values()) stop()
    followed.clear()
  }
  return { open, close }
}
