import { expect, test } from 'vitest'
import type { HostName } from '../../src/core/base/ids.ts'
import { createScenario, type Scenario } from './support/sim/scenario.ts'

const HOST = 'h1' as HostName
/** Two seconds' pauses at first, then half a minute, for a quarter of an hour: far fewer than one a second. */
const MAX_LOSSES = 60

function countLosses(scenario: Scenario): number {
  return scenario.events().filter(({ type }) => type === 'link-lost').length
}

test('a host that takes connections and answers nothing is asked less and less, and what runs there is unknown in the end', async () => {
  const scenario = createScenario([{ id: 'a', hosts: ['h1'], run: ['add a\nsleep 5000'] }])
  await scenario.until('it runs', () => scenario.hostStep('a', 'h1').phase === 'running')
  scenario.world.network.mute.add('h1')
  scenario.tool.transport.breakLine('h1')
  const question = await scenario.asked('unknown')
  expect(question.text).toContain('ends without an answer (the shell ended)')
  expect(countLosses(scenario)).toBeGreaterThan(5)
  expect(countLosses(scenario)).toBeLessThan(MAX_LOSSES)
  scenario.world.network.mute.delete('h1')
  await scenario.answer(question, 'recheck')
  await scenario.finished()
  expect(scenario.effects('h1', 'a')).toBe(1)
})

test('a host that answers again after a few tries goes on as if nothing had been', async () => {
  const scenario = createScenario([{ id: 'a', hosts: ['h1'], run: ['add a\nsleep 5000'] }])
  await scenario.until('it runs', () => scenario.hostStep('a', 'h1').phase === 'running')
  scenario.world.network.mute.add('h1')
  scenario.tool.transport.breakLine('h1')
  await scenario.until('it was tried thrice', () => countLosses(scenario) >= 3)
  scenario.world.network.mute.delete('h1')
  await scenario.finished()
  expect(scenario.effects('h1', 'a')).toBe(1)
  expect(scenario.tool.state.lostLinks.has(HOST)).toBe(false)
})

test('nobody needs to wait for a host that answers nothing', async () => {
  const scenario = createScenario([{ id: 'a', hosts: ['h1'], run: ['add a\nsleep 5000'] }])
  await scenario.until('it runs', () => scenario.hostStep('a', 'h1').phase === 'running')
  scenario.world.network.mute.add('h1')
  scenario.tool.transport.breakLine('h1')
  await scenario.until('it was tried thrice', () => countLosses(scenario) >= 3)
  await scenario.until('it is lost', () => scenario.tool.state.lostLinks.has(HOST))
  await scenario.submit({ type: 'stop-waiting', by: 'ann', host: HOST })
  const question = await scenario.asked('unknown')
  expect(question.text).toContain('ann ended the wait for it')
})

test('an abort does not wait for a host that answers nothing', async () => {
  const scenario = createScenario([{ id: 'a', hosts: ['h1'], run: ['add a\nsleep 5000'] }])
  await scenario.until('it runs', () => scenario.hostStep('a', 'h1').phase === 'running')
  scenario.world.network.mute.add('h1')
  scenario.tool.transport.breakLine('h1')
  await scenario.until('it was tried thrice', () => countLosses(scenario) >= 3)
  await scenario.until('it is lost', () => scenario.tool.state.lostLinks.has(HOST))
  const before = scenario.world.scheduler.nowMs()
  await scenario.submit({ type: 'abort', by: 'ann', reason: 'enough' })
  await scenario.finished()
  expect(scenario.world.scheduler.nowMs() - before).toBeLessThan(5000)
  const types = scenario.events().map(({ type }) => type)
  expect(types.lastIndexOf('link-given-up')).toBeGreaterThan(types.lastIndexOf('link-lost'))
  expect(scenario.hostStep('a', 'h1').outcome).toBe('unknown')
})
