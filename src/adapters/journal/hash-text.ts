import { hash } from 'node:crypto'
import type { HashText } from '../../core/base/hash.ts'
import type { Digest } from '../../core/base/ids.ts'

/** SHA-256 by the platform's own crypto: what core's `HashText` port wants. */
export const hashText: HashText = (text) => hash('sha256', text, 'hex') as Digest

/** SHA-256 of bytes. */
export function hashBytes(bytes: Uint8Array): Digest {
  return hash('sha256', bytes, 'hex') as Digest
}
