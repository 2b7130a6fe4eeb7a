const UNITS_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const
type Unit = keyof typeof UNITS_MS
const DURATION = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/
const ORDER: readonly Unit[] = ['d', 'h', 'm', 's', 'ms']

/** From the shortest to the longest that something takes, in milliseconds. */
export type DurationRange = { readonly minMs: number; readonly maxMs: number }

/** Milliseconds of `250ms`, `30s`, `5m`, `2h`, `1d` or `1h30m`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text)
  if (match === null || text === '') return undefined
  const totalMs = ORDER.reduce((sum, unit, index) => sum + Number(match[index + 1] ?? 0) * UNITS_MS[unit], 0)
  return Number.isSafeInteger(totalMs) ? totalMs : undefined
}

/** An estimate such as `5m..40m`, or `10m` for both ends; undefined if it is none or runs backwards. */
export function parseDurationRange(text: string): DurationRange | undefined {
  const [first = '', last = first, ...rest] = text.split('..')
  const minMs = parseDuration(first)
  const maxMs = parseDuration(last)
  if (minMs === undefined || maxMs === undefined || rest.length > 0 || maxMs < minMs) return undefined
  return { minMs, maxMs }
}

/** A duration in its two largest units, rounded down, e.g. `1h30m`, `12s`, `250ms`; `parseDuration` reads it back. */
export function formatDuration(durationMs: number): string {
  const totalMs = Math.max(0, Math.floor(durationMs))
  const first = ORDER.findIndex((unit) => totalMs >= UNITS_MS[unit])
  if (first === -1) return '0s'
  let restMs = totalMs
  let out = ''
  for (const unit of ORDER.slice(first, first + 2)) {
    const count = Math.floor(restMs / UNITS_MS[unit])
    restMs -= count * UNITS_MS[unit]
    // Milliseconds beside seconds are noise: "12s" rather than "12s40ms".
    if (count > 0 && !(unit === 'ms' && out !== '')) out += `${count}${unit}`
  }
  return out
}
