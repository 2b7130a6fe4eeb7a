import { expect, test } from 'vitest'
import { killSupervisor } from './support/sim/sim-host.ts'
import { createScenario } from './support/sim/scenario.ts'

test('looking again at a step that nothing proves does not make it a success', async () => {
  const scenario = createScenario([{ id: 'a', hosts: ['h1'], run: ['exit 3\nadd a'] }])
  const question = await scenario.asked('failed')
  expect(question.choices).not.toContain('recheck')
  expect(scenario.hostStep('a', 'h1').outcome).toBe('failed')
})

test('looking again at a job that was killed asks once more, and never counts it as done', async () => {
  const scenario = createScenario([{ id: 'a', hosts: ['h1'], run: ['add b\nsleep 5000\nadd a'] }])
  await scenario.until('it runs', () => scenario.effects('h1', 'b') === 1)
  killSupervisor(scenario.world.hosts.get('h1')!, true)
  const first = await scenario.asked('unknown')
  await scenario.answer(first, 'recheck')
  const second = await scenario.asked('unknown')
  expect(second.id).not.toBe(first.id)
  expect(scenario.effects('h1', 'a')).toBe(0)
})

test('looking again at a guarded step whose job is unknown asks its check', async () => {
  const scenario = createScenario([{ id: 'a', hosts: ['h1'], check: 'test a', run: ['add a\nsleep 90000'] }])
  await scenario.until('it runs', () => scenario.effects('h1', 'a') === 1)
  killSupervisor(scenario.world.hosts.get('h1')!, true)
  await scenario.finished()
  expect(scenario.hostStep('a', 'h1').outcome).toBe('succeeded')
})
