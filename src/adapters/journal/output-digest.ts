import { createHash } from 'node:crypto'
import type { Digest } from '../../core/base/ids.ts'
import { openFile } from './disk.ts'
import type { OutputSegment } from './output-layout.ts'

const CHUNK_BYTES = 1024 * 1024

/** SHA-256 over the files of a stream in order: the same as `cat 0* | sha256sum` in its directory. */
export async function hashSegments(segments: readonly OutputSegment[]): Promise<Digest> {
  const hash = createHash('sha256')
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  for (const { path } of segments) {
    const handle = await openFile(path, 'read')
    try {
      for (;;) {
        const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, null)
        if (bytesRead === 0) break
        hash.update(chunk.subarray(0, bytesRead))
      }
    } finally {
      await handle.close()
    }
  }
  return hash.digest('hex') as Digest
}
