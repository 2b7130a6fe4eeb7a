import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'

export const HANDRAIL = resolve('bin/handrail')

/** The secret that must be found nowhere. */
export const CANARY = 'canary-s3cret-value'

/** A folder with a runbook on this machine alone, a state directory and a home of its own. */
export type Desk = {
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  readonly start: (args: readonly string[], env?: Readonly<Record<string, string>>) => Started
  /** Starts and waits for the end. */
  readonly run: (...args: string[]) => Promise<Ended>
  readonly has: (file: string) => boolean
  readonly read: (file: string) => string
  readonly write: (file: string, text?: string) => void
  readonly runId: () => string
  readonly runFile: (name: string) => string
  /** Types of all events of the run's journal. */
  readonly events: () => readonly string[]
  readonly runner: () => { readonly pid: number; readonly socket: string }
}

export type Ended = {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly last: string
}

export type Started = {
  readonly child: ChildProcess
  readonly out: () => string
  readonly ended: Promise<Ended>
}

/** A step that begins, waits for the file `go`, and counts how often it was over. */
export const SLOW = `
## Slow
<!-- handrail on=local -->

\`\`\`sh run
echo begun >> HERE/begun; echo waiting; while ! test -e HERE/go; do sleep 0.05; done; echo over; echo x >> HERE/over
\`\`\`
`

/** Makes the folder; whatever runner is left is ended by its own pid after the test. */
export function openDesk(
  body: string,
  options: { readonly secrets?: string; readonly params?: string } = {},
): Desk {
  const folder = mkdtempSync(join(tmpdir(), 'hr-desk-'))
  const secrets = options.secrets === undefined ? '' : `secrets: ${options.secrets}\n`
  writeFileSync(join(folder, 'inv.yaml'), `handrail: 1\nname: desk\nhosts: []\n${secrets}`)
  const text = `---\nhandrail: 1\ntitle: Desk\n${options.params ?? ''}---\n\n# Desk\n${body.replaceAll('HERE', folder)}`
  writeFileSync(join(folder, 'up.md'), text)
  const runtime = join(folder, 'rt')
  mkdirSync(runtime, { mode: 0o700 })
  const state = join(folder, 'state')
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    USER: 'ada',
    TERM: 'xterm',
    NO_COLOR: '1',
    XDG_RUNTIME_DIR: runtime,
    HANDRAIL_STATE_DIR: state,
  }
  const runId = (): string => readdirSync(join(state, 'runs')).find((name) => !name.startsWith('.')) ?? ''
  const runFile = (name: string): string => join(state, 'runs', runId(), name)
  const start: Desk['start'] = (args, more = {}) => startProcess(folder, args, { ...env, ...more })
  onTestFinished(async () => {
    const file = existsSync(join(state, 'runs')) ? runFile('runner.json') : ''
    if (existsSync(file)) endProcess((JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid)
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  })
  return {
    folder,
    env,
    start,
    run: (...args) => start(args).ended,
    has: (file) => existsSync(join(folder, file)),
    read: (file) => readFileSync(join(folder, file), 'utf8'),
    write: (file, content = '') => writeFileSync(join(folder, file), content),
    runId,
    runFile,
    events: () =>
      readFileSync(runFile('journal.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { type: string }).type),
    runner: () => JSON.parse(readFileSync(runFile('runner.json'), 'utf8')) as { pid: number; socket: string },
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone already.
  }
}

function startProcess(cwd: string, args: readonly string[], env: Record<string, string>): Started {
  const child = spawn(HANDRAIL, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr, all] = ['', '', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    all += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    all += text
  })
  const ended = new Promise<Ended>((settle) => {
    child.once('close', (code, signal) =>
      settle({ code, signal, stdout, stderr, last: stderr.trimEnd().split('\n').at(-1) ?? '' }),
    )
  })
  return { child, out: () => all, ended }
}

/** Whether a process is there; one that ended and that nobody has waited for, as in many a container, is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch (error) {
    // Where there is no /proc the signal alone decides.
    return existsSync('/proc/self/stat') ? false : (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** Several starts of the tool on a machine that is busy; a test has twice as long. */
const LIMIT_MS = 60_000

/** Waits until a condition holds; says what was seen when it does not come about. */
export async function until(condition: () => boolean, seen = (): string => ''): Promise<void> {
  const deadline = Date.now() + LIMIT_MS
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`it did not come about in time: ${seen()}`)
    await new Promise((done) => {
      setTimeout(done, 20)
    })
  }
}
