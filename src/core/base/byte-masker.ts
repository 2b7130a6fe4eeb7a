import { MIN_SECRET_LENGTH, type NamedSecret } from './masker.ts'
import { buildSecretVariants } from './secret-variants.ts'
import { encodeUtf8 } from './utf8.ts'

/** Masks a stream of bytes without changing its length: offsets in the masked stream are those of the raw one. */
export type ByteMasker = {
  /** Gives what is decided of the stream so far; up to the longest form of a secret is held back. */
  readonly feed: (bytes: Uint8Array) => Uint8Array
  /** Ends the stream and gives what was held back. */
  readonly flush: () => Uint8Array
}

const STAR = 0x2a

/** Makes a masker that overwrites every form of these secrets by as many `*`; short values are not masked. */
export function createByteMasker(secrets: readonly NamedSecret[]): ByteMasker {
  const needles = secrets
    .filter(({ value }) => value.length >= MIN_SECRET_LENGTH)
    .flatMap(({ value }) => buildSecretVariants(value, MIN_SECRET_LENGTH).map(encodeUtf8))
    .filter(({ length }) => length > 0)
  const holdBytes = needles.reduce((longest, { length }) => Math.max(longest, length), 1) - 1
  let held: Uint8Array = new Uint8Array(0)
  const release = (bytes: Uint8Array, keep: number): Uint8Array => {
    const joined = concat(held, bytes)
    for (const needle of needles) overwrite(joined, needle)
    const split = Math.max(0, joined.length - keep)
    held = joined.slice(split)
    return joined.subarray(0, split)
  }
  if (needles.length === 0) return { feed: (bytes) => bytes, flush: () => new Uint8Array(0) }
  return { feed: (bytes) => release(bytes, holdBytes), flush: () => release(new Uint8Array(0), 0) }
}

function overwrite(bytes: Uint8Array, needle: Uint8Array): void {
  for (let at = bytes.indexOf(needle[0]!); at !== -1; at = bytes.indexOf(needle[0]!, at + 1)) {
    if (at + needle.length > bytes.length) return
    if (needle.every((byte, index) => bytes[at + index] === byte)) bytes.fill(STAR, at, at + needle.length)
  }
}

function concat(left: Uint8Array, right: Uint8Array): Uint8Array {
  const joined = new Uint8Array(left.length + right.length)
  joined.set(left)
  joined.set(right, left.length)
  return joined
}
