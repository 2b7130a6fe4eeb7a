const MASK_64 = (1n << 64n) - 1n
const FNV_OFFSET = 0xcbf29ce484222325n
const FNV_PRIME = 0x100000001b3n
const SIGN_BIT = 1n << 63n

/** A 64-bit hash of a text, the same on every machine: the only source of chance in the lab's cluster. */
export function seededHash(text: string): bigint {
  let hash = FNV_OFFSET
  for (let index = 0; index < text.length; index += 1) {
    hash = ((hash ^ BigInt(text.charCodeAt(index))) * FNV_PRIME) & MASK_64
  }
  return mix(hash)
}

/** A UUID that depends only on the key (host ids, schema versions, repair sessions). */
export function seededUuid(key: string): string {
  const hex =
    seededHash(`${key}#high`).toString(16).padStart(16, '0') +
    seededHash(`${key}#low`).toString(16).padStart(16, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The place of a row or a virtual node on the ring, as a signed decimal. */
export function seededToken(key: string): string {
  const hash = seededHash(key)
  return (hash >= SIGN_BIT ? hash - (1n << 64n) : hash).toString()
}

/** What stands in `salted_hash`: the shape of bcrypt, not its strength (no lab password protects anything). */
export function seededPasswordHash(password: string): string {
  return `$2a$10$${seededHash(`a:${password}`).toString(36)}${seededHash(`b:${password}`).toString(36)}`
}

/** SplitMix64's finaliser: spreads neighbouring inputs over the whole ring. */
function mix(input: bigint): bigint {
  let value = input
  value = ((value ^ (value >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK_64
  value = ((value ^ (value >> 27n)) * 0x94d049bb133111ebn) & MASK_64
  return value ^ (value >> 31n)
}
