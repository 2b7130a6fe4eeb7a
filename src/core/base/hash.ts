import type { Digest } from './ids.ts'

/** SHA-256 of the UTF-8 bytes of a text. A port, since core has no crypto; adapters give it. */
export type HashText = (text: string) => Digest
