import { expect, test } from 'vitest'
import type { HostName } from '../../src/core/base/ids.ts'
import type { RunEvent } from '../../src/core/run/events.ts'
import { createScenario, type Scenario } from './support/sim/scenario.ts'

const STEPS = [
  { id: 'a', hosts: ['h1', 'h2'], run: ['add a\nsleep 5000'] },
  { id: 'b', hosts: ['h1'], run: ['add b'] },
]
const HOST = 'h1' as HostName

/** Well below the 15 minutes of a wait, in milliseconds of the simulated clock. */
const SOON_MS = 60_000

function unplug({ world, tool }: Scenario, host = 'h1'): void {
  world.network.down.add(host)
  tool.transport.breakLine(host)
}

/** A host whose connection was lost while its command runs. */
async function loseWhileRunning(): Promise<Scenario & { readonly lostAtMs: number }> {
  const scenario = createScenario(STEPS)
  await scenario.until('it runs', () => scenario.hostStep('a', 'h1').phase === 'running')
  unplug(scenario)
  await scenario.until('it is noticed', () => scenario.tool.state.lostLinks.has(HOST))
  return Object.assign(scenario, { lostAtMs: scenario.world.scheduler.nowMs() })
}

function typesOf(scenario: Scenario): RunEvent['type'][] {
  return scenario.events().map(({ type }) => type)
}

test('a person ends the wait for a host: what runs there is unknown at once, and is found when it is back', async () => {
  const scenario = await loseWhileRunning()
  await scenario.submit({ type: 'stop-waiting', by: 'ann', host: HOST })
  const question = await scenario.asked('unknown')
  expect(scenario.world.scheduler.nowMs() - scenario.lostAtMs).toBeLessThan(SOON_MS)
  expect(question.cause).toBe('unreachable')
  expect(question.text).toContain('h1 did not come back, and ann ended the wait for it')
  expect(scenario.events()).toContainEqual({ type: 'link-given-up', host: HOST, by: 'ann' })
  expect([...scenario.tool.state.unawaited]).toEqual([[HOST, 'ann']])
  scenario.world.network.down.delete('h1')
  await scenario.answer(question, 'recheck')
  await scenario.finished()
  expect(scenario.effects('h1', 'a')).toBe(1)
  expect(scenario.tool.state.status).toBe('finished')
  expect(scenario.tool.state.unawaited.size).toBe(0)
})

test('a host that is looked at again is waited for again, and the journal says so', async () => {
  const scenario = await loseWhileRunning()
  await scenario.submit({ type: 'stop-waiting', by: 'ann' })
  const question = await scenario.asked('unknown')
  const before = scenario.world.scheduler.nowMs()
  await scenario.answer(question, 'recheck')
  await scenario.until('it waits again', () => scenario.tool.state.unawaited.size === 0)
  expect(typesOf(scenario).filter((type) => type === 'link-lost')).toHaveLength(2)
  await scenario.asked('unknown')
  expect(scenario.world.scheduler.nowMs() - before).toBeGreaterThan(10 * SOON_MS)
})

test('where nothing was started, the step could not reach its host', async () => {
  const scenario = createScenario([
    { id: 'a', hosts: ['h1'], run: ['add a'] },
    { id: 'b', hosts: ['h1'], check: 'b', run: ['add b'] },
  ])
  await scenario.until('a is done', () => scenario.hostStep('a', 'h1').outcome === 'succeeded')
  unplug(scenario)
  await scenario.until('it is noticed', () => scenario.tool.state.lostLinks.has(HOST))
  const before = scenario.world.scheduler.nowMs()
  await scenario.submit({ type: 'stop-waiting', by: 'ann', host: HOST })
  const question = await scenario.asked('unreachable')
  expect(question.text).toContain('ann ended the wait for it')
  expect(scenario.world.scheduler.nowMs() - before).toBeLessThan(SOON_MS)
  expect(scenario.effects('h1', 'b')).toBe(0)
})

test('an abort does not wait for a host that is away: what runs there stands as unknown', async () => {
  const scenario = await loseWhileRunning()
  await scenario.submit({ type: 'abort', by: 'ann', reason: 'enough' })
  await scenario.finished()
  expect(scenario.world.scheduler.nowMs() - scenario.lostAtMs).toBeLessThan(2 * SOON_MS)
  expect(scenario.tool.state.status).toBe('aborted')
  expect(scenario.hostStep('a', 'h1').outcome).toBe('unknown')
  expect(scenario.world.hosts.get('h1')!.jobs.size).toBe(1)
})

test('a host that is lost after the abort is waited for only as long as a first contact', async () => {
  const scenario = createScenario(STEPS)
  await scenario.until('it runs', () => scenario.hostStep('a', 'h1').phase === 'running')
  const aborted = scenario.submit({ type: 'abort', by: 'ann', reason: 'enough' })
  unplug(scenario)
  await aborted
  const before = scenario.world.scheduler.nowMs()
  await scenario.finished()
  expect(scenario.world.scheduler.nowMs() - before).toBeLessThan(5 * SOON_MS)
  expect(scenario.tool.state.status).toBe('aborted')
})

test('a host is tried at once instead of after the pause, and that leaves no trace in the journal', async () => {
  const scenario = await loseWhileRunning()
  const pauses = () => scenario.progress.filter(({ host }) => host === HOST).map(({ retryMs }) => retryMs)
  await scenario.until('the pauses are long', () => pauses().at(-1) === 30_000)
  scenario.world.network.down.delete('h1')
  const [before, events] = [scenario.world.scheduler.nowMs(), scenario.events().length]
  // The next thing to happen is not the end of the pause.
  scenario.world.scheduler.after(1, () => undefined)
  await scenario.submit({ type: 'try-now', by: 'ann', host: HOST })
  await scenario.until('it is back', () => scenario.tool.state.lostLinks.size === 0)
  expect(scenario.world.scheduler.nowMs() - before).toBeLessThan(5000)
  expect(typesOf(scenario).slice(events)[0]).toBe('link-restored')
  await scenario.finished()
  expect(scenario.effects('h1', 'a')).toBe(1)
})

test('there is no wait to end for a host that is there', async () => {
  const scenario = createScenario(STEPS)
  await expect(scenario.submit({ type: 'stop-waiting', by: 'ann', host: HOST })).rejects.toThrow(
    'h1 is not waited for',
  )
  await expect(scenario.submit({ type: 'try-now', by: 'ann' })).rejects.toThrow('no host is waited for')
})
