import { createByteMasker } from '../../core/base/byte-masker.ts'
import type { Digest, JobId } from '../../core/base/ids.ts'
import type { EngineContext } from '../context.ts'

/** Both output streams of one job: masked, stored, shown. */
export type JobOutput = {
  /** Offsets of the raw streams up to which bytes are stored: where to follow from. */
  readonly offsets: () => { readonly out: number; readonly err: number }
  readonly take: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => Promise<void>
  /** Forgets what was held back, since it comes again from `offsets` on. */
  readonly rewind: () => Promise<void>
  readonly close: () => Promise<ClosedOutput>
}

export type ClosedOutput = {
  readonly outBytes: number
  readonly errBytes: number
  readonly outDigest: Digest
  readonly errDigest: Digest
}

/** Opens the output of a job at its durable end, masking the secrets known by now by value. */
export async function openJobOutput(context: EngineContext, job: JobId): Promise<JobOutput> {
  const out = await openStream(context, job, 'stdout')
  const err = await openStream(context, job, 'stderr')
  return {
    offsets: () => ({ out: out.offset(), err: err.offset() }),
    take: (stream, bytes) => (stream === 'stdout' ? out : err).take(bytes),
    rewind: async () => {
      await out.rewind()
      await err.rewind()
    },
    close: async () => {
      const [first, second] = [await out.close(), await err.close()]
      return {
        outBytes: first.bytes,
        errBytes: second.bytes,
        outDigest: first.digest,
        errDigest: second.digest,
      }
    },
  }
}

type Stream = {
  readonly offset: () => number
  readonly take: (bytes: Uint8Array) => Promise<void>
  readonly rewind: () => Promise<void>
  readonly close: () => Promise<{ readonly bytes: number; readonly digest: Digest }>
}

async function openStream(context: EngineContext, job: JobId, name: 'stdout' | 'stderr'): Promise<Stream> {
  const sink = await context.store.openOutput(job, name)
  let masker = createByteMasker(context.secrets.known())
  const put = async (bytes: Uint8Array): Promise<void> => {
    if (bytes.length === 0) return
    await sink.append(bytes)
    context.observer.onOutput(job, name, bytes)
  }
  return {
    offset: sink.offset,
    take: (bytes) => put(masker.feed(bytes)),
    rewind: async () => {
      masker = createByteMasker(context.secrets.known())
      await sink.flush()
    },
    close: async () => {
      await put(masker.flush())
      return sink.close()
    },
  }
}
