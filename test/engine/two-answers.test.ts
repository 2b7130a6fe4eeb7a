import { expect, test } from 'vitest'
import type { Intent } from '../../src/core/run/intents.ts'
import { createScenario } from './support/sim/scenario.ts'

test('of two answers that come at once the first counts, and the second is refused', async () => {
  const scenario = createScenario([{ id: 'a', hosts: ['h1'], manual: ['look at it'] }])
  const { id } = await scenario.asked('manual')
  const answer = (by: string): Intent => ({
    type: 'answer',
    question: id,
    choice: 'tick',
    by,
    how: 'asked',
    text: '',
  })
  const { engine } = scenario.tool
  const decisions = Promise.all([engine.submit(answer('ann')), engine.submit(answer('bob'))])
  let isDone = false
  void decisions.then(() => (isDone = true))
  await scenario.until('both decisions', () => isDone)
  expect((await decisions).map(({ ok }) => ok)).toEqual([true, false])
  const answered = scenario.events().filter((event) => event.type === 'question-answered')
  expect(answered.filter(({ question }) => question === id).map(({ by }) => by)).toEqual(['ann'])
})

test('a host that is left out is not looked at by the next step', async () => {
  const scenario = createScenario([
    { id: 'a', hosts: ['h1', 'h2'], check: 'test a', run: ['exit 3'] },
    { id: 'b', hosts: ['h1', 'h2'], check: 'test b', run: ['add b'] },
  ])
  await scenario.answer(await scenario.asked('failed'), 'exclude')
  await scenario.answer(await scenario.asked('failed'), 'accept')
  await scenario.finished()
  const looked = scenario
    .events()
    .flatMap((event) => (event.type === 'checks-evaluated' && event.step === 'b' ? [event.host] : []))
  expect([...new Set(looked)]).toHaveLength(1)
})
