import { expect, test } from 'vitest'
import type { Digest } from '../../../src/core/base/ids.ts'
import { comparePlans } from '../../../src/core/run/compare-plans.ts'
import { acted, ended, openRun } from './support.ts'

test('a step that comes again after it ran and was taken out is new, and told to have run', () => {
  const run = openRun(['a', 'b', 'c'].map((id) => ({ id, hosts: ['h1'], run: ['x'] })))
  run.tell(...acted('a', 'h1'), ended('a', 'h1'))
  const { outline } = run.state
  const digest = 'd'.repeat(64) as Digest
  run.tell({
    type: 'plan-adopted',
    outlineDigest: digest,
    outline: { ...outline, digest, steps: outline.steps.slice(2) },
    by: 'ann',
    changes: [],
    stale: [],
    runbookSha256: digest,
  })
  expect(comparePlans(run.state, outline)).toEqual([
    { step: 'a', kind: 'added', isBehind: true, hasRun: true },
    { step: 'b', kind: 'added', isBehind: true },
  ])
})
