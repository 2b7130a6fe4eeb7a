/** `00:42:18`; days as `2d 03:04:05`. */
export function formatElapsed(durationMs: number): string {
  const total = Math.max(0, Math.floor(durationMs / 1000))
  const days = Math.floor(total / 86_400)
  const clock = `${twoDigits(Math.floor(total / 3600) % 24)}:${twoDigits(Math.floor(total / 60) % 60)}:${twoDigits(total % 60)}`
  return days === 0 ? clock : `${days}d ${clock}`
}

/** How long ago, in one unit: `just now`, `5m ago`, `3h ago`, `2d ago`. */
export function formatAgo(durationMs: number): string {
  const minutes = Math.floor(durationMs / 60_000)
  if (minutes < 1) return 'just now'
  if (minutes < 60) return `${minutes}m ago`
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)}h ago` : `${Math.floor(minutes / (24 * 60))}d ago`
}

/** How long ago while one waits: `just now`, `8 s ago`, `3m 20s ago`, then as `formatAgo`. */
export function formatSecondsAgo(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000))
  if (seconds < 2) return 'just now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 600) return `${Math.floor(seconds / 60)}m ${twoDigits(seconds % 60)}s ago`
  return formatAgo(durationMs)
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
