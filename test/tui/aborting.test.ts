import { expect, test } from 'vitest'
import type { FakeClient } from './support/fake-client.ts'
import { mountScreen } from './support/mount-screen.tsx'
import { SCENARIOS } from './support/scenarios.ts'

test('a run that is being aborted offers no pause: nothing new starts as it is', async () => {
  const client = SCENARIOS['running']!().client as FakeClient
  const screen = mountScreen({ client })
  expect(await screen.screen()).toContain('Space pause')
  client.tell({ type: 'abort-requested', by: 'alice', reason: 'wrong inventory' })
  expect(await screen.screen()).not.toContain('Space pause')
  expect(await screen.press(' ')).toContain('being aborted: nothing new starts')
  expect(client.intents).toEqual([])
  screen.close()
})
