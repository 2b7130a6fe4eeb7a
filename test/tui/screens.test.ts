import { expect, test } from 'vitest'
import { TYPE_AHEAD_MS } from '../../src/tui/control/key-context.ts'
import { measureWidth } from '../../src/tui/term/width.ts'
import { mountScreen } from './support/mount-screen.tsx'
import { SCENARIOS } from './support/scenarios.ts'

const SIZES = [
  { cols: 80, rows: 24 },
  { cols: 120, rows: 40 },
  { cols: 60, rows: 20 },
] as const

for (const size of SIZES) {
  test.each(Object.keys(SCENARIOS))(`%s at ${size.cols}x${size.rows}`, async (name) => {
    const { keys, ...ports } = SCENARIOS[name]!()
    const screen = mountScreen({ ...ports, ...size })
    await screen.screen()
    await screen.press(...keys)
    // What opens by itself takes answers after a while.
    const shown = await screen.pass(TYPE_AHEAD_MS)
    const status = screen.session.view().footer[0]
    screen.close()
    // What is to be known now is shortened by its meaning.
    expect(status?.map(({ text }) => text).join('')).not.toMatch(/…\s*$/)
    expect(`\n${shown}\n`).toMatchSnapshot()
  })
}

test('every scenario fills the screen exactly, in ASCII too', async () => {
  for (const [name, build] of Object.entries(SCENARIOS)) {
    // What a host prints is shown in its own characters.
    if (name.startsWith('odd-output')) continue
    const { keys, ...ports } = build()
    const screen = mountScreen({ ...ports, cols: 80, rows: 24, isAscii: true, hasColor: false })
    await screen.press(...keys)
    const view = screen.session.view()
    const rows = [...view.header, ...view.body, ...view.sheet, ...view.footer]
    expect([name, rows.length]).toEqual([name, 24])
    for (const row of rows)
      expect([name, measureWidth(row.map(({ text }) => text).join(''))]).toEqual([name, 80])
    // Without colour no sequence sets one; the words of the runbook may still hold other characters.
    expect(screen.terminal.raw).not.toMatch(/\u001b\[[\d;]*3[0-7]m/)
    expect(screen.terminal.screen()).toMatch(/^[\n -~]*$/)
    screen.close()
  }
})

test('a screen that is too small says so in one line', async () => {
  const { keys: _, ...ports } = SCENARIOS['failed']!()
  const screen = mountScreen({ ...ports, cols: 40, rows: 10 })
  expect(await screen.screen()).toContain('handrail: needs you; enlarge to')
  screen.terminal.resize(80, 24)
  expect(await screen.screen()).toContain('Install packages')
  screen.close()
})
