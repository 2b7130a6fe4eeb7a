/** Longest version text that is compared, in characters; longer ones are no versions. */
const MAX_VERSION_LENGTH = 200

/** A version as `version(x)` makes it: ordered by its numbers, not by its letters. */
export class VersionValue {
  readonly text: string
  readonly parts: readonly (bigint | string)[]
  constructor(text: string) {
    this.text = text
    const plain = text
      .trim()
      .replace(/^v(?=\d)/i, '')
      .slice(0, MAX_VERSION_LENGTH)
    this.parts = (plain.match(/\d+|[a-z]+/gi) ?? []).map((part) =>
      /^\d/.test(part) ? BigInt(part) : part.toLowerCase(),
    )
  }
}

/** Whether a text is something that `version(x)` can order: it holds a number. */
export function isVersionText(text: string): boolean {
  return text.length <= MAX_VERSION_LENGTH && /^v?\d[0-9A-Za-z._+~-]*$/i.test(text.trim())
}

/**
 * Negative, zero or positive as `a` is below, equal to or above `b`. Missing numbers count as 0 (`4.0` equals
 * `4.0.0`); a word sorts below nothing and below a number (`4.0-rc1` < `4.0` < `4.0.1`).
 */
export function compareVersions(a: VersionValue, b: VersionValue): number {
  const length = Math.max(a.parts.length, b.parts.length)
  for (let index = 0; index < length; index += 1) {
    const order = compareParts(a.parts[index], b.parts[index])
    if (order !== 0) return order
  }
  return 0
}

type Part = bigint | string | undefined

function compareParts(a: Part, b: Part): number {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  if (typeof a === 'string') return -1
  if (typeof b === 'string') return 1
  const left = a ?? 0n
  const right = b ?? 0n
  return left < right ? -1 : left > right ? 1 : 0
}
