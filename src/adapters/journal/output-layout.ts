import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { BugError, EnvironmentError } from '../../core/base/errors.ts'
import type { Digest, JobId } from '../../core/base/ids.ts'
import { readWhole } from './disk.ts'
import { hasCode, withDiskErrors } from './disk-error.ts'

/** The streams of a job; each is kept by itself. */
export type OutputStream = 'stdout' | 'stderr'

/** How a stream is cut into files. All sizes are multiples of `blockBytes`. */
export type OutputLayout = {
  /** The line index counts newlines up to the end of each block: what has to be read to find a line. */
  readonly blockBytes: number
  /** First file, never dropped. */
  readonly headBytes: number
  /** Each later file; the oldest ones are dropped. */
  readonly segmentBytes: number
  /** So many later files are kept, the one that is being written included. */
  readonly segments: number
}

const MIB = 1024 * 1024

/** First 8 MiB and at least the last 56 MiB of each stream: more than anybody reads, and 200 jobs still fit a small disk. */
export const OUTPUT_LAYOUT: OutputLayout = {
  blockBytes: 64 * 1024,
  headBytes: 8 * MIB,
  segmentBytes: 8 * MIB,
  segments: 8,
}

/** What was kept of a stream; `digest` is SHA-256 over the kept bytes, first to last. */
export type OutputSummary = {
  readonly bytes: number
  readonly lines: number
  readonly droppedBytes: number
  readonly digest: Digest
}

/** Takes the output of one stream of a job, which is masked already. After a failure of the disk it takes nothing more. */
export type OutputWriter = {
  /** Resolves when the bytes are handed to the system: wait for it before reading on (back-pressure). */
  readonly append: (bytes: Uint8Array) => Promise<void>
  /** Makes everything appended before durable, and gives the offset from which a resumed run goes on. */
  readonly flush: () => Promise<number>
  /** Bytes of the stream so far, durable or not; masking keeps lengths, so it is the host's offset too. */
  readonly offset: () => number
  /** Ends the stream durably: `meta.json` and the journal say the same digest. */
  readonly finish: () => Promise<OutputSummary>
  /** Flushes and closes the files, also after a failure; the stream can be opened again and goes on. Idempotent. */
  readonly close: () => Promise<void>
}

/** Contents of `meta.json`: the layout from the beginning, the summary once the stream has ended. */
export type OutputMeta = {
  readonly v: 1
  readonly layout: OutputLayout
  readonly summary: OutputSummary | null
}

/** A file of a stream: the bytes from `start` up to `start + sizeBytes`. */
export type OutputSegment = {
  readonly index: number
  readonly path: string
  readonly start: number
  readonly sizeBytes: number
}

/** Names of what the directory of a stream holds. */
export type OutputPaths = {
  readonly directory: string
  readonly meta: string
  readonly lines: string
  readonly durable: string
}

const JOB_ID = /^[a-z0-9][a-z0-9.-]{0,63}$/
const SEGMENT = /^\d{6}$/

/** Where a stream of a job is kept, in the `out/` directory of its run. */
export function selectOutputPaths(outputs: string, job: JobId, stream: OutputStream): OutputPaths {
  if (!JOB_ID.test(job)) throw new BugError(`not a job id: ${JSON.stringify(job)}`)
  const directory = join(outputs, `${job}.${stream}`)
  return {
    directory,
    meta: join(directory, 'meta.json'),
    lines: join(directory, 'lines.idx'),
    durable: join(directory, 'durable.pos'),
  }
}

/** Where the file of this number begins; number 0 is the head. */
export function selectSegmentStart(layout: OutputLayout, index: number): number {
  return index === 0 ? 0 : layout.headBytes + (index - 1) * layout.segmentBytes
}

/** Path of the file of this number; in the order of their names the files make up the stream. */
export function selectSegmentPath({ directory }: OutputPaths, index: number): string {
  return join(directory, String(index).padStart(6, '0'))
}

/** The files that are there, in order. */
export async function listSegments(
  paths: OutputPaths,
  layout: OutputLayout,
): Promise<readonly OutputSegment[]> {
  const names = await withDiskErrors(paths.directory, () => readdir(paths.directory))
  const segments: OutputSegment[] = []
  for (const name of names.filter((each) => SEGMENT.test(each)).toSorted()) {
    const path = join(paths.directory, name)
    const index = Number(name)
    try {
      const { size } = await lstat(path)
      segments.push({ index, path, start: selectSegmentStart(layout, index), sizeBytes: size })
    } catch (error) {
      // The writer may drop the oldest one meanwhile.
      if (!hasCode(error, 'ENOENT')) throw error
    }
  }
  return segments
}

/** End of the last file: all bytes that the stream has had, the dropped ones included. */
export function selectEnd(segments: readonly OutputSegment[]): number {
  const last = segments.at(-1)
  return last === undefined ? 0 : last.start + last.sizeBytes
}

/** The dropped stretch, or null. */
export function selectGap(
  segments: readonly OutputSegment[],
): { readonly start: number; readonly end: number } | null {
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1]
    const end = segment.start + segment.sizeBytes
    if (next !== undefined && next.start > end) return { start: end, end: next.start }
  }
  return null
}

/** Reads `meta.json`; null where the stream was never begun. */
export async function loadOutputMeta(paths: OutputPaths): Promise<OutputMeta | null> {
  let text: string
  try {
    text = (await readWhole(paths.meta)).toString('utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
  try {
    const meta = JSON.parse(text) as OutputMeta
    if (meta.v === 1 && meta.layout.blockBytes > 0 && meta.layout.segmentBytes > 0) return meta
  } catch {
    // Said below.
  }
  throw new EnvironmentError(`${paths.meta} is damaged`, ['handrail verify RUN'])
}
