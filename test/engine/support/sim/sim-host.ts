import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'

/** A job's directory on a simulated host, and the processes that belong to it. */
export type SimJob = {
  readonly id: string
  readonly run: string
  readonly body: string
  boot: string
  /** The state's file name. */
  state: 'claimed' | 'running' | `exit${string}` | `stop${string}` | `late${string}` | 'stopped'
  supervisor: boolean
  child: boolean
  out: Buffer
  err: Buffer
}

/** One line of a body that changed the host, for counting. */
export type Effect = { readonly job: string; readonly key: string; readonly atMs: number }

/** A host: its files and counters, its job directory, and what happened on it. */
export type SimHost = {
  readonly name: string
  readonly random: Random
  readonly scheduler: Scheduler
  boot: string
  isUp: boolean
  marker: string | undefined
  lock: { mode: string; run: string; holder: string; since: string } | undefined
  readonly epochs: Map<string, number>
  readonly jobs: Map<string, SimJob>
  readonly counters: Map<string, number>
  readonly files: Map<string, string>
  readonly effects: Effect[]
  /** Bodies that were started, by job id: at most one each. */
  readonly starts: Map<string, number>
  readonly watchers: Set<() => void>
}

export function createSimHost(name: string, scheduler: Scheduler, random: Random): SimHost {
  return {
    name,
    random,
    scheduler,
    boot: `boot-${random.token(6)}`,
    isUp: true,
    marker: undefined,
    lock: undefined,
    epochs: new Map(),
    jobs: new Map(),
    counters: new Map(),
    files: new Map(),
    effects: [],
    starts: new Map(),
    watchers: new Set(),
  }
}

/** Tells followers that something of a job may have changed. */
export function notify(host: SimHost): void {
  for (const watcher of host.watchers) watcher()
}

/** Claims an id and launches its supervisor; the body begins a moment later, if nobody is faster. */
export function claimJob(
  host: SimHost,
  { id, run, body }: { id: string; run: string; body: string },
): SimJob {
  const job: SimJob = {
    id,
    run,
    body,
    boot: host.boot,
    state: 'claimed',
    supervisor: true,
    child: false,
    out: Buffer.alloc(0),
    err: Buffer.alloc(0),
  }
  host.jobs.set(id, job)
  host.scheduler.after(host.random.between(0, 5), () => startBody(host, job))
  return job
}

function startBody(host: SimHost, job: SimJob): void {
  if (job.state !== 'claimed' || !job.supervisor || job.boot !== host.boot) return
  job.state = 'running'
  job.child = true
  host.starts.set(job.id, (host.starts.get(job.id) ?? 0) + 1)
  notify(host)
  runLines(host, job, job.body.includes('handrail.$$') ? [job.body] : job.body.trim().split('\n'))
}

function runLines(host: SimHost, job: SimJob, lines: readonly string[]): void {
  const [line, ...rest] = lines
  const pause = line?.startsWith('sleep ') ? Number(line.slice(6)) : host.random.between(0, 3)
  host.scheduler.after(pause, () => {
    if (!job.child || job.boot !== host.boot) return
    const code = line === undefined ? undefined : runLine(host, line, job)
    if (code === undefined && line !== undefined) return runLines(host, job, rest)
    job.child = false
    if (job.supervisor) job.state = `exit${String(code ?? 0).padStart(3, '0')}`
    notify(host)
  })
}

/** Does one line of a body or a probe; gives the exit code where it ends there. */
export function runLine(host: SimHost, line: string, job?: SimJob): number | undefined {
  if (line.includes('handrail.$$') || line.includes('no backup of')) return changeFile(host, line, job)
  const [word = '', key = '', value = ''] = line.split(' ')
  switch (word) {
    case 'add':
      host.counters.set(key, (host.counters.get(key) ?? 0) + 1)
      if (job !== undefined) host.effects.push({ job: job.id, key, atMs: host.scheduler.nowMs() })
      return undefined
    case 'reset':
      host.counters.set(key, 0)
      return undefined
    case 'test':
      return (host.counters.get(key) ?? 0) > 0 ? 0 : 1
    case 'print':
      if (job !== undefined) print(host, job, Number(key))
      return undefined
    case 'exit':
      return Number(key)
    case 'maybe-exit':
      return host.random.chance(Number(value)) ? Number(key) : undefined
    default:
      return undefined
  }
}

function print(host: SimHost, job: SimJob, lines: number): void {
  for (let line = 0; line < lines; line += 1) {
    job.out = Buffer.concat([job.out, Buffer.from(`${job.id} out ${line}\n`)])
    if (line % 2 === 0) job.err = Buffer.concat([job.err, Buffer.from(`${job.id} err ${line}\n`)])
  }
  notify(host)
}

const WORD = /'((?:[^']|'\\'')*)'/.source

/** The engine's own script that replaces a file, or puts the old one back. */
function changeFile(host: SimHost, body: string, job: SimJob | undefined): number {
  const path = unquote(new RegExp(`^f=${WORD}$`, 'm').exec(body)![1]!)
  const backup = unquote(new RegExp(`^b=${WORD}$`, 'm').exec(body)![1]!)
  if (body.includes('no backup of')) {
    const old = host.files.get(backup)
    if (old !== undefined) host.files.set(path, old)
    else if (host.files.has(`${backup}.absent`)) host.files.delete(path)
    else return 1
    return 0
  }
  const content = unquote(new RegExp(`printf %s ${WORD} >"\\$t"`).exec(body)![1]!)
  const before = host.files.get(path)
  host.files.set(before === undefined ? `${backup}.absent` : backup, before ?? '')
  host.files.set(path, content)
  if (job !== undefined) host.effects.push({ job: job.id, key: path, atMs: host.scheduler.nowMs() })
  return 0
}

export function unquote(word: string): string {
  return word.replaceAll(String.raw`'\''`, "'")
}

/** The machine restarts: every process is gone, and a power cut may lose the last renames. */
export function rebootHost(host: SimHost, downMs: number): void {
  host.boot = `boot-${host.random.token(6)}`
  host.isUp = false
  for (const job of host.jobs.values()) {
    const isOpen = job.state === 'running' || job.state === 'claimed'
    if (isOpen && host.random.chance(0.2)) host.jobs.delete(job.id)
    else if (job.state === 'running' && host.random.chance(0.2)) job.state = 'claimed'
    job.child = false
    job.supervisor = false
  }
  notify(host)
  host.scheduler.after(downMs, () => (host.isUp = true))
}

/** The directory of jobs is gone; what runs goes on. */
export function loseStorage(host: SimHost): void {
  host.jobs.clear()
  host.marker = undefined
  host.lock = undefined
  host.epochs.clear()
  notify(host)
}

/** Kills the supervisor of a running job, with or without the job itself. */
export function killSupervisor(host: SimHost, withChild: boolean): void {
  const running = [...host.jobs.values()].filter(
    ({ supervisor, state }) => supervisor && (state === 'running' || state === 'claimed'),
  )
  if (running.length === 0) return
  const job = host.random.pick(running)
  job.supervisor = false
  if (withChild) job.child = false
  notify(host)
}
