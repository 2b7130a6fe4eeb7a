import { expect, test } from 'vitest'
import { createScenario } from './support/sim/scenario.ts'

test('an item that several hosts reach at once is asked for once, and one tick lets all of them go on', async () => {
  const hosts = ['h1', 'h2', 'h3', 'h4']
  const scenario = createScenario([{ id: 'a', hosts, manual: ['look at it'] }])
  const question = await scenario.asked('manual')
  await scenario.until('all of them wait', () =>
    hosts.every((host) => scenario.hostStep('a', host).phase === 'awaiting'),
  )
  await scenario.answer(question, 'tick')
  await scenario.finished()
  const asked = scenario
    .events()
    .filter((event) => event.type === 'question-asked' && event.question.kind === 'manual')
  expect(asked).toHaveLength(1)
  expect(hosts.map((host) => scenario.hostStep('a', host).outcome)).toEqual(hosts.map(() => 'succeeded'))
})
