import { expect, test } from 'vitest'
import { createScenario } from './support/sim/scenario.ts'

const SLOW = { id: 'a', hosts: ['h1'], run: ['add a\nsleep 60000'], idleTimeoutMs: 5000 }

test('a clock that expired asks while the job goes on, and is taken back when the job ends', async () => {
  const scenario = createScenario([SLOW])
  const question = await scenario.asked('clock')
  expect(scenario.hostStep('a', 'h1').phase).toBe('running')
  expect(question.choices).toEqual(['wait', 'cancel', 'abort'])
  await scenario.finished()
  expect(scenario.tool.state.questions.size).toBe(0)
  expect(scenario.hostStep('a', 'h1').outcome).toBe('succeeded')
})

test('after "wait" the clock runs anew and asks again', async () => {
  const scenario = createScenario([SLOW])
  const first = await scenario.asked('clock')
  const at = scenario.world.scheduler.nowMs()
  await scenario.answer(first, 'wait')
  const second = await scenario.asked('clock')
  expect(second.id).toBe('clock/a@h1#2')
  expect(scenario.world.scheduler.nowMs() - at).toBeGreaterThanOrEqual(5000)
})

test('"cancel" ends the job on the host at once', async () => {
  const scenario = createScenario([SLOW])
  await scenario.answer(await scenario.asked('clock'), 'cancel')
  await scenario.asked('failed')
  expect(scenario.hostStep('a', 'h1').outcome).toBe('cancelled')
  expect([...scenario.world.hosts.get('h1')!.jobs.values()].map(({ state }) => state)).toEqual(['stop143'])
})

test('a job is followed by the next session although its clock had expired and nobody has answered', async () => {
  const scenario = createScenario([SLOW])
  await scenario.asked('clock')
  scenario.restart()
  await scenario.finished()
  expect(scenario.hostStep('a', 'h1').outcome).toBe('succeeded')
  expect(scenario.effects('h1', 'a')).toBe(1)
})

test('"cancel" is carried out by the next session where a crash cut it off', async () => {
  const scenario = createScenario([SLOW])
  const question = await scenario.asked('clock')
  await scenario.answer(question, 'cancel')
  scenario.restart()
  await scenario.asked('failed')
  expect(scenario.hostStep('a', 'h1').outcome).toBe('cancelled')
})
