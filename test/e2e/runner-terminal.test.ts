import { spawn as spawnTerminal } from '@lydell/node-pty'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { testUnless } from '../support/skip.ts'
import { CANARY, HANDRAIL, isAlive, openDesk, SLOW, until, type Desk } from './support/desk.ts'
import { ScreenProgram } from './support/screen-program.ts'

const RUN = ['run', 'up.md', '-i', 'inv.yaml', '--plain']

function openTerminal(desk: Desk, args: readonly string[]) {
  const terminal = spawnTerminal(HANDRAIL, [...args], {
    cwd: desk.folder,
    env: desk.env,
    cols: 100,
    rows: 30,
  })
  const seen = { text: '', exitCode: undefined as number | undefined }
  terminal.onData((text) => (seen.text += text))
  terminal.onExit(({ exitCode }) => (seen.exitCode = exitCode))
  onTestFinished(() => {
    if (seen.exitCode === undefined) terminal.kill('SIGKILL')
  })
  const wait = async (text: string, from = 0): Promise<number> => {
    await until(
      () => seen.text.includes(text, from),
      () => seen.text,
    )
    return seen.text.indexOf(text, from) + text.length
  }
  return { terminal, seen, wait }
}

function openScreen({ folder, env }: Desk, args: readonly string[]): ScreenProgram {
  const screen = new ScreenProgram(HANDRAIL, args, { cwd: folder, env })
  onTestFinished(() => {
    if (screen.exitCode === undefined) screen.kill('SIGKILL')
  })
  return screen
}

/** All text of all files below a directory. */
function readTree(directory: string): string {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')
}

/** The command lines of all processes, with the pages in which this one stands left out. */
function readCommandLines(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      } catch {
        return ''
      }
    })
    .join('\n')
}

const SECRET = `
## Use
<!-- handrail on=local -->

\`\`\`sh run repeat=safe
printf '%s' {{ token }} | wc -c | tr -d ' ' > HERE/length
while ! test -e HERE/go; do sleep 0.05; done
\`\`\`
`

testUnless(process.platform === 'linux' ? undefined : 'no /proc to look into')(
  'a secret goes from the keyboard to the command, and is nowhere else',
  async () => {
    const desk = openDesk(SECRET, {
      secrets: '{ token: { prompt: The token } }',
      params: 'params:\n  token: { type: secret }\n',
    })
    const { terminal, seen } = openTerminal(desk, [...RUN, '--approve', 'change'])
    // The prompt itself, behind which typing counts; what asks for it says the same words before.
    await until(
      () => /The token[^\n]*: $/.test(seen.text),
      () => seen.text,
    )
    terminal.write(`${CANARY}\r`)
    await until(
      () => desk.has('length'),
      () => seen.text,
    )
    const commandLines = readCommandLines()
    expect(commandLines).toContain(desk.runId())
    expect(commandLines).not.toContain(CANARY)
    desk.write('go')
    await until(
      () => seen.exitCode !== undefined,
      () => seen.text,
    )
    expect(seen.exitCode).toBe(0)
    expect(desk.read('length').trim()).toBe(String(CANARY.length))
    expect(seen.text).not.toContain(CANARY)
    expect(readTree(join(desk.folder, 'state'))).not.toContain(CANARY)
  },
)

test('a closed terminal does not touch the run', async () => {
  const desk = openDesk(SLOW)
  const { terminal, seen, wait } = openTerminal(desk, [...RUN, '--approve', 'change'])
  await wait('running action 1')
  const { pid } = desk.runner()
  // What the kernel does when a window is closed.
  terminal.kill('SIGHUP')
  await until(() => seen.exitCode !== undefined)
  expect(isAlive(pid)).toBe(true)
  desk.write('go')
  await until(() => desk.events().includes('run-finished'))
  expect(desk.read('over')).toBe('x\n')
})

const LOUD = `
## Loud
<!-- handrail on=local -->

\`\`\`sh run
echo begun > HERE/begun; while ! test -e HERE/go; do sleep 0.05; done
i=0; while [ $i -lt 20000 ]; do echo "line $i of what nobody reads while the terminal is stopped"; i=$((i+1)); done
\`\`\`
${Array.from(
  { length: 10 },
  (_, index) => `
## Quiet ${index}
<!-- handrail on=local -->

\`\`\`sh run
true
\`\`\`
`,
).join('')}`

/** Nobody reads the terminal before the run has ended: a run that waits for it waits for ever. */
const MAX_GAP_MS = 10_000

test('a stalled terminal delays nothing: the journal has no gap', async () => {
  const desk = openDesk(LOUD)
  const { terminal, seen, wait } = openTerminal(desk, [...RUN, '--approve', 'change'])
  await wait('running action 1')
  await until(() => desk.has('begun'))
  // Nobody reads the terminal any more: writes to it block the command.
  terminal.pause()
  desk.write('go')
  await until(() => desk.events().includes('run-finished'))
  expect(seen.exitCode).toBeUndefined()
  const records = readFileSync(desk.runFile('journal.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { t: string; type: string })
  const ends = records.findIndex(({ type }) => type === 'job-ended')
  const times = records.slice(ends).map(({ t }) => Date.parse(t))
  expect(Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? 0)))).toBeLessThan(
    MAX_GAP_MS,
  )
  terminal.resume()
  await until(
    () => seen.exitCode !== undefined,
    () => seen.text.slice(-2000),
  )
  expect(seen.exitCode).toBe(0)
  expect(seen.text).toMatch(/bytes of output are left out|line 19999 /)
  expect((await desk.run('log')).stdout).toContain('line 19999 ')
})

test('the screen is left and comes back to the same run; the second time it is resumed with what is open', async () => {
  const desk = openDesk(SLOW)
  const first = openScreen(desk, ['run', 'up.md', '-i', 'inv.yaml'])
  await first.shows('needs you: Run')
  first.press('Enter')
  // A sheet names what Enter does once it takes keys.
  await first.shows('Enter choose')
  first.press('Enter')
  await until(
    () => desk.events().includes('step-began'),
    () => first.text(),
  )
  await until(() => desk.events().at(-1) === 'question-asked')
  // What was on the screen is no news when one comes back.
  await first.shows('needs you: Slow')
  const { pid } = desk.runner()
  first.press('q')
  expect(await first.ends()).toBe(130)
  await first.shows(`Next: handrail open ${desk.runId()}`)
  expect(isAlive(pid)).toBe(true)

  const second = openScreen(desk, ['open'])
  await second.shows('needs you: Slow')
  second.press('Enter')
  await second.shows('Enter choose')
  second.press('Enter')
  await until(
    () => desk.has('begun'),
    () => second.text(),
  )
  second.kill('SIGHUP')
  await second.ends()
  desk.write('go')
  await until(() => desk.events().includes('run-finished'))
  expect(desk.read('over')).toBe('x\n')
})
