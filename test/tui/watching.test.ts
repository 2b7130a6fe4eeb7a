import { expect, test } from 'vitest'
import type { FakeClient } from './support/fake-client.ts'
import { mountScreen } from './support/mount-screen.tsx'
import { SCENARIOS } from './support/scenarios.ts'

test('who watches sends nothing before taking the wheel', async () => {
  const client = SCENARIOS['watching']!().client as FakeClient
  const screen = mountScreen({ client })
  await screen.press(' ', 'X')
  expect(client.intents).toEqual([])
  await screen.press('D')
  await screen.press(' ')
  expect(client.intents).toMatchObject([{ type: 'pause' }])
  screen.close()
})

test.each(['watching', 'runner-lost'])(
  '`watch` offers no wheel, and says what drives instead: %s',
  async (name) => {
    const client = Object.assign(SCENARIOS[name]!().client as FakeClient, { isOnlyWatching: true })
    const screen = mountScreen({ client })
    await screen.press(' ')
    const shown = await screen.screen()
    expect(shown).not.toMatch(/D drive|D takes|D start|start anew/)
    expect(shown).toContain(`handrail open ${client.run}`)
    expect(await screen.press('?')).not.toContain('take over')
    screen.close()
  },
)
