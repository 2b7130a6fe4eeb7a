import { expect, onTestFinished, test } from 'vitest'
import { HANDRAIL, openDesk, SLOW, until, type Desk, type Started } from './support/desk.ts'
import { ScreenProgram } from './support/screen-program.ts'

const INLINE = ['--approve', 'change', '--inline', '--plain']

/** A run that a process drives which serves no clients, in the middle of its only step. */
async function startInline(desk: Desk): Promise<Started> {
  const driver = desk.start(['run', 'up.md', '-i', 'inv.yaml', ...INLINE])
  await until(() => desk.has('begun'), driver.out)
  return driver
}

function watchOnScreen(desk: Desk, ...how: readonly string[]): ScreenProgram {
  const env = { ...desk.env, TERM: 'xterm-256color', LANG: 'C.UTF-8' }
  const screen = new ScreenProgram(HANDRAIL, [...how, desk.runId(), '--operator', 'bob'], {
    cwd: desk.folder,
    env,
  })
  onTestFinished(() => {
    if (screen.exitCode === undefined) screen.kill('SIGKILL')
  })
  return screen
}

test('who watches a run of --inline sees its driver go, another come, and the end', async () => {
  const desk = openDesk(SLOW)
  const first = await startInline(desk)
  const screen = watchOnScreen(desk, 'watch')
  await screen.shows(`watching; ada (process ${first.child.pid}) drives`)
  first.child.kill('SIGKILL')
  await screen.shows('watching; nobody drives')
  const second = desk.start(['resume', '--operator', 'eve', ...INLINE])
  await screen.shows(/watching; eve \(process \d+\) drives/)
  desk.write('go')
  expect(await second.ended).toMatchObject({ code: 0 })
  await screen.shows('FINISHED')
})

test('a runner that takes the run up is joined: what it says is shown, and whoever opened the run can take the wheel', async () => {
  const desk = openDesk(SLOW)
  const first = await startInline(desk)
  const screen = watchOnScreen(desk, 'open')
  await screen.shows(`watching; ada (process ${first.child.pid}) drives`)
  first.child.kill('SIGKILL')
  await screen.shows('watching; nobody drives')
  const second = desk.start(['resume', '--operator', 'eve', '--approve', 'change'])
  await screen.shows('watching; eve drives')
  screen.press('D')
  await screen.shows('you drive now')
  await until(() => second.out().includes('bob drives now'), second.out)
  desk.write('go')
  await screen.shows('FINISHED')
})

test('watching without a terminal ends with how it stands once nobody drives', async () => {
  const desk = openDesk(SLOW)
  const first = await startInline(desk)
  const watcher = desk.start(['watch', desk.runId()])
  await until(() => watcher.out().includes('ada (process'), watcher.out)
  first.child.kill('SIGKILL')
  expect(await watcher.ended).toMatchObject({ code: 3, last: `Next: handrail open ${desk.runId()}` })
  expect(watcher.out()).toContain('nobody drives now')
  desk.write('go')
})
