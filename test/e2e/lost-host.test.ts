import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HANDRAIL, until } from './support/desk.ts'
import { startPractice, TOKEN, type Practice, type PracticeHost } from './support/practice.ts'
import { ScreenProgram } from './support/screen-program.ts'

const RUNBOOK = `---
handrail: 1
title: Long work
---

# Long work

## Count
<!-- handrail on=box -->

\`\`\`sh run
cd {{ host.vars.dir }}; echo x >> begun; while ! test -e go; do sleep 0.05; done; echo x >> over
\`\`\`
`

let practice: Practice
let screen: ScreenProgram | undefined

beforeEach(async () => {
  practice = await startPractice(1)
})
afterEach(async () => {
  if (screen?.exitCode === undefined) screen?.kill('SIGKILL')
  screen = undefined
  for (const run of listRuns()) killRunner(run)
  await practice.stop()
})

function listRuns(): readonly string[] {
  return readdirSync(join(practice.stateDir, 'runs')).filter((name) => !name.startsWith('.'))
}

function readRun(file: string): string {
  return readFileSync(join(practice.stateDir, 'runs', listRuns()[0]!, file), 'utf8')
}

function killRunner(run: string): void {
  try {
    const text = readFileSync(join(practice.stateDir, 'runs', run, 'runner.json'), 'utf8')
    process.kill((JSON.parse(text) as { pid: number }).pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

/** A host that is pulled out while its command runs. */
async function loseHost(
  ...how: readonly string[]
): Promise<{ readonly host: PracticeHost; readonly screen: ScreenProgram }> {
  const [host] = practice.hosts
  const runbook = join(practice.dir, 'long.md')
  writeFileSync(runbook, RUNBOOK)
  screen = new ScreenProgram(
    HANDRAIL,
    ['run', runbook, '-i', practice.inventory, '--approve', 'disruptive', ...how],
    {
      cwd: practice.dir,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: practice.dir,
        USER: 'ada',
        TERM: 'xterm-256color',
        LANG: 'C.UTF-8',
        XDG_RUNTIME_DIR: practice.dir,
        HANDRAIL_STATE_DIR: practice.stateDir,
        HR_TOKEN: TOKEN,
      },
    },
  )
  const shown = screen
  await until(
    () => host!.lines('begun').length > 0,
    () => shown.text(),
  )
  await host!.proxy.unplug()
  if (how.length === 0) await shown.shows('NO CONNECTION', 'next try in', 'r connection')
  return { host: host!, screen: shown }
}

test('a person stops waiting for a host: its command goes on, and how it ended is found later', async () => {
  const { host, screen } = await loseHost()
  screen.press('r')
  await screen.shows('Waiting for a lost host', 'ends nothing on a host', '› Try now')
  screen.press('Down')
  await screen.shows('› Stop waiting for box1')
  screen.press('Enter')
  await screen.shows('ada ended the wait', 'needs you: Count on box1', 'Enter answer')
  screen.press('Enter')
  await screen.shows('I don’t know whether this ran', 'and ada ended', '› Look again')
  expect(readRun('journal.jsonl')).toMatch(/"type":"link-given-up","host":"box1","by":"ada"/)
  await host.proxy.plugIn()
  writeFileSync(join(host.dir, 'go'), '')
  await until(() => host.lines('over').length > 0)
  screen.press('Enter')
  await screen.shows('FINISHED')
  expect([host.lines('begun'), host.lines('over')]).toEqual([['x'], ['x']])
})

test('a host is tried at once, long before the pause is over', async () => {
  const { host, screen } = await loseHost()
  // Pauses double up to half a minute.
  await screen.shows(/next try in (?:[6-9]|\d\d) s/)
  await host.proxy.plugIn()
  screen.press('r')
  await screen.shows('› Try now')
  const beganMs = performance.now()
  screen.press('Enter')
  await until(
    () => !screen.text().includes('NO CONNECTION'),
    () => screen.text(),
  )
  expect(performance.now() - beganMs).toBeLessThan(5000)
  writeFileSync(join(host.dir, 'go'), '')
  await screen.shows('FINISHED')
  expect(host.lines('over')).toEqual(['x'])
})

test('an abort does not wait for the host, and says what is not known', async () => {
  const { host, screen } = await loseHost()
  screen.press('X')
  await screen.shows('Abort the run', 'box1 cannot be reached', 'what runs there goes on')
  await screen.shows('Enter abort the run')
  screen.press('enough', 'Enter')
  await screen.shows('ABORTED', 'box1 ? not known')
  writeFileSync(join(host.dir, 'go'), '')
  await until(() => host.lines('over').length > 0)
})

test('on plain lines a person types that nobody waits any more', async () => {
  const { host, screen } = await loseHost('--plain')
  await screen.shows('box1: waited for. Type now to try at once', /> *$/m)
  screen.press('later\r')
  await screen.shows('type now, or stop')
  await screen.shows(/or stop *\n> *$/m)
  screen.press('stop box1\r')
  await screen.shows('ada ended the wait for it; what runs there goes on', '1 recheck', /> *\n*$/)
  await host.proxy.plugIn()
  writeFileSync(join(host.dir, 'go'), '')
  await until(() => host.lines('over').length > 0)
  screen.press('recheck\r')
  await screen.shows(/run \w{4}-\w{4}: finished/)
  expect([host.lines('begun'), host.lines('over')]).toEqual([['x'], ['x']])
})
