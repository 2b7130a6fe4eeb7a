import { createHash } from 'node:crypto'
import type { Digest } from '../../../src/core/base/ids.ts'

/** The port that gives digests, for tests of the engine alone. */
export function hash(data: string | Uint8Array): Digest {
  return createHash('sha256').update(data).digest('hex') as Digest
}
