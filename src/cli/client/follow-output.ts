import { openOutputReader, type OutputReader } from '../../adapters/journal/output-reader.ts'
import type { OutputStream } from '../../adapters/journal/output-layout.ts'
import type { JobId } from '../../core/base/ids.ts'
import type { Outputs } from '../../tui/run-client.ts'

/** Where stored output lies, and what tells that there is more of it. */
export type OutputSource = {
  /** The run's `out/`. */
  readonly outputs: string
  /** Calls back when a job may have printed something; gives what stops that. */
  readonly onNews: (job: JobId, listener: () => void) => () => void
  /** Nothing will be added to the output of this job. */
  readonly isOver: (job: JobId) => boolean
}

/** Bytes that are read and told at once. */
const CHUNK_BYTES = 64 * 1024
/** Looks at least so often: news of output may be left out for a client that is slow. */
const POLL_MS = 500
/** What comes within one frame of a screen is read at once. */
const FRAME_MS = 30

/**
 * Follows output by its offset in the store: live news only wakes it. So nothing is told twice and nothing is left
 * out, whatever happened to the connection meanwhile. The streams are stored apart, so what was there before is told
 * one stream after the other, always in the same order; what comes then is told as it comes.
 */
export function createOutputs(source: OutputSource): Outputs {
  return {
    follow(job, { tailBytes, onChunk }) {
      const stop = new AbortController()
      const { signal } = stop
      const followings = STREAMS.map((stream): Following => {
        const reader = openOutputReader(source.outputs, { job, stream })
        const news = openNews(source, job, signal)
        return { source, job, stream, reader, news, tailBytes, onChunk, signal }
      })
      void followStreams(followings)
      return () => stop.abort()
    },
  }
}

const STREAMS = ['stdout', 'stderr'] as const

type Following = {
  readonly source: OutputSource
  readonly job: JobId
  readonly stream: OutputStream
  readonly reader: OutputReader
  readonly news: ReturnType<typeof openNews>
  readonly tailBytes: number
  readonly onChunk: Parameters<Outputs['follow']>[1]['onChunk']
  readonly signal: AbortSignal
}

async function followStreams(followings: readonly Following[]): Promise<void> {
  const positions: (number | undefined)[] = []
  for (const following of followings) positions.push(await tellStored(following))
  for (const [index, following] of followings.entries()) void followStream(following, positions[index])
}

/** Tells what is stored now; gives how far it came, undefined where nothing was told. */
async function tellStored(following: Following): Promise<number | undefined> {
  const { reader, stream, onChunk, signal } = following
  const size = await reader.size().catch(() => null)
  if (size === null || size.bytes === 0) return undefined
  const start = (await selectStart(following)) ?? 0
  let position = start
  let skippedBytes = start
  while (position < size.bytes && !signal.aborted) {
    const { offset, bytes } = await read(reader, position)
    if (bytes.length === 0 || signal.aborted) break
    skippedBytes += offset - position
    position = offset + bytes.length
    onChunk({ stream, bytes, isStored: true, ...(skippedBytes > 0 && { skippedBytes }) })
    skippedBytes = 0
  }
  return position === start ? undefined : position
}

async function followStream(following: Following, from: number | undefined): Promise<void> {
  const { source, job, stream, reader, news, signal } = following
  let position = from
  let skippedBytes = 0
  while (!signal.aborted) {
    // Asked for before reading: what comes while it is read is seen by the next turn.
    const isOver = source.isOver(job)
    const isNext = news.next()
    if (position === undefined) position = skippedBytes = (await selectStart(following)) ?? 0
    const { offset, bytes } = await read(reader, position)
    if (signal.aborted) return
    if (bytes.length > 0) {
      skippedBytes += offset - position
      position = offset + bytes.length
      following.onChunk({ stream, bytes, ...(skippedBytes > 0 && { skippedBytes }) })
      skippedBytes = 0
    } else if (isOver) return
    else {
      // A stream that is not begun yet begins at its start.
      if (position === 0) position = undefined
      await isNext
    }
  }
}

/** Where the shown part begins: after a line break, at most `tailBytes` before the end. */
async function selectStart({ reader, tailBytes }: Following): Promise<number | undefined> {
  const size = await reader.size().catch(() => null)
  if (size === null || size.bytes <= tailBytes) return 0
  const { offset, bytes } = await read(reader, size.bytes - tailBytes)
  const newline = bytes.indexOf(0x0a)
  // A single line that is longer than the tail is shown from its middle.
  return newline === -1 || newline === bytes.length - 1 ? offset : offset + newline + 1
}

async function read(reader: OutputReader, position: number): ReturnType<OutputReader['bytes']> {
  try {
    return await reader.bytes(position, CHUNK_BYTES)
  } catch {
    // A disk that cannot be read shows nothing; the journal says what became of the job.
    return { offset: position, bytes: new Uint8Array() }
  }
}

function openNews(source: OutputSource, job: JobId, signal: AbortSignal) {
  let wake: (() => void) | undefined
  // What came while nobody waited yet counts for the next wait.
  let isNews = false
  const off = source.onNews(job, () => {
    isNews = true
    wake?.()
  })
  signal.addEventListener('abort', () => {
    off()
    wake?.()
  })
  return {
    next: (): Promise<void> =>
      new Promise((resolve) => {
        const poll = setTimeout(resolve, POLL_MS)
        wake = () => {
          isNews = false
          wake = undefined
          clearTimeout(poll)
          setTimeout(resolve, signal.aborted ? 0 : FRAME_MS)
        }
        if (isNews) wake()
      }),
  }
}
