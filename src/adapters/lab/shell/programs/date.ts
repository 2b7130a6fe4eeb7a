import type { Program } from '../../program.ts'
import { formatFsError } from '../../fs/fs-error.ts'

/** `date [-u] [-d @SECONDS|TEXT] [-r FILE] [-I[seconds]] [-R] [+FORMAT]`, in UTC. */
export const date: Program = async (context) => {
  let atMs = context.clock.nowMs()
  let format = '%a %b %e %H:%M:%S UTC %Y'
  for (let at = 0; at < context.args.length; at += 1) {
    const text = context.args[at] ?? ''
    if (text.startsWith('+')) format = text.slice(1)
    else if (text === '-u' || text === '--utc') continue
    else if (text === '-R') format = '%a, %d %b %Y %H:%M:%S +0000'
    else if (text === '-I' || text === '--iso-8601') format = '%Y-%m-%d'
    else if (/^(?:-I|--iso-8601=)s/.test(text)) format = '%Y-%m-%dT%H:%M:%S+00:00'
    else if (text === '-r') {
      const stat = context.fs.stat(context.args[(at += 1)] ?? '')
      if (!stat.ok) return refuse(context, `${context.args[at]}: ${formatFsError(stat.code)}`)
      atMs = stat.value.mtimeMs
    } else if (text === '-d' || text.startsWith('--date=')) {
      const wanted = text === '-d' ? (context.args[(at += 1)] ?? '') : text.slice('--date='.length)
      const parsed = parseDate(wanted, atMs)
      if (parsed === undefined) return refuse(context, `invalid date '${wanted}'`)
      atMs = parsed
    } else return refuse(context, `invalid argument '${text}'`)
  }
  context.write(`${formatTime(atMs, format)}\n`)
  return 0
}

/** Writes a time in UTC by a `date` format. */
export function formatTime(atMs: number, format: string): string {
  const date = new Date(atMs)
  return format.replace(/%([-_0]?)([A-Za-z%])/g, (whole, flag: string, letter: string) => {
    const field = fields[letter]?.(date)
    if (field === undefined) return whole
    return flag === '-'
      ? field.replace(/^[0 ]+(?=.)/, '')
      : flag === '_'
        ? field.replace(/^0+(?=.)/, (zeros) => ' '.repeat(zeros.length))
        : field
  })
}

function parseDate(text: string, nowMs: number): number | undefined {
  if (/^@-?\d+(?:\.\d+)?$/.test(text)) return Number(text.slice(1)) * 1000
  if (text === 'now' || text === '') return nowMs
  const relative = /^([-+]?\d+)\s*(second|sec|minute|min|hour|day|week)s?(\s+ago)?$/.exec(text)
  if (relative !== null) {
    const count = Number(relative[1]) * (relative[3] === undefined ? 1 : -1)
    return nowMs + count * (unitsMs[relative[2] ?? ''] ?? 0)
  }
  if (text === 'yesterday') return nowMs - (unitsMs['day'] ?? 0)
  if (text === 'tomorrow') return nowMs + (unitsMs['day'] ?? 0)
  const iso = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?\s*(Z|UTC|[-+]\d\d:?\d\d)?$/.exec(
    text,
  )
  if (iso === null) return undefined
  const zone = iso[3] === undefined || iso[3] === 'UTC' ? 'Z' : iso[3]
  const parsed = Date.parse(`${iso[1]}T${iso[2] ?? '00:00'}${zone}`)
  return Number.isNaN(parsed) ? undefined : parsed
}

const unitsMs: Readonly<Record<string, number>> = {
  second: 1000,
  sec: 1000,
  minute: 60_000,
  min: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
}
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = 'January February March April May June July August September October November December'.split(
  ' ',
)

const fields: Readonly<Record<string, (date: Date) => string>> = {
  '%': () => '%',
  A: (date) => days[date.getUTCDay()] ?? '',
  a: (date) => (days[date.getUTCDay()] ?? '').slice(0, 3),
  B: (date) => months[date.getUTCMonth()] ?? '',
  b: (date) => (months[date.getUTCMonth()] ?? '').slice(0, 3),
  c: (date) => formatTime(date.getTime(), '%a %b %e %H:%M:%S %Y'),
  D: (date) => formatTime(date.getTime(), '%m/%d/%y'),
  d: (date) => two(date.getUTCDate()),
  e: (date) => String(date.getUTCDate()).padStart(2),
  F: (date) => date.toISOString().slice(0, 10),
  H: (date) => two(date.getUTCHours()),
  I: (date) => two(date.getUTCHours() % 12 || 12),
  j: (date) =>
    String(Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 0)) / 86_400_000)).padStart(
      3,
      '0',
    ),
  M: (date) => two(date.getUTCMinutes()),
  m: (date) => two(date.getUTCMonth() + 1),
  N: (date) => `${String(date.getUTCMilliseconds()).padStart(3, '0')}000000`,
  n: () => '\n',
  p: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  R: (date) => formatTime(date.getTime(), '%H:%M'),
  S: (date) => two(date.getUTCSeconds()),
  s: (date) => String(Math.floor(date.getTime() / 1000)),
  T: (date) => date.toISOString().slice(11, 19),
  t: () => '\t',
  u: (date) => String(date.getUTCDay() || 7),
  w: (date) => String(date.getUTCDay()),
  Y: (date) => String(date.getUTCFullYear()),
  y: (date) => two(date.getUTCFullYear() % 100),
  Z: () => 'UTC',
  z: () => '+0000',
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

function refuse(context: { writeError(text: string): void }, message: string): number {
  context.writeError(`date: ${message}\n`)
  return 1
}
