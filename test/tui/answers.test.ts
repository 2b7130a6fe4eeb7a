import { expect, test } from 'vitest'
import type { HostName, StepId } from '../../src/core/base/ids.ts'
import type { FakeClient } from './support/fake-client.ts'
import { mountScreen, type Screen } from './support/mount-screen.tsx'
import { NOW_MS } from './support/run-builder.ts'
import { SCENARIOS } from './support/scenarios.ts'

function open(name: string): { readonly screen: Screen; readonly client: FakeClient } {
  const { client } = SCENARIOS[name]!()
  const screen = mountScreen({ client: client! })
  return { screen, client: client as FakeClient }
}

function footer(shown: string): string {
  return shown.trimEnd().split('\n').at(-1)!.trim()
}

test('an answer that is under way is not given twice', async () => {
  const { screen, client } = open('answering')
  await screen.press('\r', 'a', 'j', '\r')
  expect(client.intents).toHaveLength(1)
  const shown = await screen.press('\r', 'j', ' ', 'a')
  expect(shown).toContain('Your answer is under way')
  expect(footer(shown)).toBe('Esc back   ? help')
  expect(client.intents).toHaveLength(1)
  screen.close()
})

test('the sheet of an answer under way closes when the journal has it', async () => {
  const { screen, client } = open('answering')
  await screen.press('\r', 'a', 'j', '\r', '\r')
  client.release()
  await screen.pass(100)
  // The second host's answer is sent after the first has arrived.
  client.release()
  const shown = await screen.pass(100)
  expect(shown).not.toContain('under way')
  expect(client.intents).toHaveLength(2)
  expect(client.state.questions.size).toBe(0)
  screen.close()
})

test('a refused answer says why, and the question can be answered again', async () => {
  const { screen, client } = open('answering')
  await screen.press('\r', 'a', 'j', '\r')
  client.release({ message: 'bob drives now' })
  expect(await screen.pass(100)).toContain('bob drives now')
  expect(await screen.press('\r')).toContain('It failed')
  expect(client.intents).toHaveLength(1)
  screen.close()
})

test('a question that somebody else answers meanwhile takes no key any more', async () => {
  const { screen, client } = open('failed')
  await screen.press('\r', 'j')
  for (const question of client.state.questions.keys())
    client.tell({ type: 'question-answered', question, choice: 'retry', by: 'bob', how: 'asked' })
  const shown = await screen.pass(100)
  expect(shown).toContain('Answered meanwhile')
  expect(footer(shown)).toBe('Esc back   ? help')
  await screen.press('\r')
  expect(client.intents).toEqual([])
  screen.close()
})

test('hosts with the same trouble are chosen together, or one by one', async () => {
  const { screen, client } = open('failed-many')
  const listed = await screen.press('\r', '\t')
  expect(listed).toContain('4 hosts  action 1 ended with exit code 137 (killed by SIGKILL)')
  expect(listed).toContain('2 hosts  the host did not answer on port 22 within 10 s')
  // All four of the first group, then without its second host.
  const chosen = await screen.press(' ', 'jj', ' ')
  expect(chosen).toContain('for 3 of 7 hosts')
  await screen.press('\r', 'j', '\r')
  expect(client.intents.map((intent) => (intent.type === 'answer' ? intent.question : ''))).toEqual([
    'failed/install@db01#1',
    'failed/install@db04#1',
    'failed/install@db05#1',
  ])
  screen.close()
})

test('Enter on the list of hosts answers nothing', async () => {
  const { screen, client } = open('failed-many')
  await screen.press('\r', 'j', '\t', '\r')
  expect(client.intents).toEqual([])
  expect(await screen.screen()).toContain('Run again')
  screen.close()
})

test('what a check says of a manual item turns on the screen without a key', async () => {
  const { screen, client } = open('manual')
  const before = await screen.press('\r')
  expect(before).toContain('not yet')
  expect(before).toContain('looked 3 s ago')
  client.note({
    step: 'window' as StepId,
    host: 'local' as HostName,
    text: 'its checks hold now',
    atMs: NOW_MS,
    seen: [{ verb: 'verify', index: 1, verdict: 'pass' }],
  })
  const after = await screen.pass(100)
  expect(after).toContain('holds')
  expect(after).toContain('looked just now')
  expect(after).not.toContain('not yet')
  screen.close()
})

test('what stands above a word that is typed can be scrolled to', async () => {
  const { client } = SCENARIOS['irreversible']!()
  const screen = mountScreen({ client: client!, cols: 60, rows: 20 })
  const typing = await screen.press('\r', 'j', '\r', 'pro')
  expect(typing).toContain('PgDn')
  expect(typing).not.toContain('nodetool status')
  const scrolled = await screen.press('\u001b[6~')
  expect(scrolled).toContain('nodetool status')
  expect(scrolled).toContain('› pro')
  screen.close()
})
