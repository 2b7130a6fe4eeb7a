import { expect, test } from 'vitest'
import { selectWindowRefusal } from '../../../src/cli/run/window-refusal.ts'

const NIGHT = 'sat,sun 01:00-05:00 Europe/Dublin'
const OVER = 'fri 23:00-02:00 UTC'
const HOUR = 3_600_000

// 2030-06-01 is a Saturday; Dublin is one hour ahead of UTC in June, and level with it in January.
test.each([
  [NIGHT, '2030-06-01T00:30:00Z', HOUR, undefined],
  [NIGHT, '2030-05-31T23:59:00Z', 0, 'closed'],
  [NIGHT, '2030-06-01T00:00:00Z', 4 * HOUR, undefined],
  [NIGHT, '2030-06-01T03:30:00Z', HOUR, 'only 30m of the window'],
  [NIGHT, '2030-06-01T04:00:00Z', 0, 'closed'],
  [NIGHT, '2030-01-05T00:30:00Z', 0, 'closed'],
  [NIGHT, '2030-01-05T01:30:00Z', 0, undefined],
  [OVER, '2030-05-31T23:30:00Z', 2 * HOUR, undefined],
  [OVER, '2030-06-01T01:30:00Z', HOUR, 'only 30m'],
  [OVER, '2030-06-01T23:30:00Z', 0, 'closed'],
  ['some day', '2030-06-01T23:30:00Z', 0, 'cannot be read'],
])('%s at %s for %i ms', (window, at, upToMs, expected) => {
  const refusal = selectWindowRefusal(window, upToMs, new Date(at))
  if (expected === undefined) expect(refusal).toBeUndefined()
  else expect(refusal).toContain(expected)
})
