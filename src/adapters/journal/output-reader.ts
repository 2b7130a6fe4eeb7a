import type { FileHandle } from 'node:fs/promises'
import type { JobId } from '../../core/base/ids.ts'
import { openFile } from './disk.ts'
import { hasCode, withDiskErrors } from './disk-error.ts'
import {
  countNewlines,
  loadLineCounts,
  selectBlockBefore,
  selectNewlinesBefore,
  type LineCounts,
} from './output-index.ts'
import {
  listSegments,
  loadOutputMeta,
  selectEnd,
  selectGap,
  selectOutputPaths,
  type OutputPaths,
  type OutputSegment,
  type OutputStream,
  type OutputSummary,
} from './output-layout.ts'

/** A line of output without its newline, or the stretch that was not kept. */
export type OutputItem =
  | {
      readonly kind: 'line'
      /** From 0. */
      readonly line: number
      readonly bytes: Uint8Array
      /** The line is longer than what is shown: cut at {@link MAX_SHOWN_LINE_BYTES}, or the gap took the rest. */
      readonly cut: boolean
    }
  | { readonly kind: 'gap'; readonly droppedBytes: number; readonly droppedLines: number }

/** A window of lines; `lines` counts all newlines of the stream so far. */
export type OutputWindow = { readonly items: readonly OutputItem[]; readonly lines: number }

/** How much of a stream there is. `summary` is null while it may still grow. */
export type OutputSize = {
  readonly bytes: number
  readonly lines: number
  readonly droppedBytes: number
  readonly summary: OutputSummary | null
}

/** Reads the output of one stream of a job, also while it is being written, by this or another process. */
export type OutputReader = {
  /** Null where the stream was never begun. */
  readonly size: () => Promise<OutputSize | null>
  /** At most `count` lines and gaps, from line `from` (from 0) on. */
  readonly lines: (from: number, count: number) => Promise<OutputWindow>
  /** The kept bytes of a stretch; `offset` is where they begin (later than asked for behind a gap). */
  readonly bytes: (
    from: number,
    sizeBytes: number,
  ) => Promise<{ readonly offset: number; readonly bytes: Uint8Array }>
}

/** Longest line that a window shows: no screen shows more, and a line without end must not fill the memory. */
export const MAX_SHOWN_LINE_BYTES = 64 * 1024

const NEWLINE = 0x0a
const CHUNK_BYTES = 64 * 1024

/** Gives access to a stream in the run's `out/`; nothing is kept open between calls. */
export function openOutputReader(
  outputs: string,
  { job, stream }: { readonly job: JobId; readonly stream: OutputStream },
): OutputReader {
  const paths = selectOutputPaths(outputs, job, stream)
  const guarded = <T>(action: () => Promise<T>): Promise<T> => withDiskErrors(paths.directory, action)
  return {
    size: () => guarded(() => measure(paths)),
    lines: (from, count) => guarded(() => loadWindow(paths, from, count)),
    bytes: (from, sizeBytes) => guarded(() => loadBytes(paths, from, sizeBytes)),
  }
}

type View = {
  readonly segments: readonly OutputSegment[]
  readonly counts: LineCounts
  readonly summary: OutputSummary | null
}

async function loadView(paths: OutputPaths): Promise<View | null> {
  const meta = await loadOutputMeta(paths)
  if (meta === null) return null
  const segments = await listSegments(paths, meta.layout)
  const counts = await loadLineCounts(paths.lines, meta.layout.blockBytes)
  return { segments, counts, summary: meta.summary }
}

async function measure(paths: OutputPaths): Promise<OutputSize | null> {
  const view = await loadView(paths)
  if (view === null) return null
  const gap = selectGap(view.segments)
  return {
    bytes: selectEnd(view.segments),
    lines: await countLines(view),
    droppedBytes: gap === null ? 0 : gap.end - gap.start,
    summary: view.summary,
  }
}

async function countLines({ segments, counts }: View): Promise<number> {
  const end = selectEnd(segments)
  const indexed = Math.min(counts.counts.length, Math.floor(end / counts.blockBytes)) * counts.blockBytes
  let lines = selectNewlinesBefore(counts, indexed)
  for await (const { bytes } of readForward(segments, indexed)) lines += countNewlines(bytes)
  return lines
}

async function loadWindow(paths: OutputPaths, from: number, count: number): Promise<OutputWindow> {
  const view = await loadView(paths)
  if (view === null) return { items: [], lines: 0 }
  const lines = await countLines(view)
  const items: OutputItem[] = []
  if (from > lines || count <= 0) return { items, lines }
  const gap = selectGap(view.segments)
  const block = selectBlockBefore(view.counts, from)
  // A line that begins in what was dropped: the window begins with the gap.
  const begin = gap !== null && block.offset > gap.start && block.offset < gap.end ? gap.start : block.offset
  const collector = openCollector({ from, count, line: selectNewlinesBefore(view.counts, begin), items })
  let position = begin
  for await (const { offset, bytes } of readForward(view.segments, begin)) {
    if (gap !== null && offset === gap.end && position === gap.start) {
      collector.skip(gap.end - gap.start, selectNewlinesBefore(view.counts, gap.end))
    }
    collector.take(bytes)
    position = offset + bytes.length
    if (collector.isFull()) break
  }
  collector.finish()
  return { items, lines }
}

type Collecting = {
  readonly from: number
  readonly count: number
  line: number
  readonly items: OutputItem[]
}

/** Makes lines of bytes that come in order, and keeps those of the window. */
function openCollector({ from, count, line: first, items }: Collecting) {
  let line = first
  let pending: Uint8Array[] = []
  let pendingBytes = 0
  let cut = false
  const isFull = (): boolean => items.length >= count
  const keep = (bytes: Uint8Array): void => {
    const room = MAX_SHOWN_LINE_BYTES - pendingBytes
    if (bytes.length > room) cut = true
    if (line < from || room <= 0 || bytes.length === 0) return
    // A copy: the reader uses its buffer again.
    pending.push(Uint8Array.from(bytes.subarray(0, room)))
    pendingBytes += Math.min(room, bytes.length)
  }
  const close = (): void => {
    if (line >= from && !isFull()) items.push({ kind: 'line', line, bytes: Buffer.concat(pending), cut })
    pending = []
    pendingBytes = 0
    cut = false
  }
  return {
    isFull,
    take(bytes: Uint8Array) {
      let start = 0
      while (!isFull()) {
        const end = bytes.indexOf(NEWLINE, start)
        keep(end === -1 ? bytes.subarray(start) : bytes.subarray(start, end))
        if (end === -1) return
        close()
        line += 1
        start = end + 1
      }
    },
    skip(droppedBytes: number, nextLine: number) {
      const droppedLines = nextLine - line
      if (pendingBytes > 0) {
        cut = true
        close()
      }
      if (!isFull() && nextLine >= from) items.push({ kind: 'gap', droppedBytes, droppedLines })
      line = nextLine
    },
    finish() {
      if (pendingBytes > 0) close()
    },
  }
}

async function loadBytes(paths: OutputPaths, from: number, sizeBytes: number) {
  const view = await loadView(paths)
  const parts: Uint8Array[] = []
  let offset = from
  let size = 0
  for await (const chunk of readForward(view?.segments ?? [], from)) {
    if (parts.length === 0) offset = chunk.offset
    // A gap ends the stretch: the bytes behind it are not adjacent.
    if (chunk.offset !== offset + size) break
    const part = Uint8Array.from(chunk.bytes.subarray(0, sizeBytes - size))
    parts.push(part)
    size += part.length
    if (size >= sizeBytes) break
  }
  return { offset, bytes: Buffer.concat(parts) }
}

type Chunk = { readonly offset: number; readonly bytes: Uint8Array }

/** The kept bytes from an offset on, in chunks that never cross a gap; each is valid until the next is asked for. */
async function* readForward(segments: readonly OutputSegment[], from: number): AsyncGenerator<Chunk> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  for (const { path, start, sizeBytes } of segments) {
    if (start + sizeBytes <= from) continue
    const handle = await openKept(path)
    if (handle === null) continue
    try {
      let at = Math.max(0, from - start)
      while (at < sizeBytes) {
        const { bytesRead } = await handle.read(chunk, 0, Math.min(CHUNK_BYTES, sizeBytes - at), at)
        if (bytesRead === 0) break
        yield { offset: start + at, bytes: chunk.subarray(0, bytesRead) }
        at += bytesRead
      }
    } finally {
      await handle.close()
    }
  }
}

async function openKept(path: string): Promise<FileHandle | null> {
  try {
    return await openFile(path, 'read')
  } catch (error) {
    // The writer has just dropped it.
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}
