import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createWorkspace } from './workspace.ts'
import type { Workspace } from './workspace.ts'

const IMPORTS = `import { test } from 'vitest'
import { describeUnless, testUnless } from './support/skip.ts'
`
const WITH_REASON = `${IMPORTS}
test('passes', () => {})
testUnless('no flux capacitor here')('travels', () => { throw new Error('ran') })
describeUnless('no road here')('drives', () => test('far', () => { throw new Error('ran') }))
testUnless(undefined)('is not skipped', () => {})
`

/** A repository that has no layers, only the way in which its tests are run. */
function createSuite(): Workspace {
  const workspace = createWorkspace(['scripts', 'test/support'])
  workspace.plant('tsconfig.json', '{}')
  return workspace
}

test('what was skipped is told with its reason at the end, and the check passes', () => {
  using workspace = createSuite()
  workspace.plant('test/canary.test.ts', WITH_REASON)
  const { status, output } = workspace.run('node', ['scripts/check.mjs', 'tests'])
  expect(output).toContain('no flux capacitor here\n    test/canary.test.ts: travels')
  expect(output).toContain('no road here\n    test/canary.test.ts: drives')
  expect(output).toContain('2 passed, 0 failed, 2 skipped')
  expect(output.trimEnd().split('\n').slice(-2)).toEqual([
    'skipped: no flux capacitor here (1)',
    'skipped: no road here (1)',
  ])
  expect(status).toBe(0)
  const summary = JSON.parse(readFileSync(join(workspace.path, 'build/test-summary/unit.json'), 'utf8'))
  expect(summary).toMatchObject({ passed: 2, failed: 0 })
})

test.each([
  [
    'a skip without a reason',
    `${IMPORTS}test['skip']('x', () => {})\ntest('y', () => {})\n`,
    'without a reason',
  ],
  ['a failed test', `${IMPORTS}test('x', () => { throw new Error('no') })\n`, '0 passed, 1 failed'],
  ['a file that cannot be loaded', "import './nowhere.ts'\n", '0 passed, 1 failed'],
  [
    'an error outside of a test',
    `${IMPORTS}test('x', () => { setTimeout(() => { throw new Error('late') }) ; return new Promise((done) => setTimeout(done, 100)) })\n`,
    '1 passed, 1 failed',
  ],
  ['a run without tests', '', 'failed'],
])('canary: %s fails the check', (_, text, words) => {
  using workspace = createSuite()
  if (text !== '') workspace.plant('test/canary.test.ts', text)
  const { status, output } = workspace.run('node', ['scripts/check.mjs', 'tests'])
  expect(output).toContain(words)
  expect(status).toBe(1)
})
