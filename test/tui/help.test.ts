import { expect, test } from 'vitest'
import type { FakeClient } from './support/fake-client.ts'
import { mountScreen } from './support/mount-screen.tsx'
import { SCENARIOS } from './support/scenarios.ts'

test.each(Object.keys(SCENARIOS))('help says how to leave it, and nothing else: %s', async (name) => {
  const { keys, ...ports } = SCENARIOS[name]!()
  const screen = mountScreen(ports)
  await screen.press(...keys)
  const shown = await screen.press('\u001bOP')
  expect(shown).toContain('Esc back')
  expect(shown).not.toContain('Enter asks')
  screen.close()
})

test('Esc on the help over a prompt closes the help and declines nothing', async () => {
  const client = SCENARIOS['secret']!().client as FakeClient
  const screen = mountScreen({ client })
  await screen.pass(400)
  await screen.press('\u001bOP', '\u001b')
  expect(client.answers).toEqual([])
  expect(await screen.screen()).toContain('Esc decline')
  screen.close()
})
