import type { MaintenanceWindow } from './model.ts'

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
const MINUTES_PER_DAY = 1440
const WINDOW = /^([a-z,-]+)\s+(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s+(\S+)$/i

/** A window such as `sat,sun 01:00-05:00 Europe/Dublin`, or what is wrong with it in half a sentence. */
export function parseMaintenanceWindow(text: string): MaintenanceWindow | string {
  const match = WINDOW.exec(text.trim())
  if (match === null) return 'it is not days, from-to and a time zone'
  const [, dayText = '', fromHour, fromMinute, toHour, toMinute, timeZone = ''] = match
  const days = parseDays(dayText.toLowerCase())
  if (typeof days === 'string') return days
  const from = minuteOfDay(fromHour, fromMinute)
  const to = minuteOfDay(toHour, toMinute)
  if (from === undefined || from === MINUTES_PER_DAY || to === undefined)
    return 'a time is not between 00:00 and 24:00'
  if (from === to) return 'it ends when it begins'
  if (!isTimeZone(timeZone)) return `\`${timeZone}\` is not a known time zone`
  return { source: text, days, fromMinute: from, toMinute: to, timeZone }
}

function parseDays(text: string): readonly number[] | string {
  if (text === 'daily') return [0, 1, 2, 3, 4, 5, 6]
  const days = new Set<number>()
  for (const part of text.split(',')) {
    const [first = '', last = first, ...rest] = part.split('-')
    const from = dayNumber(first)
    const to = dayNumber(last)
    if (from === undefined || to === undefined || rest.length > 0)
      return `\`${part}\` is no day: use ${DAYS.join(', ')}, ranges such as mon-fri, or daily`
    for (let day = from; ; day = (day + 1) % 7) {
      days.add(day)
      if (day === to) break
    }
  }
  return [...days].toSorted((one, other) => one - other)
}

function dayNumber(name: string): number | undefined {
  const index = DAYS.findIndex((day) => day === name)
  return index === -1 ? undefined : index
}

function minuteOfDay(hour: string | undefined, minute: string | undefined): number | undefined {
  const total = Number(hour) * 60 + Number(minute)
  return Number(minute) < 60 && total <= MINUTES_PER_DAY ? total : undefined
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
