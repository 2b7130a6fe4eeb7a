import { expect, test } from 'vitest'
import { createScenario, type Scenario } from './support/sim/scenario.ts'

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

test('while an item is open its checks are looked at, in step with what the person does, and nothing is recorded', async () => {
  const scenario = createScenario([{ id: 'a', hosts: ['h1', 'h2'], manual: ['add it'], verify: 'test done' }])
  const question = await scenario.asked('manual')
  await scenario.until('a look at both', () => looks(scenario, 'h1') > 0 && looks(scenario, 'h2') > 0)
  expect(lastSeen(scenario, 'h1')).toBe('fail')
  const before = scenario.events().length
  scenario.world.hosts.get('h1')!.counters.set('done', 1)
  await scenario.until('h1 holds', () => lastSeen(scenario, 'h1') === 'pass')
  expect(lastSeen(scenario, 'h2')).toBe('fail')
  await scenario.until('many looks', () => looks(scenario, 'h1') > 20)
  expect(scenario.events()).toHaveLength(before)
  scenario.world.hosts.get('h2')!.counters.set('done', 1)
  await scenario.answer(question, 'tick')
  await scenario.finished()
  const verdicts = scenario
    .events()
    .flatMap((event) =>
      event.type === 'checks-evaluated' ? event.results.map(({ verdict }) => verdict) : [],
    )
  expect(verdicts).toEqual(['pass', 'pass'])
})

test('the verdict that counts is the one after the answer, not the one that was seen', async () => {
  const scenario = createScenario([{ id: 'a', hosts: ['h1'], manual: ['add it'], verify: 'test done' }])
  const { counters } = scenario.world.hosts.get('h1')!
  counters.set('done', 1)
  const question = await scenario.asked('manual')
  await scenario.until('it holds', () => lastSeen(scenario, 'h1') === 'pass')
  counters.set('done', 0)
  await scenario.answer(question, 'tick')
  await scenario.asked('failed')
  expect(scenario.hostStep('a', 'h1').failure).toMatchObject({ kind: 'check' })
})

test('nothing is looked at while nobody looks on, while the run is paused, and after the answer', async () => {
  const scenario = createScenario([{ id: 'a', hosts: ['h1'], manual: ['add it'], verify: 'test done' }])
  scenario.isWatched = false
  const question = await scenario.asked('manual')
  await pass(scenario, 60_000)
  expect(looks(scenario, 'h1')).toBe(0)
  scenario.isWatched = true
  await scenario.until('a look', () => looks(scenario, 'h1') > 0)
  await scenario.submit({ type: 'pause', by: 'ann' })
  const atPause = looks(scenario, 'h1')
  await pass(scenario, 60_000)
  expect(looks(scenario, 'h1')).toBeLessThanOrEqual(atPause + 1)
  await scenario.submit({ type: 'resume', by: 'ann' })
  const atResume = looks(scenario, 'h1')
  await scenario.until('a look', () => looks(scenario, 'h1') > atResume)
  await scenario.answer(question, 'tick')
  const atAnswer = looks(scenario, 'h1')
  await scenario.asked('failed')
  await pass(scenario, 60_000)
  expect(looks(scenario, 'h1')).toBe(atAnswer)
})

function looks({ progress }: Scenario, host: string): number {
  return progress.filter((told) => told.host === host && told.seen !== undefined).length
}

function lastSeen({ progress }: Scenario, host: string): string | undefined {
  return progress.findLast((told) => told.host === host && told.seen !== undefined)?.seen?.[0]?.verdict
}

async function pass(scenario: Scenario, durationMs: number): Promise<void> {
  const { scheduler } = scenario.world
  const untilMs = scheduler.nowMs() + durationMs
  scheduler.after(durationMs, () => undefined)
  await scenario.until('time to pass', () => scheduler.nowMs() >= untilMs)
}
