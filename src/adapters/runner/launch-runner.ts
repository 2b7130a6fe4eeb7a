import { spawn, type ChildProcess } from 'node:child_process'
import { open, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { EnvironmentError } from '../../core/base/errors.ts'

/** What a runner says once, over its report pipe, when it serves clients or knows why it cannot. */
export type RunnerReport =
  | { readonly kind: 'ready'; readonly pid: number; readonly socket: string }
  | { readonly kind: 'failed'; readonly error: ReportedError }

/** An expected error that crosses from the runner to whoever started it. */
export type ReportedError = {
  readonly name: 'usage' | 'environment' | 'bug'
  readonly message: string
  readonly nextSteps: readonly string[]
  readonly exitCode: number
}

/** How to start a runner. */
export type LaunchRunnerOptions = {
  /** Program and arguments; what stands here everybody on the machine can read. */
  readonly command: readonly [string, ...string[]]
  readonly runDirectory: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Given over standard input as one line of JSON. */
  readonly start: object
}

/** The descriptor on which a runner reports. */
export const REPORT_FD = 3

/** A runner opens a journal and listens: that is fast, but 100,000 events on a busy machine are not. */
const START_MS = 60_000
/** Lines of the log that are shown when a runner ends without a report. */
const SHOWN_LINES = 5
const LOG_NAME = 'runner.log'

/** Starts a runner in a session of its own, with a private log as its output, and waits for its report. */
export async function launchRunner(options: LaunchRunnerOptions): Promise<RunnerReport> {
  const [program, ...args] = options.command
  const path = join(options.runDirectory, LOG_NAME)
  const log = await open(path, 'a', 0o600)
  const { size } = await stat(path)
  try {
    const child = spawn(program, args, {
      // A session of its own: no signal and no hang-up of this terminal reaches it.
      detached: true,
      cwd: options.cwd,
      env: options.env,
      stdio: ['pipe', log.fd, log.fd, 'pipe'],
    })
    const report = await awaitReport(child, options.start)
    child.unref()
    return report ?? { kind: 'failed', error: await describeDeath(path, size) }
  } finally {
    await log.close()
  }
}

async function awaitReport(child: ChildProcess, start: object): Promise<RunnerReport | undefined> {
  const stdin = child.stdin as Writable
  const reports = child.stdio[REPORT_FD] as Readable
  stdin.on('error', () => undefined)
  stdin.end(`${JSON.stringify(start)}\n`)
  const { promise, resolve } = Promise.withResolvers<string>()
  let text = ''
  const timer = setTimeout(() => resolve(''), START_MS)
  reports.setEncoding('utf8')
  reports.on('data', (chunk: string) => {
    text += chunk
    if (text.includes('\n')) resolve(text)
  })
  reports.on('error', () => resolve(text))
  reports.on('close', () => resolve(text))
  child.on('error', () => resolve(''))
  const line = (await promise).split('\n')[0] ?? ''
  clearTimeout(timer)
  reports.destroy()
  try {
    return JSON.parse(line) as RunnerReport
  } catch {
    return undefined
  }
}

async function describeDeath(path: string, from: number): Promise<ReportedError> {
  const log = await readFile(path).catch(() => Buffer.alloc(0))
  const lines = log.subarray(from).toString('utf8').trim().split('\n').slice(-SHOWN_LINES).join(' | ')
  const error = new EnvironmentError(`the runner did not start: ${lines === '' ? 'it said nothing' : lines}`)
  return {
    name: 'environment',
    message: error.message,
    nextSteps: [`look at ${path}`],
    exitCode: error.exitCode,
  }
}
