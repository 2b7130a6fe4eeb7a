import { existsSync, readFileSync } from 'node:fs'
import { spawn as spawnTerminal } from '@lydell/node-pty'
import xterm from '@xterm/headless'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openPractice, TOOL } from './practice.ts'

const LAB = 'system-auth'
const SIZE = { cols: 120, rows: 36 }
const PICTURE = 'docs/pictures/walk.txt'
/** What is read in the background comes a moment after the frame around it. */
const DRAWN_MS = 10_000

let practice: ReturnType<typeof openPractice>
beforeEach(() => {
  practice = openPractice()
})
afterEach(() => practice.close(LAB))

/** A terminal with the tool in it, as a person has it. */
function openTerminal(args: readonly string[]) {
  const screen = new xterm.Terminal({ ...SIZE, allowProposedApi: true })
  const env = { ...process.env, ...practice.env, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' }
  const terminal = spawnTerminal(TOOL, [...args], { ...SIZE, env, cwd: practice.folder })
  terminal.onData((text) => screen.write(text))
  const read = (): string => {
    const { active } = screen.buffer
    const lines = Array.from({ length: SIZE.rows }, (_, row) => active.getLine(active.viewportY + row))
    return lines.map((line) => line?.translateToString(true) ?? '').join('\n')
  }
  const see = (...texts: string[]): Promise<void> =>
    vi.waitFor(() => texts.forEach((text) => expect(read()).toContain(text)), {
      timeout: 60_000,
      interval: 50,
    })
  return { see, read, press: (keys: string) => terminal.write(keys), end: () => terminal.kill('SIGKILL') }
}

/** What differs from one walk to the next: the run's id and times. */
function settle(frame: string, picture: string): string {
  const drawn = picture.split('\n')
  return frame
    .replaceAll(/\b[a-z0-9]{4}-[a-z0-9]{4}\b/g, '7k2q-w3mj')
    .replaceAll(/\b00:\d\d:\d\d\b/g, '00:00:42')
    .split('\n')
    .map((line, row) => withoutDuration(line, drawn[row] ?? '').trimEnd())
    .join('\n')
}

/** A step that took a second or more says so; where that cut its title shorter, the title is the picture's. */
function withoutDuration(line: string, drawn: string): string {
  const found = / done \d+s/.exec(line)
  if (found === null) return line
  const cut = line.lastIndexOf('…', found.index)
  const end = found.index + found[0].length
  if (cut > 0 && drawn.startsWith(line.slice(0, cut))) return drawn.slice(0, end) + line.slice(end)
  return line.slice(0, found.index) + 'done'.padStart(found[0].length) + line.slice(end)
}

/** The frame once it is the one that the picture has, or what it is instead when it does not become that. */
async function takeFrame(read: () => string, picture = ''): Promise<string> {
  const isDrawn = (): void => expect(settle(read(), picture)).toBe(picture.trimEnd())
  await vi.waitFor(isDrawn, { timeout: DRAWN_MS, interval: 50 }).catch(() => undefined)
  return `${settle(read(), picture)}\n`
}

test('the walk looks as the picture in the documentation', async () => {
  const pictures = existsSync(PICTURE) ? readFileSync(PICTURE, 'utf8').split('\n\n') : []
  const { see, read, press, end } = openTerminal(['start'])
  try {
    await see('1, 2 or 3')
    press('1\r')
    await see('PLAN: nothing has run yet', 'CHECK (only reads)', 'Enter answer')
    const plan = await takeFrame(read, pictures[0])
    press('\r')
    // A sheet shows its choices once it takes an answer: what is typed before that moment is none.
    await see('Start this run?', '› Start the run')
    press('\r')
    await see('needs you: Keep what can be kept', 'Enter answer')
    press('\r')
    await see('› Go on')
    press('\r')
    await see('needs you: One copy on every node', '✗ does not hold    dc1-cass1', 'Enter answer')
    const change = await takeFrame(read, pictures[1])
    await expect([plan, change].join('\n')).toMatchFileSnapshot(`../../${PICTURE}`)
  } finally {
    end()
  }
})
