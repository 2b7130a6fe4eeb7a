/** Seeded randomness: the same seed gives the same run, byte for byte. */
export type Random = {
  /** From 0 to below 1. */
  readonly next: () => number
  /** A whole number from 0 to below `limit`. */
  readonly int: (limit: number) => number
  /** A whole number from `from` to `to`, both included. */
  readonly between: (from: number, to: number) => number
  readonly chance: (share: number) => boolean
  readonly pick: <T>(items: readonly T[]) => T
  readonly token: (length: number) => string
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** mulberry32: small, fast, and good enough to shuffle events with. */
export function createRandom(seed: number): Random {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const int = (limit: number): number => Math.floor(next() * limit)
  return {
    next,
    int,
    between: (from, to) => from + int(to - from + 1),
    chance: (share) => next() < share,
    pick: (items) => items[int(items.length)]!,
    token: (length) => Array.from({ length }, () => LETTERS[int(36)]).join(''),
  }
}
