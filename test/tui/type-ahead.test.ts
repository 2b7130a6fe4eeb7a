import { expect, test } from 'vitest'
import type { FakeClient } from './support/fake-client.ts'
import { mountScreen } from './support/mount-screen.tsx'
import { SCENARIOS } from './support/scenarios.ts'

const LEFT_OUT = 'left out, this had just opened: pause, then press again'

function open(name: string) {
  const client = SCENARIOS[name]!().client as FakeClient
  return { client, screen: mountScreen({ client }) }
}

test('who presses Enter twice a second reads why nothing happens', async () => {
  const { client, screen } = open('unknown')
  screen.type('\r')
  expect(await screen.screen()).toContain('one moment')
  for (let count = 0; count < 5; count += 1) {
    await screen.pass(10)
    screen.type('\r')
    expect(await screen.screen()).toContain(LEFT_OUT)
  }
  expect(client.intents).toEqual([])
  await screen.pass(600)
  const answered = await screen.press('\r')
  screen.close()
  expect(client.intents).toMatchObject([{ type: 'answer', choice: 'recheck' }])
  expect(answered).not.toContain(LEFT_OUT)
})

test('the first letters of a secret that were typed too early are told to be missing', async () => {
  const { screen } = open('secret')
  await screen.screen()
  screen.type('h')
  const shown = await screen.screen()
  screen.close()
  expect(shown).toContain(LEFT_OUT)
})

/** Rows of the screen where a frame begins or ends. */
function frame(shown: string): readonly number[] {
  return shown
    .split('\n')
    .flatMap((line, index) => (line.startsWith('╭') || line.startsWith('╰') ? [index] : []))
}

test('a sheet keeps its place and its height when it begins to take keys', async () => {
  for (const name of ['confirm-diff', 'failed', 'unknown', 'secret']) {
    const { screen } = open(name)
    screen.type('\r')
    const before = await screen.screen()
    expect(before.slice(before.lastIndexOf('╭─'))).not.toContain('›')
    const after = await screen.pass(600)
    screen.close()
    expect([name, frame(before)]).toEqual([name, frame(after)])
  }
})
