import { expect, test } from 'vitest'
import { createScenario, type Scenario } from './support/sim/scenario.ts'

/** A crash that keeps only the first of two events that were appended at once. */
function cutOffAfter(scenario: Scenario, type: string): void {
  const { events } = scenario.world.disk
  scenario.tool.kill()
  events.length = events.findIndex(({ event }) => event.type === type) + 1
  scenario.world.disk.acknowledged = events.length
  scenario.restart()
}

test('a failure whose question was cut off by a crash is asked again, and nothing overtakes it', async () => {
  const scenario = createScenario([{ id: 'a', hosts: ['h1', 'h2'], order: 'serial', run: ['exit 1\nadd a'] }])
  await scenario.asked('failed')
  cutOffAfter(scenario, 'host-ended')
  const question = await scenario.asked('failed')
  expect(question.host).toBe('h1')
  expect(scenario.hostStep('a', 'h2').phase).toBe('pending')
})

test('an abort holds although the crash cut off everything behind the answer', async () => {
  const scenario = createScenario([{ id: 'a', hosts: ['h1'], run: ['exit 1\nadd a'] }])
  const question = await scenario.asked('failed')
  await scenario.answer(question, 'abort')
  const { events } = scenario.world.disk
  scenario.tool.kill()
  events.length = events.findLastIndex(({ event }) => event.type === 'question-answered') + 1
  scenario.world.disk.acknowledged = events.length
  scenario.restart()
  await scenario.finished()
  expect(scenario.tool.stop()).toEqual({ kind: 'aborted' })
})

test('an exclusion holds for the steps to come although the crash cut its event off', async () => {
  const scenario = createScenario([
    { id: 'a', hosts: ['h1', 'h2'], run: ['maybe-exit 1 1\nadd a'], maxFailures: 9 },
    { id: 'b', hosts: ['h1'], run: ['add b'] },
  ])
  const question = await scenario.asked('failed')
  await scenario.answer(question, 'exclude')
  const { events } = scenario.world.disk
  scenario.tool.kill()
  events.length = events.findLastIndex(({ event }) => event.type === 'question-answered') + 1
  scenario.world.disk.acknowledged = events.length
  scenario.restart()
  expect([...scenario.tool.state.excluded.keys()]).toEqual([question.host])
})

test('a run that is over is not looked at again', async () => {
  const scenario = createScenario([{ id: 'a', hosts: ['h1'], check: 'test a', run: ['add a'] }])
  await scenario.finished()
  const before = scenario.events().length
  scenario.world.hosts.get('h1')!.counters.set('a', 0)
  scenario.restart({ rechecks: true })
  await scenario.until('it stops', () => scenario.tool.stop() !== undefined)
  expect(scenario.events().length).toBe(before)
})
