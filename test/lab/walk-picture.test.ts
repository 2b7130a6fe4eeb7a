import { spawn as spawnTerminal } from '@lydell/node-pty'
import xterm from '@xterm/headless'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openPractice, TOOL } from './practice.ts'

const LAB = 'system-auth'
const SIZE = { cols: 120, rows: 36 }

let practice: ReturnType<typeof openPractice>
beforeEach(() => {
  practice = openPractice()
})
afterEach(() => practice.close(LAB))

/** A terminal with the tool in it, as a person has it. */
function openTerminal(args: readonly string[]) {
  const screen = new xterm.Terminal({ ...SIZE, allowProposedApi: true })
  const env = { ...process.env, ...practice.env, TERM: 'xterm-256color' }
  const terminal = spawnTerminal(TOOL, [...args], { ...SIZE, env, cwd: practice.folder })
  terminal.onData((text) => screen.write(text))
  const read = (): string => {
    const { active } = screen.buffer
    const lines = Array.from({ length: SIZE.rows }, (_, row) => active.getLine(active.viewportY + row))
    return lines.map((line) => line?.translateToString(true) ?? '').join('\n')
  }
  const see = async (...texts: string[]): Promise<string> => {
    await vi.waitFor(() => texts.forEach((text) => expect(read()).toContain(text)), {
      timeout: 60_000,
      interval: 50,
    })
    return read()
  }
  return { see, press: (keys: string) => terminal.write(keys), end: () => terminal.kill('SIGKILL') }
}

/** What differs from one walk to the next: the run's id and times. */
function settle(frame: string): string {
  return frame
    .replaceAll(/\b[a-z0-9]{4}-[a-z0-9]{4}\b/g, '7k2q-w3mj')
    .replaceAll(/\b00:\d\d:\d\d\b/g, '00:00:42')
    .replaceAll(/ done \d+s/g, (found) => 'done'.padStart(found.length))
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

test('the walk looks as the picture in the documentation', async () => {
  const { see, press, end } = openTerminal(['start'])
  try {
    await see('1, 2 or 3')
    press('1\r')
    const plan = await see('PLAN: nothing has run yet', 'CHECK (only reads)', 'Enter answer')
    press('\r')
    // A sheet shows its choices once it takes an answer: what is typed before that moment is none.
    await see('Start this run?', '› Start the run')
    press('\r')
    await see('needs you: Keep what can be kept', 'Enter answer')
    press('\r')
    await see('› Go on')
    press('\r')
    const change = await see(
      'needs you: One copy on every node',
      '✗ does not hold    dc1-cass1',
      'Enter answer',
    )
    const text = [plan, change].map((frame) => `${settle(frame)}\n`).join('\n')
    await expect(text).toMatchFileSnapshot('../../docs/pictures/walk.txt')
  } finally {
    end()
  }
})
