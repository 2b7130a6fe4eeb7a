import { openFile } from './disk.ts'

/** Bytes of one entry of `durable.pos`: an unsigned 64-bit number, little-endian. */
export const OFFSET_BYTES = 8

/** Bytes of one entry. */
export function encodeOffset(offset: number): Buffer {
  const entry = Buffer.alloc(OFFSET_BYTES)
  entry.writeBigUInt64LE(BigInt(offset))
  return entry
}

/** The last recorded offset that lies within the stored bytes; what follows it was never promised. */
export async function loadDurableOffset(path: string, storedBytes: number): Promise<number> {
  const handle = await openFile(path, 'read')
  try {
    const bytes = await handle.readFile()
    let found = 0
    for (let at = 0; at + OFFSET_BYTES <= bytes.length; at += OFFSET_BYTES) {
      const offset = Number(bytes.readBigUInt64LE(at))
      // Entries only grow; zeros are what a power cut may leave behind the last one.
      if (offset > found && offset <= storedBytes) found = offset
    }
    return found
  } finally {
    await handle.close()
  }
}
