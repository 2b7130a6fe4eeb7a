import { spawn } from 'node:child_process'
import { mkdir, open, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { EnvironmentError } from '../../../core/base/errors.ts'
import { askLab } from './ask-lab.ts'
import type { LabDirectory } from './lab-directory.ts'

export type LaunchOptions = {
  readonly directory: LabDirectory
  readonly socketPath: string
  /** The command that serves this lab: program and arguments. */
  readonly command: readonly [string, ...string[]]
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Longest time until a lab answers: six hosts take about a second on two busy cores. */
const START_MS = 30_000
const POLL_MS = 50
/** Lines of the log that are shown when a lab does not come up. */
const SHOWN_LINES = 5

/** Starts the process of a lab, detached from this one, and waits until it answers. Gives its pid. */
export async function launchLab(options: LaunchOptions): Promise<number> {
  const { directory, socketPath, command } = options
  await mkdir(directory.path, { recursive: true, mode: 0o700 })
  const log = await open(directory.log, 'w', 0o600)
  const [program, ...args] = command
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: options.env,
    cwd: '/',
  })
  let ended = false
  child.on('exit', () => (ended = true))
  child.on('error', () => (ended = true))
  child.unref()
  await log.close()
  const deadline = performance.now() + START_MS
  for (;;) {
    const found = await askLab(socketPath, { ask: 'ping' })
    if (found?.ok === true) return found.pid
    if (ended || performance.now() > deadline) throw await describeFailure(directory)
    await delay(POLL_MS)
  }
}

async function describeFailure(directory: LabDirectory): Promise<EnvironmentError> {
  const log = await readFile(directory.log, 'utf8').catch(() => '')
  const lines = log.trim().split('\n').slice(-SHOWN_LINES).join(' | ')
  return new EnvironmentError(`the lab did not start: ${lines === '' ? 'it said nothing' : lines}`, [
    `look at ${directory.log}`,
  ])
}
