import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { testUnless } from '../support/skip.ts'
import { HANDRAIL, openDesk, until, type Desk } from './support/desk.ts'
import { startPractice } from './support/practice.ts'
import { ScreenProgram } from './support/screen-program.ts'
import { sshdMissing } from './support/sshd.ts'
import { createThrowawayUser, usersMissing } from './support/throwaway-user.ts'

const testHere = testUnless(
  existsSync('/usr/bin/script') ? undefined : 'no program `script`: this machine has no local terminals',
)

/** Asks like an installer: needs a real terminal, and says what it was told. */
const INSTALLER = `
## Install the driver
<!-- handrail on=local -->

\`\`\`sh run interactive
test -t 0 || exit 3
echo x >> HERE/started
printf 'Accept the %s? ' licence
read -r answer
echo "$answer" > HERE/answer
echo "it was $answer"
\`\`\`
`

/** In the footer, once an answer counts: what was just opened takes none yet. */
const READY = 'Enter hand over'

const RUN = ['run', 'up.md', '-i', 'inv.yaml', '--approve', 'change']

function openScreen(desk: Desk, args: readonly string[]): ScreenProgram {
  const screen = new ScreenProgram(HANDRAIL, args, {
    cwd: desk.folder,
    env: { ...desk.env, TERM: 'xterm-256color', LANG: 'C.UTF-8' },
  })
  onTestFinished(() => {
    if (screen.exitCode === undefined) screen.kill('SIGKILL')
  })
  return screen
}

for (const [where, options] of [
  ['through a runner', []],
  ['in this process', ['--inline']],
] as const)
  testHere(`a command has the terminal of the screen until it ends, ${where}`, async () => {
    const desk = openDesk(INSTALLER)
    const screen = openScreen(desk, [...RUN, ...options])
    await screen.shows('A command needs your terminal', 'on local', READY)
    expect(desk.has('started')).toBe(false)
    screen.press('Enter')
    await screen.shows('local has your terminal', 'Accept the licence?')
    screen.press('yes', 'Enter')
    await screen.shows('FINISHED')
    expect(desk.read('answer')).toBe('yes\n')
    expect(desk.read('started')).toBe('x\n')
    screen.press('q')
    expect(await screen.ends()).toBe(0)
  })

testHere('what is not given is a failure that a person decides, and nothing has run', async () => {
  const desk = openDesk(INSTALLER)
  const screen = openScreen(desk, RUN)
  await screen.shows('A command needs your terminal', READY)
  screen.press('Esc')
  await screen.shows('1 failed', 'is interactive and needs', 'Enter answer')
  expect(desk.has('started')).toBe(false)
  screen.press('Enter')
  await screen.shows('Run again', 'Enter choose')
})

testHere(
  'a client that is killed leaves the command its life, and the next one gives it a terminal',
  async () => {
    const desk = openDesk(INSTALLER)
    const first = openScreen(desk, RUN)
    await first.shows('A command needs your terminal', READY)
    first.press('Enter')
    await first.shows('Accept the licence?')
    first.kill('SIGKILL')
    await first.ends()
    const second = openScreen(desk, ['open'])
    await second.shows('A command needs your terminal', 'It runs already', READY)
    second.press('Esc')
    await second.shows('Enter terminal')
    second.press('Enter')
    await second.shows('It runs already', READY)
    second.press('Enter')
    await second.shows('has your terminal', 'Accept the licence?')
    second.press('later', 'Enter')
    await second.shows('FINISHED')
    expect([desk.read('answer'), desk.read('started')]).toEqual(['later\n', 'x\n'])
  },
)

testHere('Ctrl-] twice comes back to the screen while the command goes on', async () => {
  const desk = openDesk(INSTALLER)
  const screen = openScreen(desk, RUN)
  await screen.shows('A command needs your terminal', READY)
  screen.press('Enter')
  await screen.shows('Accept the licence?')
  screen.press('\u001d\u001d')
  await screen.shows('It runs already', READY)
  screen.press('Enter')
  await screen.shows('has your terminal', 'Accept the licence?')
  screen.press('no', 'Enter')
  await screen.shows('FINISHED')
  expect(desk.read('answer')).toBe('no\n')
})

testHere('plain lines lend the terminal as well', async () => {
  const desk = openDesk(INSTALLER)
  const plain = openScreen(desk, [...RUN, '--plain'])
  await plain.shows('needs your terminal', 'no keeps it:')
  plain.press('Enter')
  await plain.shows('Accept the licence?')
  plain.press('yes', 'Enter')
  expect(await plain.ends()).toBe(0)
  expect(desk.read('answer')).toBe('yes\n')
})

testHere('off a terminal it fails in words and runs nothing', async () => {
  const desk = openDesk(INSTALLER)
  const ended = await desk.run(...RUN)
  expect(ended.code).toBe(1)
  expect(ended.stdout + ended.stderr).toContain("needs a person's terminal")
  expect(desk.has('started')).toBe(false)
  await until(() => desk.events().includes('run-paused'))
})

const missing =
  sshdMissing() ?? usersMissing() ?? (existsSync('/usr/bin/sudo') ? undefined : 'no sudo on this machine')

testUnless(missing)('over ssh, as another user, and on one host after the other', async () => {
  const user = await createThrowawayUser('none')
  const practice = await startPractice(2)
  const answers = mkdtempSync(join(tmpdir(), 'hr-answers-'))
  chmodSync(answers, 0o777)
  onTestFinished(async () => {
    await practice.stop()
    await user.remove()
    rmSync(answers, { recursive: true, force: true })
  })
  writeFileSync(
    join(practice.dir, 'ask.md'),
    `---
handrail: 1
title: Ask
---

# Ask

## Ask both
<!-- handrail on=box -->

\`\`\`sh run interactive as=${user.name}
test -t 0 || exit 3
printf '%s on %s: ' "$(id -un)" {{ host.name }}
read -r answer
echo "$answer $(stty size)" > ${answers}/{{ host.name }}
\`\`\`
`,
  )
  const screen = new ScreenProgram(
    HANDRAIL,
    ['run', 'ask.md', '-i', practice.inventory, '--approve', 'change', '--state-dir', practice.stateDir],
    {
      cwd: practice.dir,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: practice.dir,
        TERM: 'xterm-256color',
        LANG: 'C.UTF-8',
        HR_TOKEN: 'x',
        XDG_RUNTIME_DIR: practice.dir,
      },
    },
  )
  onTestFinished(() => {
    if (screen.exitCode === undefined) screen.kill('SIGKILL')
  })
  const answered: string[] = []
  for (const _ of practice.hosts) {
    // The sheet of the host that is next, not what is left of the last one's.
    const next = new RegExp(`on (?!${answered.join('|') || 'none'})(box\\d) as ${user.name}`)
    const host = next.exec(await screen.shows(READY, 'A command needs your terminal', next))?.[1] ?? ''
    screen.press('Enter')
    await screen.shows(`${user.name} on ${host}: `)
    screen.press(`I am ${host}`, 'Enter')
    await screen.shows('handrail │ Ask')
    answered.push(host)
  }
  await screen.shows('FINISHED')
  screen.press('q')
  expect(await screen.ends()).toBe(0)
  expect(answered.toSorted()).toEqual(['box1', 'box2'])
  for (const host of answered) expect(readFileSync(join(answers, host), 'utf8')).toBe(`I am ${host} 24 80\n`)
})

testHere('an undo that is interactive has the terminal too', async () => {
  const desk = openDesk(`
## Put the licence in place
<!-- handrail on=local -->

\`\`\`sh run
echo x > HERE/licence; exit 1
\`\`\`

\`\`\`sh undo interactive
test -t 0 || exit 3
printf 'Really remove %s? ' it
read -r answer
test "$answer" = yes && rm HERE/licence
\`\`\`
`)
  const screen = openScreen(desk, [...RUN, '--decide', 'put-the-licence-in-place@local=undo'])
  await screen.shows('A command needs your terminal', READY)
  expect(desk.has('licence')).toBe(true)
  screen.press('Enter')
  await screen.shows('Really remove it?')
  screen.press('yes', 'Enter')
  await until(() => desk.events().includes('run-finished'))
  expect(desk.has('licence')).toBe(false)
})
