import type { FileHandle } from 'node:fs/promises'
import { openFile } from './disk.ts'

/**
 * A place in a stream that is on the disk: `offset` in what is stored, `sourceOffset` in what the host sent.
 * They differ because a masked secret has another length than the secret.
 */
export type OutputPosition = { readonly offset: number; readonly sourceOffset: number }

/** Bytes of one entry of `durable.pos`: two unsigned 64-bit numbers, little-endian. */
export const POSITION_BYTES = 16

/** The beginning of a stream. */
export const START_POSITION: OutputPosition = { offset: 0, sourceOffset: 0 }

/** Bytes of one entry. */
export function encodePosition({ offset, sourceOffset }: OutputPosition): Buffer {
  const entry = Buffer.alloc(POSITION_BYTES)
  entry.writeBigUInt64LE(BigInt(offset), 0)
  entry.writeBigUInt64LE(BigInt(sourceOffset), 8)
  return entry
}

/** The last recorded position that lies within the stored bytes; what follows it was never promised. */
export async function loadPosition(path: string, storedBytes: number): Promise<OutputPosition> {
  const handle: FileHandle = await openFile(path, 'read')
  try {
    const bytes = await handle.readFile()
    let found = START_POSITION
    for (let at = 0; at + POSITION_BYTES <= bytes.length; at += POSITION_BYTES) {
      const offset = Number(bytes.readBigUInt64LE(at))
      const sourceOffset = Number(bytes.readBigUInt64LE(at + 8))
      // Entries only grow; zeros are what a power cut may leave behind the last one.
      if (offset >= found.offset && offset <= storedBytes && sourceOffset >= found.sourceOffset) {
        found = { offset, sourceOffset }
      }
    }
    return found
  } finally {
    await handle.close()
  }
}
