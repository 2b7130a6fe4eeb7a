import { expect, test } from 'vitest'
import type { HostName, StepId } from '../../src/core/base/ids.ts'
import { FakeClient } from './support/fake-client.ts'
import { mountScreen, type Screen } from './support/mount-screen.tsx'
import { aRun, NOW_MS } from './support/run-builder.ts'
import { SCENARIOS } from './support/scenarios.ts'

function open(name: string): { readonly screen: Screen; readonly client: FakeClient } {
  const { client } = SCENARIOS[name]!()
  const screen = mountScreen({ client: client! })
  return { screen, client: client as FakeClient }
}

test('a lost host is tried at once, or given up, from one sheet; what changes more is not the default', async () => {
  const { screen, client } = open('link-down')
  await screen.press('r')
  expect(await screen.screen()).toContain('ends nothing on a host')
  await screen.press('\r')
  expect(client.intents).toEqual([{ type: 'try-now', by: 'alice' }])
  await screen.press('r', 'j', 'j', 'j', '\r')
  expect(client.intents.at(-1)).toEqual({ type: 'stop-waiting', by: 'alice', host: 'db4' })
  expect(await screen.screen()).toContain('db3')
  await screen.press('r', 'j', '\r')
  expect(client.intents.at(-1)).toEqual({ type: 'stop-waiting', by: 'alice', host: 'db3' })
  expect(await screen.screen()).toContain('alice ended the wait')
  await screen.press('r')
  expect(await screen.screen()).toContain('no host is waited for now')
  screen.close()
})

test('a host that comes back while its sheet is open is never mistaken for another', async () => {
  const { screen, client } = open('link-down')
  await screen.press('r', 'j', 'j')
  client.tell({ type: 'link-restored', host: 'db3' as HostName, afterMs: 1 })
  await screen.press('\r')
  expect(client.intents).toEqual([{ type: 'try-now', by: 'alice' }])
  await screen.press('r')
  client.tell({ type: 'link-restored', host: 'db4' as HostName, afterMs: 1 })
  expect(await screen.screen()).toContain('No host is waited for any more')
  await screen.press('\r')
  expect(client.intents).toHaveLength(1)
  expect(await screen.screen()).not.toContain('No host is waited for')
  screen.close()
})

test('of many lost hosts, what has no room is counted or marked, and no choice is hidden without a word', async () => {
  const { screen, client } = open('link-down')
  for (const host of ['db1', 'db2', 'db5', 'db6'] as HostName[]) {
    client.tell({ type: 'link-lost', host, reason: 'the server closed the connection' })
    client.note({ host, text: 'reconnecting', atMs: NOW_MS - 1000, retryMs: 4000 })
  }
  screen.terminal.resize(60, 20)
  const shown = await screen.press('r', 'x')
  expect(shown).toMatch(/\d+ more lines: a taller window shows them/)
  expect(shown).toMatch(/Waiting for a lost host ─+ \d more below ─/)
  expect(await screen.press('G')).toMatch(/Waiting for a lost host ─+ \d more above ─/)
  screen.close()
})

test('a host whose wait ran out is not said to be tried, and has no sheet of a wait', async () => {
  const host = 'db3' as HostName
  const step = 'install' as StepId
  const run = aRun()
    .step(step, { title: 'Install packages', hosts: [host] })
    .confirmed()
    .add({ type: 'step-began', step }, { type: 'link-lost', host, reason: 'no route' })
  const note = { host, text: 'reconnecting', atMs: NOW_MS - 60_000, retryMs: 16_000 }
  const screen = mountScreen({ client: new FakeClient(run, { progress: [note] }) })
  const shown = await screen.screen()
  expect(shown).toContain('tried again when a step needs it')
  expect(shown).not.toContain('reconnecting')
  expect(shown).not.toContain('r connection')
  expect(await screen.press('r')).toContain('no host is waited for now')
  screen.close()
})
