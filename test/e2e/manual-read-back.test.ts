import { expect, onTestFinished, test } from 'vitest'
import { HANDRAIL, openDesk, until } from './support/desk.ts'
import { ScreenProgram } from './support/screen-program.ts'

const SWAP = `
## Swap the disk
<!-- handrail on=local -->

- [ ] The disk is swapped

\`\`\`sh verify for=10s every=2s
test -e HERE/swapped && cat HERE/swapped
\`\`\`
\`\`\`text expect
PM9A3
\`\`\`
`

test('while a person works by hand the check turns on the screen, without a key and without a record', async () => {
  const desk = openDesk(SWAP)
  const screen = new ScreenProgram(HANDRAIL, ['run', 'up.md', '-i', 'inv.yaml'], {
    cwd: desk.folder,
    env: { ...desk.env, TERM: 'xterm-256color', LANG: 'C.UTF-8' },
  })
  onTestFinished(() => {
    if (screen.exitCode === undefined) screen.kill('SIGKILL')
  })
  await screen.shows('PLAN: nothing has run yet', 'Enter answer')
  screen.press('Enter')
  await screen.shows('› Start the run')
  screen.press('Enter')
  await screen.shows('needs you: The disk is swapped', 'Enter answer')
  screen.press('Enter')
  await screen.shows('To do by hand: Swap the disk', 'Read-back', 'not yet', 'the step would fail')
  const { length } = desk.events()

  desk.write('swapped', 'PM983\n')
  await screen.shows('not yet', /found +PM983/)
  desk.write('swapped', 'PM9A3\n')
  await screen.shows('✓ holds', 'recorded with your name')
  expect(desk.events()).toHaveLength(length)

  screen.press('Enter')
  await screen.shows('Done: what shows it?')
  screen.press('Enter')
  await screen.shows('FINISHED', 'Enter report')
  await until(() => desk.events().includes('run-finished'))
  expect(desk.events().filter((type) => type === 'checks-evaluated')).toHaveLength(1)
  screen.press('q')
  expect(await screen.ends()).toBe(0)
})
