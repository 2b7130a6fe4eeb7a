import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { askLab, type LabRequest } from '../../src/adapters/lab/process/ask-lab.ts'
import { selectLabDirectory } from '../../src/adapters/lab/process/lab-directory.ts'
import { openSocketPath } from '../../src/adapters/runner/socket-path.ts'
import { runTool } from '../../src/cli/practice-test/run-tool.ts'
import { HANDRAIL, isAlive, openDesk, SLOW, until, type Desk } from './support/desk.ts'
import { ScreenProgram } from './support/screen-program.ts'

const LAB = 'system-auth'
/** A node of the lab is up again within a second or two: this is a minute of looking. */
const MAX_TURNS = 1200
/** What is read back comes a moment after the frame around it. */
const WAIT = { timeout: 30_000, interval: 50 }
const TERMINAL = { TERM: 'xterm-256color', LANG: 'C.UTF-8' }

/** A person's home with nothing in it; its lab and its runner are ended after the test. */
function openVisitor() {
  const folder = mkdtempSync(join(tmpdir(), 'hr-visit-'))
  const state = join(folder, 'state')
  const runtime = join(folder, 'rt')
  mkdirSync(runtime, { mode: 0o700 })
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    USER: 'ada',
    ...TERMINAL,
    XDG_RUNTIME_DIR: runtime,
    HANDRAIL_STATE_DIR: state,
  }
  const open = openScreens({ cwd: resolve('.'), env })
  const tool = (...args: readonly string[]) => runTool({ command: [HANDRAIL, ...args], env }).done
  const ask = async (request: LabRequest) =>
    askLab(await openSocketPath(selectLabDirectory(state, LAB).path, env), request)
  onTestFinished(async () => {
    for (const run of listRuns(state)) killRunner(join(state, 'runs', run, 'runner.json'))
    await tool('lab', 'down', LAB)
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  })
  const allNodesAreUp = async (): Promise<void> => {
    for (let turn = 0; turn < MAX_TURNS; turn += 1) {
      const answer = await ask({ ask: 'goals' })
      if (answer?.ok === true && answer.goals?.[0]?.met === true) return
      await new Promise((done) => {
        setTimeout(done, 50)
      })
    }
    throw new Error('a node does not come back')
  }
  return { open, ask, allNodesAreUp, runs: () => listRuns(state) }
}

/** Opens the tool on terminals that are gone after the test. */
function openScreens(place: { readonly cwd: string; readonly env: Readonly<Record<string, string>> }) {
  const screens: ScreenProgram[] = []
  onTestFinished(() => {
    for (const screen of screens) if (screen.exitCode === undefined) screen.kill('SIGKILL')
  })
  return (...args: readonly string[]): ScreenProgram => {
    const screen = new ScreenProgram(HANDRAIL, args, place)
    screens.push(screen)
    return screen
  }
}

function listRuns(state: string): readonly string[] {
  try {
    return readdirSync(join(state, 'runs')).filter((name) => !name.startsWith('.'))
  } catch {
    return []
  }
}

function killRunner(file: string): void {
  try {
    process.kill((JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

/** Answers the question that waits with the choice that stands under the cursor. */
async function goOn(screen: ScreenProgram, title: string): Promise<void> {
  await screen.shows(`needs you: ${title}`, 'Enter answer')
  screen.press('Enter')
  await screen.shows(`Confirm: ${title}`, '› Go on')
  screen.press('Enter')
}

/** Answers the question of an irreversible step: the cursor stands on "Not now", and a word is to be typed. */
async function typeWord(screen: ScreenProgram, title: string, word: string): Promise<void> {
  await screen.shows(`needs you: ${title}`, 'Enter answer')
  screen.press('Enter')
  await screen.shows(`Confirm: ${title}`, 'IRREVERSIBLE', '› Not now')
  screen.press('Down')
  await screen.shows('› Go on')
  screen.press('Enter')
  await screen.shows(`Go on: type ${word} and Enter`)
  screen.press(word)
  await screen.shows(new RegExp(`› ${word}\\s*│`))
  screen.press('Enter')
}

test('a visitor walks the practice cluster through a failure, a killed screen and back', async () => {
  const visitor = openVisitor()
  const home = visitor.open()
  await home.shows('Configure system_auth', `lab:${LAB}`, 'Enter open')
  home.press('/')
  await home.shows('filter:')
  home.press(LAB)
  await home.shows(/filter: system-auth/, /› Configure system_auth/, 'Enter open')
  home.press('Down')
  await home.shows(/› .*lab:system-auth {2}/)
  home.press('Enter')
  await home.shows(`On: lab:${LAB}`, /› Configure system_auth .*made for it/)
  home.press('Enter')
  await home.shows('Parameters: Configure system_auth', 'all valid: Ctrl+S makes the plan', `LAB ${LAB}`)
  home.press('Ctrl+S')
  await home.shows('PLAN: nothing has run yet', `LAB lab:${LAB}`, 'Enter answer')
  home.press('Enter')
  await home.shows('Start this run?', '13 steps', '› Start the run')
  home.press('Enter')

  await goOn(home, 'Keep what can be kept')
  await home.shows('needs you: One copy on every node')
  await visitor.ask({
    ask: 'fault',
    fault: {
      fault: { kind: 'stop-node', host: 'dc2-cass1' },
      when: { program: 'nodetool', holds: 'repair --full', host: 'dc1-cass2' },
    },
  })
  await typeWord(home, 'One copy on every node', 'system_auth')
  await goOn(home, 'Repair every node, one after another')

  // All that the command said has come, and how it ended.
  const failed = [
    'waiting for you  1 failed',
    '✗  6 Repair every node',
    'Endpoint not alive: /192.168.20.1',
    'java.lang.RuntimeException',
    'exit 2',
    'needs you: step 6 on dc1-cass2: action 1 ended with exit code 2',
  ]
  const before = await home.shows(...failed, 'Enter answer')
  home.kill('SIGKILL')
  await home.ends()
  const back = visitor.open('open')
  // What came in the last moments before the end of a killed screen counts as not seen.
  if ((await back.shows(/Since you left|Enter answer/)).includes('Since you left')) back.press('Esc')
  await back.shows(...failed, 'Enter answer')
  // The same lines but for the clock. Their order is not compared: which of the two streams of a command said
  // something first is not kept, and what is read back says so.
  await vi.waitFor(() => expect(sortLines(back.text())).toEqual(sortLines(before)), WAIT)

  back.press('Enter')
  await back.shows(
    'It failed: Repair every node',
    'on dc1-cass2: action 1 ended with exit',
    'Endpoint not alive: /192.168.20.1',
    '› Not now',
    'Run again',
  )
  await visitor.ask({ ask: 'fault', fault: { fault: { kind: 'start-node', host: 'dc2-cass1' } } })
  await visitor.allNodesAreUp()
  back.press('Down')
  await back.shows('› Run again')
  back.press('Enter')

  await goOn(back, 'Create an administrator of your own')
  await typeWord(back, 'Retire the default user', 'cassandra')
  await back.shows('13/13 steps', 'FINISHED', 'Enter report')
  back.press('Enter')
  await back.shows('Report', 'Finished in', 'operator ada')
  back.press('q')
  expect(await back.ends()).toBe(0)
  await back.shows('Next: handrail report')

  const goals = await visitor.ask({ ask: 'goals' })
  expect(goals).toMatchObject({ ok: true })
  expect(goals?.ok === true && goals.goals?.filter(({ met }) => !met)).toEqual([])
  expect(visitor.runs()).toHaveLength(1)
})

function sortLines(shown: string): string[] {
  return withoutClock(shown)
    .split('\n')
    .filter((line) => !line.includes('is not kept') && !/^│ +│$/.test(line))
    .toSorted()
}

function withoutClock(text: string): string {
  return text.replace(/\d\d:\d\d:\d\d *$/m, '').replaceAll(/ \d+s *$/gm, '')
}

const TWICE = `
## Count
<!-- handrail on=local -->

\`\`\`sh run
echo begun >> HERE/begun; while ! test -e HERE/go; do sleep 0.05; done; echo x >> HERE/over
\`\`\`

## After
<!-- handrail on=local -->

\`\`\`sh run repeat=safe
echo after > HERE/after
\`\`\`
`

/** What a host that loses power for a moment leaves: the job's directory, and nobody who knows its end. */
async function killEverything(desk: Desk): Promise<void> {
  const jobs = join(desk.folder, '.cache/handrail/local/jobs')
  const job = readdirSync(jobs).find((name) => !name.startsWith('.')) ?? ''
  const read = (name: string): string[] =>
    readFileSync(join(jobs, job, name), 'utf8')
      .trim()
      .split(' ')
  const pids = [desk.runner().pid, Number(read('sup')[1]), Number(read('kid')[0])]
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  await until(() => pids.every((pid) => !isAlive(pid)))
}

async function loseTheEnd(desk: Desk): Promise<ScreenProgram> {
  const open = openScreens({ cwd: desk.folder, env: { ...desk.env, ...TERMINAL } })
  const first = open('run', 'up.md', '-i', 'inv.yaml')
  await first.shows('PLAN: nothing has run yet', 'Enter answer')
  first.press('Enter')
  await first.shows('› Start the run')
  first.press('Enter')
  await goOn(first, 'Count')
  await until(() => desk.has('begun'), first.text.bind(first))
  await killEverything(desk)
  await first.shows('NO WORD FROM THE RUN')
  first.press('q')
  await first.ends()
  await first.shows('Next: handrail open')
  const second = open('open')
  await second.shows('needs you', 'Enter answer')
  second.press('Enter')
  await second.shows(
    'I don’t know whether this ran',
    'known      action 1 was started as process ',
    'looked at  ',
    'IF IT RAN, IT THEN RAN TWICE',
    'you know that it ran; a deviation',
    '› Look again',
    'Not now',
  )
  return second
}

test('after a lost end the person says that it ran: it does not run again', async () => {
  const desk = openDesk(TWICE)
  const screen = await loseTheEnd(desk)
  screen.press('Down')
  await screen.shows('› Run again')
  screen.press('Down')
  await screen.shows('› It ran: accept')
  screen.press('Enter')
  await screen.shows('It ran: accept: why?')
  screen.press('I saw it')
  await screen.shows('› I saw it')
  screen.press('Enter')
  await goOn(screen, 'After')
  await screen.shows('FINISHED', 'Enter report')
  screen.press('Enter')
  await screen.shows('Report', 'I saw it')
  screen.press('q')
  expect(await screen.ends()).toBe(7)
  expect(desk.read('begun')).toBe('begun\n')
  expect(desk.has('over')).toBe(false)
  expect(desk.has('after')).toBe(true)
})

test('after a lost end the person says run again: it runs exactly once more', async () => {
  const desk = openDesk(TWICE)
  const screen = await loseTheEnd(desk)
  screen.press('Down')
  await screen.shows('› Run again')
  desk.write('go')
  screen.press('Enter')
  await goOn(screen, 'After')
  await screen.shows('2/2 steps', 'FINISHED', 'Enter report')
  screen.press('q')
  expect(await screen.ends()).toBe(0)
  expect(desk.read('begun')).toBe('begun\nbegun\n')
  expect(desk.read('over')).toBe('x\n')
})

test('q leaves and open comes back to the same screen; Ctrl+C leaves at the second time; the run goes on', async () => {
  const desk = openDesk(SLOW)
  const open = openScreens({ cwd: desk.folder, env: { ...desk.env, ...TERMINAL } })
  const first = open('run', 'up.md', '-i', 'inv.yaml', '--approve', 'change')
  const running = ['0/1 steps', '[3 Output]', /│ waiting +│/, 'q detach']
  const before = await first.shows(...running)
  const { pid } = desk.runner()
  first.press('q')
  expect(await first.ends()).toBe(130)
  await first.shows('goes on without this screen', 'Next: handrail open')
  expect(isAlive(pid)).toBe(true)

  const second = open('open')
  await second.shows(...running)
  await vi.waitFor(() => expect(withoutClock(second.text())).toBe(withoutClock(before)), WAIT)
  second.press('Ctrl+C')
  await second.shows('again detaches')
  expect(second.exitCode).toBeUndefined()
  second.press('Ctrl+C')
  expect(await second.ends()).toBe(130)
  expect(isAlive(pid)).toBe(true)

  desk.write('go')
  await until(() => desk.events().includes('run-finished'))
  expect(desk.read('begun')).toBe('begun\n')
  expect(desk.read('over')).toBe('x\n')
})

test('a run whose own process was killed is started anew from its screen', async () => {
  const desk = openDesk(SLOW)
  const open = openScreens({ cwd: desk.folder, env: { ...desk.env, ...TERMINAL } })
  const screen = open('run', 'up.md', '-i', 'inv.yaml', '--approve', 'change')
  await screen.shows('running', 'detach')
  await until(() => desk.has('begun'))
  const { pid } = desk.runner()
  process.kill(pid, 'SIGKILL')
  await screen.shows('NO WORD FROM', 'start anew')
  screen.press(' ')
  await screen.shows('D starts it anew')
  screen.press('D')
  await screen.shows('you drive now')
  expect(desk.runner().pid).not.toBe(pid)
  desk.write('go')
  await screen.shows('FINISHED')
  expect(desk.read('begun')).toBe('begun\n')
  screen.press('q')
  expect(await screen.ends()).toBe(0)
})
