import { expect, test } from 'vitest'
import type { HostName } from '../../src/core/base/ids.ts'
import type { FakeClient } from './support/fake-client.ts'
import { mountScreen, type Screen } from './support/mount-screen.tsx'
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
  for (const host of ['db1', 'db2', 'db5', 'db6'])
    client.tell({ type: 'link-lost', host: host as HostName, reason: 'the server closed the connection' })
  screen.terminal.resize(60, 20)
  const shown = await screen.press('r', 'x')
  expect(shown).toMatch(/\d+ more lines: a taller window shows them/)
  expect(shown).toMatch(/Waiting for a lost host ─+ \d more below ─/)
  expect(await screen.press('G')).toMatch(/Waiting for a lost host ─+ \d more above ─/)
  screen.close()
})
