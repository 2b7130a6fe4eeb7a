import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { HANDRAIL, openDesk, type Desk } from './support/desk.ts'
import { ScreenProgram } from './support/screen-program.ts'

const STEPS = ['One', 'Two', 'Three']
  .map(
    (title) => `
## ${title}
<!-- handrail on=local -->

\`\`\`sh run repeat=safe
echo ${title} old >> HERE/said
\`\`\`
`,
  )
  .join('')

function openScreen(desk: Desk, ...args: readonly string[]): ScreenProgram {
  const env = { ...desk.env, TERM: 'xterm-256color', LANG: 'C.UTF-8' }
  const screen = new ScreenProgram(HANDRAIL, args, { cwd: desk.folder, env })
  onTestFinished(() => {
    if (screen.exitCode === undefined) screen.kill('SIGKILL')
  })
  return screen
}

/** Answers the question that waits with what stands under the cursor. */
async function goOn(screen: ScreenProgram, title: string): Promise<void> {
  await screen.shows(`needs you: ${title}`, 'Enter answer')
  screen.press('Enter')
  await screen.shows(`Confirm: ${title}`, '› Go on')
  screen.press('Enter')
}

/** A run whose first step is done and that was paused and left, and its runbook edited since. */
async function pauseAndEdit(change: (text: string) => string): Promise<Desk> {
  const desk = openDesk(STEPS)
  const screen = openScreen(desk, 'run', 'up.md', '-i', 'inv.yaml')
  await screen.shows('PLAN: nothing has run yet', 'Enter answer')
  screen.press('Enter')
  await screen.shows('Start this run?', '› Start the run')
  screen.press('Enter')
  await goOn(screen, 'One')
  await screen.shows('needs you: Two', 'Space pause')
  screen.press(' ')
  await screen.shows('PAUSED')
  screen.press('q')
  await screen.ends()
  desk.write('up.md', change(desk.read('up.md')))
  return desk
}

function readAdoptions(desk: Desk): readonly unknown[] {
  const lines = readFileSync(desk.runFile('journal.jsonl'), 'utf8').trimEnd().split('\n')
  return lines
    .map((line) => JSON.parse(line) as { type: string })
    .filter(({ type }) => type === 'plan-adopted')
}

test('an edited runbook is adopted and kept step by step on the screen, and the run goes on to its end', async () => {
  const desk = await pauseAndEdit((text) => text.replaceAll(' old ', ' new '))
  const screen = openScreen(desk, 'open', desk.runId())
  await screen.shows('The runbook was edited since', '0 of 3 decided', 'a adopts, o keeps')
  await screen.shows(/› \? {6}One +changed after it ran/, /\? {6}Two +changed, not run yet/)
  screen.press('o')
  await screen.shows(/› keep {3}One/)
  screen.press('Down')
  await screen.shows(/› \? {6}Two/, '-    echo Two old', '+    echo Two new')
  screen.press('Enter')
  await screen.shows('it is not said yet what becomes of two, three')
  screen.press('a')
  screen.press('Down')
  await screen.shows(/› \? {6}Three/)
  screen.press('o')
  await screen.shows('3 of 3 decided', 'Enter go on')
  screen.press('Enter')
  await goOn(screen, 'Two')
  await goOn(screen, 'Three')
  await screen.shows('FINISHED')
  screen.press('q')
  expect(await screen.ends()).toBe(0)
  expect(desk.read('said')).toBe('One old\nTwo new\nThree old\n')
  expect(readAdoptions(desk)).toMatchObject([
    { changes: ['two: changed'], kept: ['one', 'three'], stale: [], by: 'ada' },
  ])
})

test('leaving the sheet changes nothing, to the shell and to the library', async () => {
  const desk = await pauseAndEdit((text) => text.replaceAll(' old ', ' new '))
  const screen = openScreen(desk, 'resume')
  await screen.shows('The runbook was edited since', 'a adopts, o keeps')
  screen.press('A')
  await screen.shows('3 of 3 decided')
  screen.press('Esc')
  expect(await screen.ends()).toBe(3)
  expect(screen.text()).toContain('the edit of its files is not decided; nothing was changed')
  expect(screen.text()).toContain(`Next: handrail open ${desk.runId()}`)
  const home = openScreen(desk)
  await home.shows('Unfinished runs', /› .*Desk/)
  home.press('Enter')
  await home.shows('The runbook was edited since', 'a adopts, o keeps')
  home.press('Esc')
  await home.shows('Library', 'nothing was changed: the run stays as it is')
  expect(readAdoptions(desk)).toEqual([])
})

test('an edit with an error in it is shown with its place, and the run goes on by its own copies', async () => {
  const desk = await pauseAndEdit((text) => text.replace('sh run', 'sh rnu'))
  const screen = openScreen(desk, 'open', desk.runId(), '--inline')
  await screen.shows('The files on disk cannot be planned', /up\.md:\d+:\d+: HR\d+/, 'Enter go on')
  await screen.shows(/PAUSED {2}nobody drives/)
  screen.press('Enter')
  await goOn(screen, 'Two')
  await goOn(screen, 'Three')
  await screen.shows('FINISHED')
  expect(desk.read('said')).toBe('One old\nTwo old\nThree old\n')
})
