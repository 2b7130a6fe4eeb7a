import { EnvironmentError } from '../../core/base/errors.ts'
import { describeDiskError } from './disk-error.ts'
import type { JournalFile } from './journal-file.ts'

/** Writes to the end of a file; each `add` resolves when one fdatasync covers it. */
export type GroupCommit = {
  /** Bytes are written in the order of the calls; `onDurable` runs before any later write begins. Rejects, now and for ever, after the first failure. */
  readonly add: (bytes: Uint8Array, onDurable: () => void) => Promise<void>
  /** Resolves when all that was added before has been written or refused. */
  readonly settle: () => Promise<void>
  /** Bytes that are known to be on the disk. */
  readonly durableBytes: () => number
}

type Waiting = {
  readonly bytes: Uint8Array
  readonly onDurable: () => void
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

type Options = {
  readonly file: JournalFile
  readonly path: string
  readonly startBytes: number
  /** Called once, before the waiting calls are rejected. */
  readonly onFailure: (error: Error) => void
}

/** Starts committing behind `startBytes`. Calls made while one fdatasync runs share the next. */
export function openGroupCommit({ file, path, startBytes, onFailure }: Options): GroupCommit {
  let durable = startBytes
  let stopped: Error | null = null
  let running: Promise<void> | null = null
  let waiting: Waiting[] = []

  const drain = async (): Promise<void> => {
    while (waiting.length > 0 && stopped === null) {
      const batch = waiting
      waiting = []
      try {
        durable += await commit(file, batch, durable)
        for (const each of batch) each.onDurable()
        for (const each of batch) each.resolve()
      } catch (error) {
        const failure = describeDiskError(error, path)
        stopped = failure
        onFailure(failure)
        for (const each of [...batch, ...waiting.splice(0)]) each.reject(failure)
      }
    }
    running = null
  }
  return {
    add(bytes, onDurable) {
      if (stopped !== null) return Promise.reject(stopped)
      const done = new Promise<void>((resolve, reject) => waiting.push({ bytes, onDurable, resolve, reject }))
      running ??= Promise.resolve().then(drain)
      return done
    },
    settle: () => running ?? Promise.resolve(),
    durableBytes: () => durable,
  }
}

async function commit(file: JournalFile, batch: readonly Waiting[], position: number): Promise<number> {
  const bytes = Buffer.concat(batch.map((each) => each.bytes))
  const written = await file.write(bytes, position)
  // A full disk first shows as a short write without an error; writing on would only fail later.
  if (written !== bytes.length) {
    throw new EnvironmentError(`only ${written} of ${bytes.length} bytes could be written to the journal`, [
      'free some space and resume',
    ])
  }
  await file.datasync()
  return bytes.length
}
