import { truncate, unlink } from 'node:fs/promises'
import { BugError, EnvironmentError } from '../../core/base/errors.ts'
import { createDirectory, createFile, openFile, writeNewFile } from './disk.ts'
import { hasCode } from './disk-error.ts'
import { countNewlines, encodeLineCount, loadLineCounts } from './output-index.ts'
import {
  listSegments,
  selectEnd,
  selectGap,
  type OutputLayout,
  type OutputMeta,
  type OutputPaths,
  type OutputSegment,
} from './output-layout.ts'
import { loadDurableOffset } from './durable-offset.ts'
import { writeAll } from './write-all.ts'

/** Where a stream goes on. */
export type RestoredOutput = {
  readonly offset: number
  readonly newlines: number
  readonly indexEntries: number
  /** Number of the oldest file behind the head that is still kept. */
  readonly oldest: number
}

/** Begins a stream: its directory, empty index and positions, and the layout that it will always have. */
export async function createOutput(paths: OutputPaths, layout: OutputLayout): Promise<OutputMeta> {
  const { blockBytes, headBytes, segmentBytes } = layout
  if (headBytes % blockBytes !== 0 || segmentBytes % blockBytes !== 0) {
    throw new BugError('the sizes of an output must be multiples of its block')
  }
  const meta: OutputMeta = { v: 1, layout, summary: null }
  await createDirectory(paths.directory).catch((error: unknown) => {
    // Left by a crash before its meta.json was there.
    if (!(error instanceof EnvironmentError)) throw error
  })
  for (const path of [paths.lines, paths.durable]) {
    const handle = await createFile(path).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error
      return null
    })
    await handle?.close()
  }
  await writeNewFile(paths.meta, `${JSON.stringify(meta)}\n`)
  return meta
}

/** Cuts a stream back to its last durable position (nothing behind it was promised), and rebuilds the index. */
export async function restoreOutput(paths: OutputPaths, { layout }: OutputMeta): Promise<RestoredOutput> {
  const segments = await listSegments(paths, layout)
  const offset = await loadDurableOffset(paths.durable, selectEnd(segments))
  for (const segment of segments) {
    if (segment.start >= offset && segment.index > 0) await unlink(segment.path)
    else if (segment.start + segment.sizeBytes > offset) {
      await truncate(segment.path, offset - segment.start)
    }
  }
  const kept = await listSegments(paths, layout)
  const { newlines, indexEntries } = await restoreIndex(paths, layout, kept)
  const oldest = kept.find((segment) => segment.index > 0)?.index ?? 1
  return { offset, newlines, indexEntries, oldest }
}

/**
 * Only what was dropped is taken from the old index: it was made durable before the first file was dropped.
 * The rest is counted again, some 50 ms at most, since it may be behind or zeroed after a power cut.
 */
async function restoreIndex(paths: OutputPaths, layout: OutputLayout, kept: readonly OutputSegment[]) {
  const { blockBytes } = layout
  let at = selectGap(kept)?.end ?? 0
  const old = at === 0 ? [] : (await loadLineCounts(paths.lines, blockBytes)).counts
  const counts = old.slice(0, at / blockBytes)
  let newlines = counts.at(-1) ?? 0
  while (counts.length < at / blockBytes) counts.push(newlines)
  for (const segment of kept.filter((each) => each.start >= at)) {
    const bytes = await readSegment(segment)
    for (let used = 0; used < bytes.length; used += blockBytes) {
      newlines += countNewlines(bytes.subarray(used, used + blockBytes))
      if (used + blockBytes <= bytes.length) counts.push(newlines)
    }
    at = segment.start + bytes.length
  }
  const index = await openFile(paths.lines, 'write')
  try {
    const whole = Buffer.concat(counts.map((count) => encodeLineCount(count)))
    await writeAll(index, whole, 0)
    await index.truncate(whole.length)
  } finally {
    await index.close()
  }
  return { newlines, indexEntries: counts.length }
}

async function readSegment({ path }: OutputSegment): Promise<Buffer> {
  const handle = await openFile(path, 'read')
  try {
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}
