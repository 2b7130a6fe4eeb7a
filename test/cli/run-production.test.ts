import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { head, MAKE, PRODUCTION, setUp } from './desk.ts'

test.each([
  [
    ['--environment', 'prod-us', '--ref', 'CHG1'],
    ['--environment prod-us: inventory desk is of the environment prod-eu; give --environment prod-eu'],
  ],
  [
    ['--environment', 'prod-eu'],
    [
      '--ref is missing: inventory desk is a production one and asks for the change ticket, e.g. --ref CHG123',
    ],
  ],
  [
    ['--ref', 'CHG1'],
    ['--environment is missing: inventory desk is a production one; give --environment prod-eu'],
  ],
  [
    ['--environment', 'PROD-EU'],
    [
      '--environment PROD-EU: inventory desk is of the environment prod-eu; give --environment prod-eu',
      '--ref is missing: ',
    ],
  ],
])('a production inventory with %j says what was given and what is wanted', async (args, wanted) => {
  const { folder, start } = setUp(head() + MAKE, PRODUCTION)
  const ran = await start('--approve', 'change', ...args)
  expect(ran.exitCode).toBe(3)
  for (const words of wanted) expect(ran.stderr).toContain(words)
  expect(ran.stderr.match(/^--/gm)).toHaveLength(wanted.length)
  expect(existsSync(join(folder, 'made'))).toBe(false)
})

test('an inventory of another environment than the one that was named is not run', async () => {
  const { folder, start } = setUp(head() + MAKE)
  const ran = await start('--approve', 'change', '--environment', 'prod-eu')
  expect(ran.exitCode).toBe(3)
  expect(ran.stderr).toContain(
    '--environment prod-eu: inventory desk is of the environment desk; leave it out, or give --environment desk',
  )
  expect(existsSync(join(folder, 'made'))).toBe(false)
})
