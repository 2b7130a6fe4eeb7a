import { unlink, type FileHandle } from 'node:fs/promises'
import { EnvironmentError } from '../../core/base/errors.ts'
import type { JobId } from '../../core/base/ids.ts'
import { createFile, openFile, replaceFile, syncDirectory } from './disk.ts'
import { describeDiskError, hasCode, withDiskErrors } from './disk-error.ts'
import { openLazyOutput } from './lazy-output.ts'
import { hashSegments } from './output-digest.ts'
import { countNewlines, encodeLineCount, INDEX_ENTRY_BYTES } from './output-index.ts'
import {
  listSegments,
  loadOutputMeta,
  OUTPUT_LAYOUT,
  selectGap,
  selectOutputPaths,
  selectSegmentPath,
  selectSegmentStart,
  type OutputLayout,
  type OutputMeta,
  type OutputPaths,
  type OutputStream,
  type OutputSummary,
  type OutputWriter,
} from './output-layout.ts'
import { encodeOffset, OFFSET_BYTES } from './durable-offset.ts'
import { createOutput, restoreOutput, type RestoredOutput } from './output-restore.ts'
import { writeAll } from './write-all.ts'

export type { OutputWriter } from './output-layout.ts'

/**
 * Opens a stream of a job in the run's `out/`: a new one, which has no files before its first byte, or one that goes
 * on behind its last durable position.
 */
export async function openOutputWriter(
  outputs: string,
  { job, stream }: { readonly job: JobId; readonly stream: OutputStream },
  layout: OutputLayout = OUTPUT_LAYOUT,
): Promise<OutputWriter> {
  const paths = selectOutputPaths(outputs, job, stream)
  const found = await withDiskErrors(paths.directory, () => loadOutputMeta(paths))
  return found === null
    ? openLazyOutput(paths.directory, () => openFiles(paths, layout))
    : openFiles(paths, layout, found)
}

async function openFiles(
  paths: OutputPaths,
  layout: OutputLayout,
  found?: OutputMeta,
): Promise<OutputWriter> {
  return withDiskErrors(paths.directory, async () => {
    const meta = found ?? (await createOutput(paths, layout))
    const start = await restoreOutput(paths, meta)
    const writer = new Writer(paths, meta, start)
    await writer.open()
    return {
      append: (bytes) => writer.enqueue(() => writer.append(bytes)),
      flush: () => writer.enqueue(() => writer.flush()),
      offset: () => writer.offset,
      finish: () => writer.enqueue(() => writer.finish()),
      close: () => writer.close(),
    }
  })
}

class Writer {
  offset: number
  readonly #paths: OutputPaths
  readonly #layout: OutputLayout
  #newlines: number
  #indexEntries: number
  #oldest: number
  #segment = 0
  #data: FileHandle | null = null
  #index: FileHandle | null = null
  #durable: FileHandle | null = null
  #recorded = 0
  #failure: Error | null = null
  #queue: Promise<unknown> = Promise.resolve()

  constructor(paths: OutputPaths, { layout }: OutputMeta, start: RestoredOutput) {
    this.#paths = paths
    this.#layout = layout
    this.offset = start.offset
    this.#recorded = start.offset
    this.#newlines = start.newlines
    this.#indexEntries = start.indexEntries
    this.#oldest = start.oldest
  }

  /** One call at a time, in order; the first failure of the disk is the answer to all later ones. */
  enqueue<T>(action: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(async () => {
      if (this.#failure !== null) throw this.#failure
      try {
        return await action()
      } catch (error) {
        this.#failure = describeDiskError(error, this.#paths.directory)
        throw this.#failure
      }
    })
    this.#queue = done.catch(() => undefined)
    return done
  }

  async open(): Promise<void> {
    this.#index = await openFile(this.#paths.lines, 'write')
    this.#durable = await openFile(this.#paths.durable, 'write')
    this.#segment = selectSegmentOf(this.#layout, this.offset)
    this.#data = await openSegment(this.#paths, this.#segment)
  }

  async append(bytes: Uint8Array): Promise<void> {
    let offset = this.offset
    let rest = bytes
    while (rest.length > 0) {
      const start = selectSegmentStart(this.#layout, this.#segment)
      const end = selectSegmentStart(this.#layout, this.#segment + 1)
      if (offset === end) {
        await this.#rotate(offset)
        continue
      }
      // Up to the end of the block, so that the index gets each boundary; blocks never cross segments.
      const { blockBytes } = this.#layout
      const piece = rest.subarray(0, blockBytes - (offset % blockBytes))
      await writeAll(this.#data, piece, offset - start)
      offset += piece.length
      this.#newlines += countNewlines(piece)
      if (offset % blockBytes === 0) await this.#indexBlock()
      rest = rest.subarray(piece.length)
    }
    this.offset = offset
  }

  async flush(): Promise<number> {
    await this.#data?.datasync()
    await this.#record(this.offset)
    return this.offset
  }

  async finish(): Promise<OutputSummary> {
    await this.flush()
    await this.#index?.datasync()
    const segments = await listSegments(this.#paths, this.#layout)
    const gap = selectGap(segments)
    const summary: OutputSummary = {
      bytes: this.offset,
      lines: this.#newlines,
      droppedBytes: gap === null ? 0 : gap.end - gap.start,
      digest: await hashSegments(segments),
    }
    const meta: OutputMeta = { v: 1, layout: this.#layout, summary }
    await replaceFile(this.#paths.meta, `${JSON.stringify(meta)}\n`)
    await this.#closeFiles()
    this.#failure = new EnvironmentError(`the output in ${this.#paths.directory} has ended`)
    return summary
  }

  /** Not queued like the others: the files are closed after a failure too, which is not reported twice. */
  async close(): Promise<void> {
    try {
      if (this.#failure === null) await this.enqueue(() => this.flush())
    } finally {
      await this.#queue
      this.#failure ??= new EnvironmentError(`the output in ${this.#paths.directory} is closed`)
      await this.#closeFiles()
    }
  }

  async #closeFiles(): Promise<void> {
    const handles = [this.#data, this.#index, this.#durable]
    this.#data = null
    this.#index = null
    this.#durable = null
    for (const handle of handles) await handle?.close()
  }

  async #indexBlock(): Promise<void> {
    await writeAll(this.#index, encodeLineCount(this.#newlines), this.#indexEntries * INDEX_ENTRY_BYTES)
    this.#indexEntries += 1
  }

  async #record(offset: number): Promise<void> {
    if (this.#recorded === offset) return
    const handle = this.#durable
    const { size } = (await handle?.stat()) ?? { size: 0 }
    await writeAll(handle, encodeOffset(offset), size - (size % OFFSET_BYTES))
    await handle?.datasync()
    this.#recorded = offset
  }

  /** Begins the next file. The last promise and the index are on the disk before a file is dropped. */
  async #rotate(offset: number): Promise<void> {
    await this.#data?.datasync()
    await this.#data?.close()
    await this.#record(offset)
    this.#segment += 1
    this.#data = await createFile(selectSegmentPath(this.#paths, this.#segment))
    if (this.#segment - this.#oldest >= this.#layout.segments) {
      await this.#index?.datasync()
      await unlink(selectSegmentPath(this.#paths, this.#oldest))
      this.#oldest += 1
    }
    await syncDirectory(this.#paths.directory)
  }
}

function selectSegmentOf({ headBytes, segmentBytes }: OutputLayout, offset: number): number {
  // A full file stays the current one until more arrives.
  return offset <= headBytes ? 0 : Math.ceil((offset - headBytes) / segmentBytes)
}

async function openSegment(paths: OutputPaths, index: number): Promise<FileHandle> {
  const path = selectSegmentPath(paths, index)
  try {
    return await openFile(path, 'write')
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
    const handle = await createFile(path)
    await syncDirectory(paths.directory)
    return handle
  }
}
