// How long it takes until a run of 100,000 events stands on the screen, and what its process then holds.
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { hashText } from '../src/adapters/journal/hash-text.ts'
import type { AttemptId, Digest, HostName, JobId, RunId, StepId } from '../src/core/base/ids.ts'
import { encodeRecord, type JournalRecord } from '../src/core/journal/record.ts'
import type { RunEvent } from '../src/core/run/events.ts'
import { median } from './figure.ts'
import { endRunner, openBenchDesk, type BenchDesk } from './support/bench-desk.ts'
import { PtyProgram } from './support/pty-program.ts'

/** Times from the start of the command to the screen, by the way it is opened; medians. */
export type OpenFigures = {
  /** `handrail open` of a paused run: a runner is started. */
  readonly openMs: number
  /** `handrail watch` of the same run: only looks. */
  readonly watchMs: number
  readonly events: number
  readonly memoryMb: number
}

const STEPS = 167
const HOSTS = 100
const EVENTS = 100_000
const REPETITIONS = 5
const HANDRAIL = resolve('bin/handrail')
/** On the screen only once the run is there, in the last row. */
const SHOWN = 'help'

/** Measures on a pseudo-terminal of 120x40; it asserts nothing about time. */
export async function measureOpen(): Promise<OpenFigures> {
  const desk = openBenchDesk('hr-open-')
  try {
    const { run, events } = writeRun(desk)
    const open: number[] = []
    const watch: number[] = []
    let memoryMb = 0
    for (let count = 0; count < REPETITIONS; count += 1) {
      const watched = await measureScreen(['watch', run], desk)
      watch.push(watched.tookMs)
      const opened = await measureScreen(['open', run], desk)
      open.push(opened.tookMs)
      memoryMb = Math.max(memoryMb, opened.memoryMb)
      waitForRunner(desk.folder, run)
    }
    return { openMs: median(open), watchMs: median(watch), events, memoryMb }
  } finally {
    desk.remove()
  }
}

async function measureScreen(
  args: readonly string[],
  { cwd, env }: BenchDesk,
): Promise<{ readonly tookMs: number; readonly memoryMb: number }> {
  const beganMs = performance.now()
  const program = new PtyProgram(HANDRAIL, args, { env, cwd })
  await program.untilWritten(SHOWN, 0)
  const tookMs = performance.now() - beganMs
  const memoryMb = program.readMemoryMib()
  program.kill('SIGTERM')
  await program.until(({ exit }) => exit !== undefined, 'its end')
  return { tookMs, memoryMb }
}

/** Tells the runner to end, and waits, so that the next `open` starts one. */
function waitForRunner(folder: string, run: string): void {
  const pid = endRunner(join(folder, 'state', 'runs', run, 'runner.json'), 'SIGTERM')
  const wait = `i=0; while kill -0 ${pid} 2>/dev/null && [ $i -lt 100 ]; do sleep 0.05; i=$((i+1)); done`
  if (pid !== undefined) spawnSync('sh', ['-c', wait])
}

/** Plans a real run, which waits for its confirmation, and writes down what 15,000 host-steps would have left. */
function writeRun({ folder, env }: BenchDesk): { readonly run: RunId; readonly events: number } {
  const hosts = Array.from({ length: HOSTS }, (_, index) => `h${index}` as HostName)
  const rows = hosts
    .map((name, index) => `  - { name: ${name}, address: { private: 127.0.1.${index + 1} } }\n`)
    .join('')
  writeFileSync(join(folder, 'inv.yaml'), `handrail: 1\nname: many\nhosts:\n${rows}`)
  const steps = Array.from(
    { length: STEPS },
    (_, index) => `\n## Step ${index}\n<!-- handrail on=all -->\n\n\`\`\`sh run repeat=safe\ntrue\n\`\`\`\n`,
  )
  writeFileSync(join(folder, 'many.md'), `---\nhandrail: 1\ntitle: Many\n---\n\n# Many\n${steps.join('')}`)
  const made = spawnSync(HANDRAIL, ['run', 'many.md', '-i', 'inv.yaml'], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
  const runs = join(folder, 'state', 'runs')
  const run = readdirSync(runs).find((name) => !name.startsWith('.')) as RunId | undefined
  if (run === undefined) throw new Error(`no run was made: ${made.stderr}`)
  const journal = join(runs, run, 'journal.jsonl')
  const known = readFileSync(journal, 'utf8').trimEnd().split('\n')
  const last = JSON.parse(known.at(-1)!) as JournalRecord
  let head = { seq: last.seq, h: last.h }
  const lines: string[] = []
  const startedMs = Date.now()
  for (const event of buildEvents(hosts)) {
    const seq = head.seq + 1
    const t = new Date(startedMs + seq).toISOString()
    const fields = { seq, t, mono: seq, run, session: 'bench', fence: last.fence, actor: 'ada', prev: head.h }
    const { line, record } = encodeRecord(fields, event as never, hashText)
    lines.push(line)
    head = { seq, h: record.h }
  }
  appendFileSync(journal, `${lines.join('\n')}\n`)
  return { run, events: head.seq }
}

function* buildEvents(hosts: readonly HostName[]): Generator<RunEvent> {
  yield { type: 'run-confirmed', by: 'ada', how: 'option' }
  const digest = 'a'.repeat(64) as Digest
  let count = 0
  for (let index = 0; index < STEPS; index += 1) {
    const step = `step-${index}` as StepId
    yield { type: 'step-began', step }
    yield { type: 'step-confirmed', step, by: 'ada', how: 'option' }
    for (const host of hosts) {
      for (const event of buildHostEvents({ step, host }, digest)) yield event
      count += 6
      if (count >= EVENTS - 2 * STEPS) return yield { type: 'run-paused', reason: 'operator' }
    }
  }
}

function buildHostEvents(
  place: { readonly step: StepId; readonly host: HostName },
  digest: Digest,
): readonly RunEvent[] {
  const attempt = `${place.step}-${place.host}` as AttemptId
  const job = `${attempt}.1` as JobId
  const intent = { action: 1, kind: 'run', command: digest, detached: true, epoch: 1 } as const
  const end = { result: { kind: 'exited', code: 0 }, outBytes: 0, errBytes: 0, durationMs: 1 } as const
  return [
    { type: 'host-began', ...place },
    { type: 'attempt-started', ...place, attempt, number: 1, stepHash: digest, kind: 'action' },
    { type: 'job-intended', ...place, attempt, job, ...intent },
    { type: 'job-running', ...place, job },
    { type: 'job-ended', ...place, job, ...end },
    { type: 'host-ended', ...place, outcome: 'succeeded', durationMs: 1 },
  ]
}

if (process.argv[1]?.endsWith('bench/open.ts') === true)
  console.log(JSON.stringify(await measureOpen(), null, 2))
