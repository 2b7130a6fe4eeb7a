import { expect, test } from 'vitest'
import { fitsRecord } from '../../src/core/journal/record.ts'
import { createScenario } from './support/sim/scenario.ts'

const STEPS = [
  { id: 'a', hosts: ['h1'], run: ['add a'], undo: 'exit 4' },
  { id: 'b', hosts: ['h1'], run: ['exit 1\nadd b'] },
]

test('an undo that fails when a run is aborted is asked about, and can be given up', async () => {
  const scenario = createScenario(STEPS)
  await scenario.answer(await scenario.asked('failed'), 'abort')
  await scenario.answer(await scenario.asked('undo-all'), 'undo')
  const question = await scenario.asked('failed')
  expect(question.step).toBe('a')
  await scenario.answer(question, 'skip')
  await scenario.finished()
  expect(scenario.tool.stop()).toEqual({ kind: 'aborted' })
})

test('an undo on a host that is out of reach waits for an answer, and works when it is back', async () => {
  const scenario = createScenario([
    { id: 'a', hosts: ['h1'], run: ['add a\nsleep 5000'], undo: 'reset a', reconnectMs: 1000 },
  ])
  const { network, hosts } = scenario.world
  await scenario.until('it acts', () => scenario.effects('h1', 'a') === 1)
  network.down.add('h1')
  scenario.tool.transport.breakLine('h1')
  await scenario.answer(await scenario.asked('unknown'), 'abort')
  await scenario.answer(await scenario.asked('undo-all'), 'undo')
  const question = await scenario.asked('unknown')
  network.down.delete('h1')
  await scenario.answer(question, 'retry')
  await scenario.finished()
  expect(hosts.get('h1')!.counters.get('a')).toBe(0)
  expect(scenario.hostStep('a', 'h1').outcome).toBe('undone')
})

test('however much there is to undo, the question about it fits its record', async () => {
  const many = Array.from({ length: 80 }, (_, index) => ({
    id: `a-step-with-quite-a-long-name-${index}`,
    hosts: ['h1', 'h2'],
    run: [`add a${index}`],
    undo: `reset a${index}`,
  }))
  const scenario = createScenario([...many, { id: 'b', hosts: ['h1'], run: ['exit 1\nadd b'] }])
  await scenario.answer(await scenario.asked('failed'), 'abort')
  const question = await scenario.asked('undo-all')
  expect(fitsRecord({ type: 'question-asked', question })).toBe(true)
  expect(question.text).toContain('name-79 on h2, h1;')
  expect(question.text).toMatch(/and \d+ more\?$/)
})
