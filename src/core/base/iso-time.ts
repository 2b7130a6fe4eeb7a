const ISO = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,3})\d*)?Z$/

/** Milliseconds since 1970 of a time in ISO 8601, UTC, as records have it; undefined for anything else. */
export function parseIsoTime(text: string): number | undefined {
  const match = ISO.exec(text)
  if (match === null) return undefined
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1, 7).map(Number)
  const milliseconds = Number((match[7] ?? '0').padEnd(3, '0'))
  const days = countDays(year, month, day)
  return ((days * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000 + milliseconds
}

/** Days since 1970 in the Gregorian calendar; years are counted from March, so that a leap day is their last. */
function countDays(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}
