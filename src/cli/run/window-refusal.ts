import { parseMaintenanceWindow } from '../../core/runbook/maintenance-window.ts'
import { formatDuration } from '../../core/base/duration.ts'

const DAY_MINUTES = 24 * 60
const MINUTE_MS = 60_000

/**
 * Why a step that takes up to `upToMs` may not begin now: the window is closed, or too little of it is left.
 * Undefined where it fits.
 */
export function selectWindowRefusal(source: string, upToMs: number, now: Date): string | undefined {
  const window = parseMaintenanceWindow(source)
  if (typeof window === 'string') return `the window ${source} cannot be read: ${window}`
  const { day, minute } = localTime(now, window.timeZone)
  const { days, fromMinute, toMinute } = window
  const isOvernight = toMinute <= fromMinute
  const yesterday = (day + 6) % 7
  // Minutes left of the window that is open now; one that began yesterday may still be.
  let left = 0
  if (days.includes(day) && minute >= fromMinute && (isOvernight || minute < toMinute))
    left = (isOvernight ? toMinute + DAY_MINUTES : toMinute) - minute
  else if (isOvernight && days.includes(yesterday) && minute < toMinute) left = toMinute - minute
  if (left === 0) return `the window ${source} is closed`
  if (left * MINUTE_MS >= upToMs) return undefined
  return `only ${formatDuration(left * MINUTE_MS)} of the window ${source} are left, and it may take ${formatDuration(upToMs)}`
}

const DAY_NAMES = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

function localTime(now: Date, timeZone: string): { readonly day: number; readonly minute: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now)
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? ''
  return {
    day: DAY_NAMES.indexOf(part('weekday')),
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  }
}
