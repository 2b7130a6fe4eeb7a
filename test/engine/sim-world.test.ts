import { expect, test } from 'vitest'
import type { Question } from '../../src/core/run/question.ts'
import type { Intent } from '../../src/core/run/intents.ts'
import { buildTestPlan } from './support/plan-builder.ts'
import { createWorld, startTool } from './support/sim/sim-world.ts'

function sayYes({ id, choices, word }: Question): Intent {
  const choice = choices.includes('go') ? 'go' : choices[0]!
  return { type: 'answer', question: id, choice, by: 'ann', how: 'option', text: word ?? 'because' }
}

test('a guarded step runs once and succeeds', async () => {
  const built = buildTestPlan([{ id: 'a', hosts: ['h1', 'h2'], check: 'test a', run: ['print 20\nadd a'] }])
  const world = createWorld(1, built)
  const tool = startTool(world, { epoch: 1, staysOpen: false, answers: sayYes })
  while (tool.stop() === undefined && tool.error() === undefined) if (!(await world.scheduler.step())) break
  expect(tool.error()).toBeUndefined()
  expect(tool.stop()).toEqual({ kind: 'finished' })
  expect([...tool.state.steps.get('a' as never)!.hosts.values()].map(({ outcome }) => outcome)).toEqual([
    'succeeded',
    'succeeded',
  ])
  expect(world.hosts.get('h1')!.effects.map(({ key }) => key)).toEqual(['a'])
})
