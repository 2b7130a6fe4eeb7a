import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync, rmSync } from 'node:fs'
import xterm from '@xterm/headless'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PtyProgram } from '../../bench/support/pty-program.ts'
import { bundleScreen } from '../../scripts/bundle-screen.mjs'

let bundle: { readonly directory: string; readonly start: string }
const programs: PtyProgram[] = []

beforeAll(async () => {
  bundle = await bundleScreen('scripts/play-screen.ts')
})

afterAll(() => {
  for (const program of programs) if (program.exit === undefined) program.kill('SIGKILL')
  rmSync(bundle.directory, { recursive: true, force: true })
})

async function open(
  scenario: string,
  size: { cols: number; rows: number } = { cols: 80, rows: 24 },
): Promise<PtyProgram> {
  const program = new PtyProgram(process.execPath, [bundle.start, scenario, '--no-keys'], size)
  programs.push(program)
  await program.untilWritten('Install packages', 0)
  return program
}

async function ended(program: PtyProgram): Promise<void> {
  await program.until(({ exit }) => exit !== undefined, 'its end')
}

/** What a terminal of this size shows after all that was written. */
async function show(written: string, cols = 80, rows = 24): Promise<string> {
  const terminal = new xterm.Terminal({ cols, rows, allowProposedApi: true })
  await new Promise<void>((resolve) => {
    terminal.write(written, resolve)
  })
  const buffer = terminal.buffer.active
  const lines = Array.from(
    { length: rows },
    (_, row) => buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? '',
  )
  terminal.dispose()
  return lines.join('\n')
}

/** The normal screen, the cursor in sight, no paste and focus reports: as it was before. */
function expectRestored(written: string): void {
  for (const [on, off] of [
    ['\u001b[?1049h', '\u001b[?1049l'],
    ['\u001b[?25l', '\u001b[?25h'],
    ['\u001b[?2004h', '\u001b[?2004l'],
    ['\u001b[?1004h', '\u001b[?1004l'],
  ] as const)
    expect([off, written.lastIndexOf(off)]).toEqual([
      off,
      Math.max(written.lastIndexOf(on), written.lastIndexOf(off)),
    ])
}

test('q leaves, restores the terminal and says what to type next', async () => {
  const program = await open('running')
  program.write('q')
  await ended(program)
  expectRestored(program.written)
  expect(await show(program.written)).toContain('Next: handrail open 7k2q-9fpm')
  expect(program.exit?.exitCode).toBe(0)
})

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'])('%s detaches and restores the terminal', async (signal) => {
  const program = await open('running')
  program.kill(signal)
  await ended(program)
  expectRestored(program.written)
  expect(program.exit?.exitCode).toBe(0)
})

test('Ctrl+C twice leaves; once says how', async () => {
  const program = await open('running')
  program.write('\u0003')
  await program.untilWritten('again detaches', 0)
  expect(program.exit).toBeUndefined()
  program.write('\u0003')
  await ended(program)
  expectRestored(program.written)
})

test('Ctrl+Z gives the terminal back and comes back', async () => {
  const program = await open('running')
  const from = program.written.length
  program.write('\u001a')
  await program.untilWritten('\u001b[?1049l', from)
  // The pseudo-terminal has no shell: the stop is refused there, and the screen comes back at once.
  await program.untilWritten('\u001b[?1049h', from)
  await program.untilWritten('Install packages', from)
  program.write('q')
  await ended(program)
  expectRestored(program.written)
})

test('a new size is drawn whole', async () => {
  const program = await open('running')
  const from = program.written.length
  program.resize(120, 40)
  // Only the wide screen has room for the first phase.
  await program.untilWritten('Preflight', from)
  program.write('q')
  await ended(program)
})

test('a sequence that arrives in pieces is one key, and nothing of it is typed', async () => {
  const program = await open('running')
  program.write('/')
  await program.untilWritten('search: ', 0)
  const from = program.written.length
  program.write('\u001b')
  program.write('[')
  program.write('D')
  program.write('xy')
  await program.untilWritten('xy', from)
  expect(program.written.slice(from)).not.toContain('[D')
  program.write('\u0007q')
  await ended(program)
})

test('a paste presses no key', async () => {
  const program = await open('running')
  program.write('\u001b[200~q\u0003\u0003 X\r\u001b[201~')
  await program.untilWritten('pasted text is left out', 0)
  expect(program.exit).toBeUndefined()
  program.write('q')
  await ended(program)
})

test('keys that are typed at once are all taken', async () => {
  const program = await open('running', { cols: 120, rows: 40 })
  const from = program.written.length
  program.write('2?')
  await program.untilWritten('type to filter', from)
  program.write('\u0007q')
  await ended(program)
})

/** What the shell does with a terminal whose job is stopped: lines and echo again, the normal screen. */
function takeTerminal(pid: number): void {
  const terminal = readlinkSync(`/proc/${pid}/fd/0`)
  execFileSync('stty', ['-F', terminal, 'sane'])
}

test('a screen that was stopped from outside has its modes and its picture back when it goes on', async () => {
  const program = await open('running')
  program.kill('SIGSTOP')
  takeTerminal(program.pid)
  const from = program.written.length
  program.kill('SIGCONT')
  await program.untilWritten('Install packages', from)
  const again = program.written.slice(from)
  expect(await show(`\u001b[?1049l left over by the shell\n${again}`)).not.toContain('left over')
  for (const mode of ['\u001b[?1049h', '\u001b[?25l', '\u001b[?2004h', '\u001b[?1004h'])
    expect(again).toContain(mode)
  // A key, not the beginning of a line.
  program.write('q')
  await ended(program)
  expectRestored(program.written)
})

test('a size that changed while it was stopped is drawn', async () => {
  const program = await open('running')
  program.kill('SIGSTOP')
  program.resize(120, 40)
  const from = program.written.length
  program.kill('SIGCONT')
  await program.untilWritten('Preflight', from)
  program.write('q')
  await ended(program)
})

test('a stop from outside in a shell, then fg: the screen is as it was', async () => {
  const shell = new PtyProgram('/bin/sh', ['-i'], { cols: 80, rows: 24, env: { PS1: 'shell> ' } })
  programs.push(shell)
  await shell.untilWritten('shell> ', 0)
  shell.write(`'${process.execPath}' '${bundle.start}' running --no-keys\r`)
  await shell.untilWritten('Install packages', 0)
  const [job] = readFileSync(`/proc/${shell.pid}/task/${shell.pid}/children`, 'utf8').trim().split(' ')
  let from = shell.written.length
  process.kill(Number(job), 'SIGTSTP')
  await shell.untilWritten('shell> ', from)
  // Not every shell gives itself its own modes back: a line may end with what is typed.
  shell.write('echo between\n')
  await shell.untilWritten('between', from)
  from = shell.written.length
  shell.write('fg\n')
  await shell.untilWritten('Install packages', from)
  expect(await show(shell.written)).not.toContain('between')
  from = shell.written.length
  shell.write('q')
  await shell.untilWritten('shell> ', from)
  shell.write('exit\n')
  await ended(shell)
})
