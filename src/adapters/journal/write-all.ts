import type { FileHandle } from 'node:fs/promises'
import { BugError, EnvironmentError } from '../../core/base/errors.ts'

/** Writes all bytes at a position of an output file; fewer written means a full disk and is an error. */
export async function writeAll(
  handle: FileHandle | null,
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  if (handle === null) throw new BugError('the output is not open')
  const { bytesWritten } = await handle.write(bytes, 0, bytes.length, position)
  if (bytesWritten !== bytes.length) {
    throw new EnvironmentError(`only ${bytesWritten} of ${bytes.length} bytes of output could be written`, [
      'free some space and resume',
    ])
  }
}
