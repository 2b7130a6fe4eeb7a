import type { FileHandle } from 'node:fs/promises'
import { openFile } from './disk.ts'
import { hasCode } from './disk-error.ts'

/** Newlines of a stream: how many up to the end of each whole block. Entry k covers the first `(k + 1) * blockBytes` bytes. */
export type LineCounts = {
  readonly blockBytes: number
  readonly counts: readonly number[]
}

/** Bytes of one entry: an unsigned 64-bit number, little-endian. */
export const INDEX_ENTRY_BYTES = 8

const NEWLINE = 0x0a

/** Reads the line index; an index that is missing or behind only costs reading. */
export async function loadLineCounts(path: string, blockBytes: number): Promise<LineCounts> {
  let handle: FileHandle
  try {
    handle = await openFile(path, 'read')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { blockBytes, counts: [] }
    throw error
  }
  try {
    const bytes = await handle.readFile()
    const length = Math.floor(bytes.length / INDEX_ENTRY_BYTES)
    const counts = Array.from({ length }, (_, index) =>
      Number(bytes.readBigUInt64LE(index * INDEX_ENTRY_BYTES)),
    )
    return { blockBytes, counts }
  } finally {
    await handle.close()
  }
}

/** Bytes of one entry of the index. */
export function encodeLineCount(newlines: number): Buffer {
  const entry = Buffer.alloc(INDEX_ENTRY_BYTES)
  entry.writeBigUInt64LE(BigInt(newlines))
  return entry
}

/** Counts newlines in bytes. */
export function countNewlines(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count += 1
  return count
}

/**
 * Where to begin reading for line `line` (from 0): the last block boundary before that line's first byte,
 * and the number of newlines before the boundary.
 */
export function selectBlockBefore(
  { blockBytes, counts }: LineCounts,
  line: number,
): { readonly offset: number; readonly newlines: number } {
  let low = 0
  let high = counts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((counts[middle] ?? 0) < line) low = middle + 1
    else high = middle
  }
  return low === 0 ? { offset: 0, newlines: 0 } : { offset: low * blockBytes, newlines: counts[low - 1] ?? 0 }
}

/** Newlines before a block boundary, as far as the index knows: the last entry where it is behind. */
export function selectNewlinesBefore({ blockBytes, counts }: LineCounts, offset: number): number {
  const entries = Math.min(Math.floor(offset / blockBytes), counts.length)
  return entries === 0 ? 0 : (counts[entries - 1] ?? 0)
}
