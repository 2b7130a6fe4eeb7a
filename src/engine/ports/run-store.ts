import type { Digest, JobId } from '../../core/base/ids.ts'
import type { RunEvent } from '../../core/run/events.ts'

/**
 * Where a run is kept. Exists because nothing may be acted on or shown before it is durable.
 *
 * An implementation guarantees: `append` resolves only after a sync that covers the events, keeps their order,
 * and rejects for ever after the first error of the medium; a value is durable before its digest is returned.
 */
export type RunStore = {
  /** Gives what is now durable, in order: the events, and what the store itself had to tell (a clock that jumped). */
  readonly append: (events: readonly RunEvent[]) => Promise<readonly RunEvent[]>
  readonly putValue: (text: string) => Promise<Digest>
  readonly getValue: (digest: Digest) => Promise<string | undefined>
  /** Opens the output of one stream of a job, at its durable end. */
  readonly openOutput: (job: JobId, stream: 'stdout' | 'stderr') => Promise<OutputSink>
}

/** One stream of a job's output; bytes come in order and already masked. */
export type OutputSink = {
  /** Bytes received so far, those that fell into the gap included: the offset to follow from. */
  readonly offset: () => number
  readonly append: (bytes: Uint8Array) => Promise<void>
  /** Makes what was appended durable. */
  readonly flush: () => Promise<void>
  /** Ends the stream durably; the digest is over what was kept. */
  readonly close: () => Promise<{ readonly bytes: number; readonly digest: Digest }>
}
