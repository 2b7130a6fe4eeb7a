import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('the launcher prints the version of package.json', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(execFileSync('bin/handrail', ['--version'], { encoding: 'utf8' })).toBe(`${version}\n`)
})
