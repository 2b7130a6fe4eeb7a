import { expect, test } from 'vitest'
import { killSupervisor, loseStorage, rebootHost } from './support/sim/sim-host.ts'
import { createScenario, type Scenario } from './support/sim/scenario.ts'

const STEPS = [
  { id: 'a', hosts: ['h1'], run: ['add a\nsleep 5000'] },
  { id: 'b', hosts: ['h1'], run: ['add b'] },
]

type Harm = (scenario: Scenario) => void

const HARMS: readonly (readonly [string, Harm])[] = [
  [
    'its host was restarted',
    ({ world, tool }) => {
      rebootHost(world.hosts.get('h1')!, 2000)
      tool.transport.breakLine('h1')
    },
  ],
  ['its directory of jobs was lost', ({ world }) => loseStorage(world.hosts.get('h1')!)],
  ['it was killed from outside', ({ world }) => killSupervisor(world.hosts.get('h1')!, true)],
]

test.each(HARMS)('a step can be retried after %s, and the next one runs', async (_, harm) => {
  const scenario = createScenario(STEPS)
  await scenario.until('it acts', () => scenario.effects('h1', 'a') === 1)
  harm(scenario)
  const question = await scenario.asked('unknown')
  expect(scenario.effects('h1', 'a')).toBe(1)
  await scenario.answer(question, 'retry')
  await scenario.finished()
  expect(scenario.effects('h1', 'a')).toBe(2)
  expect(scenario.effects('h1', 'b')).toBe(1)
})

test('a job of a directory that was lost is never started again, whatever the new one says', async () => {
  const scenario = createScenario(STEPS)
  await scenario.until('it acts', () => scenario.effects('h1', 'a') === 1)
  scenario.restart()
  loseStorage(scenario.world.hosts.get('h1')!)
  const question = await scenario.asked('unknown')
  expect(question.cause).toBe('storage')
  expect(scenario.effects('h1', 'a')).toBe(1)
})
