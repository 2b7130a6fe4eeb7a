import { expect, test } from 'vitest'
import type { HostName, JobId, StepId } from '../../src/core/base/ids.ts'
import { FakeClient } from './support/fake-client.ts'
import { mountScreen } from './support/mount-screen.tsx'
import { aRun, type RunBuilder } from './support/run-builder.ts'

const REPAIR = 'repair' as StepId
const DB1 = 'db1' as HostName

/** A step that failed once, and is to be tried again. */
function failedOnce(): RunBuilder {
  return aRun()
    .step('repair', { title: 'Repair', hosts: ['db1'] })
    .confirmed()
    .began('repair')
    .running('repair', 'db1')
    .ended('repair', 'db1', 1)
    .failed('repair', 'db1', { kind: 'exit', action: 1, code: 1 })
    .asked({
      kind: 'failed',
      step: REPAIR,
      host: DB1,
      text: 'Repair on db1: action 1 ended with exit code 1',
      choices: ['retry', 'skip', 'abort'],
    })
}

function openRetried() {
  const run = failedOnce()
  const first: JobId = run.lastJob()
  const client = new FakeClient(run)
  const screen = mountScreen({ client })
  return { run, client, screen, first }
}

async function retry({ client, screen, first }: ReturnType<typeof openRetried>): Promise<string> {
  await screen.screen()
  client.printFor(first, 'what the first try said\n')
  await screen.press('\r', 'j', '\r')
  return screen.screen()
}

test('after a retry nothing of the first try looks as if the second had printed it', async () => {
  const opened = openRetried()
  const shown = await retry(opened)
  opened.screen.close()
  expect(opened.client.intents).toMatchObject([{ type: 'answer', choice: 'retry' }])
  expect(shown).not.toContain('what the first try said')
  expect(shown).toContain('try 2: nothing printed yet')
})

test('what an earlier try printed is shown on request, with its number and its exit code', async () => {
  const opened = openRetried()
  await retry(opened)
  const earlier = await opened.screen.press('[')
  expect(earlier).toContain('what the first try said')
  expect(earlier).toContain('try 1')
  expect(earlier).toContain('exit 1')
  const again = await opened.screen.press('[')
  expect(again).toContain('nothing was printed before this')
  const newest = await opened.screen.press(']')
  opened.screen.close()
  expect(newest).toContain('try 2: nothing printed yet')
})

test('an earlier try stays on the screen while the new one prints', async () => {
  const opened = openRetried()
  const { client, screen, run } = opened
  await retry(opened)
  await screen.press('[')
  const before = run.events.length
  run.running('repair', 'db1')
  client.tell(...run.events.slice(before))
  expect(await screen.screen()).toContain('what the first try said')
  await screen.press(']')
  client.printFor(run.lastJob(), 'what the second try says\n')
  const newest = await screen.screen()
  screen.close()
  expect(newest).toContain('what the second try says')
  expect(newest).toContain('try 2')
})

test('the output of each action of a try can be read', async () => {
  const run = aRun()
    .step('repair', { title: 'Repair', hosts: ['db1'], actions: 2 })
    .confirmed()
    .began('repair')
    .running('repair', 'db1')
  const first = run.lastJob()
  run.ended('repair', 'db1', 0).nextAction('repair', 'db1')
  const client = new FakeClient(run)
  const screen = mountScreen({ client })
  await screen.press('[')
  client.printFor(first, 'of the first action\n')
  expect(await screen.screen()).toContain('of the first action')
  expect(await screen.screen()).toContain('action 1 of 2')
  const last = await screen.press(']')
  screen.close()
  expect(last).toContain('action 2 of 2')
  expect(last).not.toContain('of the first action')
})

test('the question about the newest try quotes the newest, whatever was looked at before', async () => {
  const opened = openRetried()
  const { client, screen, run } = opened
  await retry(opened)
  const before = run.events.length
  run
    .running('repair', 'db1')
    .ended('repair', 'db1', 2)
    .failed('repair', 'db1', { kind: 'exit', action: 1, code: 2 })
    .asked({
      kind: 'failed',
      step: REPAIR,
      host: DB1,
      text: 'Repair on db1: action 1 ended with exit code 2',
      choices: ['retry', 'abort'],
    })
  client.tell(...run.events.slice(before))
  await screen.screen()
  client.printFor(run.lastJob(), 'what the second try said\n')
  await screen.press('[')
  const sheet = await screen.press('\r')
  screen.close()
  expect(sheet).toContain('It failed')
  expect(sheet.slice(sheet.indexOf('It failed'))).toContain('what the second try said')
})

test('where a line is cut, the key that breaks it is named', async () => {
  const run = aRun()
    .step('repair', { title: 'Repair', hosts: ['db1'] })
    .confirmed()
    .began('repair')
  const client = new FakeClient(run.running('repair', 'db1'), { output: `${'word '.repeat(40)}\n` })
  const screen = mountScreen({ client })
  expect(await screen.screen()).toContain('w wraps')
  const wrapped = await screen.press('w')
  screen.close()
  expect(wrapped).not.toContain('w wraps')
})
