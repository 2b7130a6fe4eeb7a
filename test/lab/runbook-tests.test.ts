import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openPractice, RUNBOOKS } from './practice.ts'

const FILES = readdirSync(join(RUNBOOKS, 'tests'))

test.each(FILES)('the cases of %s pass', async (file) => {
  const practice = openPractice()
  const { exitCode, output } = await practice.run('test', join(RUNBOOKS, 'tests', file))
  await practice.close()
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 })
})
