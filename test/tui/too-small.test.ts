import { expect, test } from 'vitest'
import type { FakeClient } from './support/fake-client.ts'
import { mountScreen } from './support/mount-screen.tsx'
import { SCENARIOS } from './support/scenarios.ts'

function openTooSmall() {
  const client = SCENARIOS['irreversible']!().client as FakeClient
  const screen = mountScreen({ client })
  return { client, screen, shrink: () => screen.terminal.resize(40, 10) }
}

test('a screen that is too small to read takes no answer', async () => {
  const { client, screen, shrink } = openTooSmall()
  await screen.press('\r', 'j')
  shrink()
  expect(await screen.screen()).toContain('enlarge to')
  await screen.press('\r', ' ', 'p', '\u001b[200~prod-eu\u001b[201~')
  screen.terminal.resize(80, 24)
  // Not at once afterwards either: nobody has read it yet.
  screen.type('\r')
  const shown = await screen.screen()
  expect(shown).toContain('IRREVERSIBLE')
  expect(shown).not.toContain('and Enter')
  expect(client.intents).toEqual([])
  await screen.pass(600)
  await screen.press('\r')
  expect(await screen.screen()).toContain('type prod-eu and Enter')
  screen.close()
})

test('a screen that is too small can be left', async () => {
  const { screen, shrink } = openTooSmall()
  shrink()
  await screen.press('q')
  await screen.press('\u0003', '\u0003')
  expect(screen.asked).toEqual(['leave detached', 'leave detached'])
  screen.close()
})
