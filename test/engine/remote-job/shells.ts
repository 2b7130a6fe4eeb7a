import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HostName, JobId, RunId } from '../../../src/core/base/ids.ts'
import type { JobRequest, JobSpec, Place, StartRequest } from '../../../src/engine/remote-job/job-request.ts'
import type { JobReport } from '../../../src/engine/remote-job/job-report.ts'
import { renderRequest } from '../../../src/engine/remote-job/render-request.ts'
import { createReplyParser } from '../../../src/engine/remote-job/reply-parser.ts'
import type { ReplyEvent, ReplyParser, ReplyResult } from '../../../src/engine/remote-job/reply-parser.ts'

export const HOST = 'node-1' as HostName
export const RUN = '7k2q-9fpm' as RunId

/** The shells that are wanted; those that the machine lacks are named in the suite's last test. */
export const WANTED_SHELLS: Readonly<Record<string, readonly string[]>> = {
  dash: ['dash'],
  bash: ['bash', '--posix'],
  'busybox ash': ['busybox', 'ash'],
}

export function hasProgram(command: readonly string[]): boolean {
  const [program = '', ...rest] = command
  return spawnSync(program, [...rest, '-c', 'exit 0']).status === 0
}

export const SHELLS = Object.entries(WANTED_SHELLS).filter(([, command]) => hasProgram(command))

export function newNonce(): string {
  return randomBytes(16).toString('hex')
}

export interface Exchange {
  readonly child: ChildProcess
  readonly parser: ReplyParser
  readonly events: ReplyEvent[]
  readonly done: Promise<ReplyResult>
}

/** A host of the tests: a temporary home directory, and a shell that runs what an SSH server would. */
export class TestHost {
  readonly home = mkdtempSync(join(tmpdir(), 'job-'))
  readonly shell: readonly string[]
  readonly #own: readonly string[]
  environment: Record<string, string> = {}
  rewrite = (script: string): string => script

  /** `own` is the host's /bin/sh, if `shell` is more than that. */
  constructor(shell: readonly string[], own = shell) {
    this.shell = shell
    this.#own = own
  }

  open(request: JobRequest): Exchange {
    const [program = '', ...rest] = this.shell
    // A session of its own, as a channel of an SSH server has; ended as a whole in `close`.
    const child = spawn(program, [...rest, '-s'], {
      cwd: this.home,
      detached: true,
      env: { PATH: process.env['PATH'] ?? '', HOME: this.home, ...this.environment },
    })
    const from = 'waitMs' in request ? { out: request.outOffset, err: request.errOffset } : { out: 0, err: 0 }
    const parser = createReplyParser(request.nonce, from)
    const events: ReplyEvent[] = []
    child.stdout.on('data', (chunk: Buffer) => events.push(...parser.push('stdout', chunk)))
    child.stderr.on('data', (chunk: Buffer) => events.push(...parser.push('stderr', chunk)))
    child.stdin.on('error', () => {})
    child.stdin.end(this.rewrite(this.#withOwnShell(renderRequest(request))))
    const done = new Promise<ReplyResult>((resolve) => child.on('close', () => resolve(parser.finish())))
    return { child, parser, events, done }
  }

  async ask(
    request: JobRequest,
  ): Promise<ReplyResult & { events: readonly ReplyEvent[]; report: JobReport | undefined }> {
    const { done, events } = this.open(request)
    const result = await done
    const report = result.status === 'complete' ? result.trailer.report : undefined
    return { ...result, events, report }
  }

  async place(configured = `${this.home}/base`): Promise<Place & { boot: string }> {
    const reply = await this.ask({ verb: 'base', nonce: newNonce(), host: HOST, configured })
    if (reply.status !== 'complete') throw new Error(`base: ${reply.reason}`)
    const path = reply.events.find((event) => event.type === 'item' && event.line.kind === 'path')
    if (path?.type !== 'item') throw new Error(`base: ${JSON.stringify(reply.trailer)}`)
    return {
      base: path.line.rest,
      host: HOST,
      marker: reply.header.fields['marker'] ?? '',
      boot: reply.header.fields['boot'] ?? '',
    }
  }

  /** On a host whose /bin/sh is this shell the supervisor runs under it too. */
  #withOwnShell(script: string): string {
    return script.replaceAll('/bin/sh ./run.sh', `${this.#own.join(' ')} ./run.sh`)
  }

  directory(place: Place, job: string): string {
    return join(place.base, HOST, 'jobs', job)
  }

  [Symbol.dispose](): void {
    rmSync(this.home, { recursive: true, force: true })
  }
}

export function buildStart(
  place: Place,
  spec: Partial<JobSpec>,
  more: Partial<StartRequest> = {},
): StartRequest {
  return {
    verb: 'start',
    nonce: newNonce(),
    place,
    run: RUN,
    job: 'a1.1' as JobId,
    epoch: 1,
    outOffset: 0,
    errOffset: 0,
    waitMs: 20_000,
    spec: { body: 'true\n', ...spec },
    ...more,
  }
}

export function collect(
  events: readonly ReplyEvent[],
  stream: 'stdout' | 'stderr',
  type: 'output' | 'noise' = 'output',
): Buffer {
  return Buffer.concat(
    events.flatMap((event) => (event.type === type && event.stream === stream ? [event.bytes] : [])),
  )
}

/** Waits (polling, at most a minute) until `find` gives something; for what happens outside of any exchange. */
export async function waitFor<T>(what: string, find: () => T | undefined | false): Promise<T> {
  for (const deadline = performance.now() + 60_000; performance.now() < deadline;) {
    const found = find()
    if (found !== undefined && found !== false) return found
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`waited in vain for ${what}`)
}

/** Processes (no zombies) whose environment or command line holds `text`, but not those whose command line holds `except`. */
export function findProcesses(text: string, except?: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter(
      (name) => readProcess(name, 'cmdline').includes(text) || readProcess(name, 'environ').includes(text),
    )
    .filter((name) => except === undefined || !readProcess(name, 'cmdline').includes(except))
    .map(Number)
}

function readProcess(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return ''
  }
}
