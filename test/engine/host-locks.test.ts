import { expect, test } from 'vitest'
import { killSupervisor } from './support/sim/sim-host.ts'
import { createScenario, type Scenario } from './support/sim/scenario.ts'

function lockOf({ world }: Scenario, host: string): string | undefined {
  return world.hosts.get(host)!.lock?.mode
}

test('a run that was cut off and resumes into an unknown outcome leaves notices on all its hosts', async () => {
  const scenario = createScenario([
    { id: 'a', hosts: ['h1'], run: ['add a'] },
    { id: 'b', hosts: ['h2'], run: ['add b\nsleep 5000'] },
  ])
  await scenario.until('it acts', () => scenario.effects('h2', 'b') === 1)
  killSupervisor(scenario.world.hosts.get('h2')!, true)
  scenario.restart()
  await scenario.asked('unknown')
  // Where something may have run, nobody else goes on unasked.
  expect(lockOf(scenario, 'h2')).toBe('lock')
  await scenario.until('a notice on h1', () => lockOf(scenario, 'h1') === 'notice')
  await scenario.until('a notice on h2', () => lockOf(scenario, 'h2') === 'notice')
})

test('a run that waits for a person leaves a notice after a while, and locks again before it acts', async () => {
  const scenario = createScenario([{ id: 'a', hosts: ['h1'], run: ['add a\nexit 3'] }])
  const question = await scenario.asked('failed')
  expect(lockOf(scenario, 'h1')).toBe('lock')
  await scenario.until('a notice', () => lockOf(scenario, 'h1') === 'notice')
  await scenario.answer(question, 'retry')
  await scenario.until('it acts again', () => scenario.effects('h1', 'a') === 2)
  expect(lockOf(scenario, 'h1')).toBe('lock')
})

test('an undo locks its host, and is asked about where another run holds it', async () => {
  const scenario = createScenario([
    { id: 'a', hosts: ['h1'], run: ['add a'], undo: 'reset a\nsleep 2000' },
    { id: 'b', hosts: ['h1'], run: ['exit 1'] },
  ])
  await scenario.answer(await scenario.asked('failed'), 'abort')
  const offer = await scenario.asked('undo-all')
  const host = scenario.world.hosts.get('h1')!
  await scenario.until('a notice', () => lockOf(scenario, 'h1') === 'notice')
  host.lock = { mode: 'lock', run: 'other-0001', holder: 'bob', since: '0' }
  await scenario.answer(offer, 'undo')
  const locked = await scenario.asked('locked')
  expect(locked.text).toContain('other-0001')
  await scenario.answer(locked, 'go')
  await scenario.finished()
  expect(scenario.hostStep('a', 'h1').outcome).toBe('undone')
})

test('a host keeps its lock while a command runs there, whoever lets go of the run', async () => {
  const scenario = createScenario([
    { id: 'a', hosts: ['h2'], run: ['add a'] },
    { id: 'b', hosts: ['h1'], run: ['add b\nsleep 60000'] },
  ])
  await scenario.until('it acts', () => scenario.effects('h1', 'b') === 1)
  scenario.tool.engine.detach()
  await scenario.finished()
  expect([lockOf(scenario, 'h1'), lockOf(scenario, 'h2')]).toEqual(['lock', 'notice'])
})
