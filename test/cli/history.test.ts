import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { brandAs } from '../../src/core/base/ids.ts'
import type { AttemptId, HostName, JobId, StepId } from '../../src/core/base/ids.ts'
import type { RunEvent } from '../../src/core/run/events.ts'
import { makeFolder, runIn } from './cli-harness.ts'
import { buildOutlineStep, writeRun } from './run-fixture.ts'

const step = brandAs<StepId>('restart')
const [a1, a2] = [brandAs<HostName>('a1'), brandAs<HostName>('a2')]
const attempt = brandAs<AttemptId>('x1')
const job = brandAs<JobId>('x1.1')
const EVIL = 'evil\u001B[31m<script>alert(1)</script>|`_*\u202E'

const EVENTS: readonly RunEvent[] = [
  { type: 'run-confirmed', by: 'ada', how: 'asked', ref: 'CHG123' },
  { type: 'step-began', step },
  { type: 'host-began', step, host: a1 },
  {
    type: 'attempt-started',
    step,
    host: a1,
    attempt,
    number: 1,
    stepHash: brandAs('4'.repeat(64)),
    kind: 'action',
  },
  {
    type: 'job-intended',
    step,
    host: a1,
    attempt,
    job,
    action: 1,
    kind: 'run',
    command: brandAs('5'.repeat(64)),
    detached: true,
    epoch: 1,
  },
  {
    type: 'job-ended',
    step,
    host: a1,
    job,
    result: { kind: 'exited', code: 0 },
    outBytes: 4,
    errBytes: 0,
    durationMs: 1500,
  },
  {
    type: 'checks-evaluated',
    step,
    host: a1,
    moment: 'after',
    results: [{ index: 1, verb: 'verify', verdict: 'pass', expected: 'up', actual: EVIL }],
  },
  { type: 'host-ended', step, host: a1, outcome: 'succeeded', durationMs: 1500 },
  { type: 'host-began', step, host: a2 },
  { type: 'host-ended', step, host: a2, outcome: 'accepted', durationMs: 10, by: 'bob', reason: EVIL },
]
const FINISHED: RunEvent = { type: 'run-finished', deviations: 1, failed: false }

const STEPS = [
  buildOutlineStep('restart', ['a1', 'a2'], { covers: ['S01'] }),
  buildOutlineStep('later', ['a1']),
]

async function build(events: readonly RunEvent[] = EVENTS) {
  const folder = makeFolder()
  const run = await writeRun(folder, STEPS, events, { 'x1.1': `one\n${EVIL}\n` })
  return { folder, run }
}

test('runs are listed with their state', async () => {
  const { folder, run } = await build([...EVENTS, FINISHED])
  const { stdout } = await runIn(folder, ['runs', '--json'])
  expect(JSON.parse(stdout)).toEqual([
    {
      run,
      state: 'finished with deviations',
      title: 'Upgrade',
      runbook: 'up.md',
      inventory: 'small',
      operator: 'ada',
      started: expect.stringMatching(/^\d{4}-/),
      finished: expect.stringMatching(/^\d{4}-/),
    },
  ])
  const plain = await runIn(folder, ['runs'])
  expect(plain.stdout).toContain(`${run}  finished with deviations  Upgrade  small`)
})

test('no runs is no error', async () => {
  const folder = makeFolder()
  expect(await runIn(folder, ['runs'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('No runs in'),
  })
  expect((await runIn(folder, ['runs', '--json'])).stdout).toBe('[]\n')
})

test('a run is shown step by step, by any unique prefix', async () => {
  const { folder, run } = await build()
  const { stdout, exitCode } = await runIn(folder, ['show', run.slice(0, 3), '--json'])
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    run,
    state: 'open',
    runbook: { path: 'up.md' },
    inventory: { name: 'small' },
    finished: null,
    steps: [
      {
        id: 'restart',
        state: 'done',
        hosts: [
          {
            host: 'a1',
            state: 'succeeded',
            outcome: 'succeeded',
            attempts: 1,
            exitCode: 0,
            durationMs: 1500,
            checks: [{ verdict: 'pass', expected: 'up' }],
          },
          { host: 'a2', state: 'accepted', outcome: 'accepted' },
        ],
      },
      { id: 'later', state: 'to do', hosts: [{ host: 'a1', state: 'pending', outcome: null }] },
    ],
    waiting: [],
  })
  const plain = await runIn(folder, ['show'])
  expect(plain.last).toBe(`Next: handrail resume ${run}`)
})

test.each([
  [['show', 'zzzz'], 'there is no run zzzz'],
  [['log', '--step', 'restrt'], 'the run has no step restrt'],
  [['report', '--format', 'pdf'], "'pdf' is invalid"],
])('%j is a usage error', async (args, why) => {
  const { folder } = await build()
  const ran = await runIn(folder, args)
  expect(ran).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(why) })
})

test('the output of a job is printed safely, and as JSON line by line', async () => {
  const { folder } = await build()
  const plain = await runIn(folder, ['log', '--step', 'restart', '--host', 'a1'])
  expect(plain.stdout).toContain('restart on a1, x1.1: exit code 0\n  one\n  evil')
  expect(plain.stdout).not.toContain('\u001B')
  const lines = (await runIn(folder, ['log', '--json'])).stdout.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { step: 'restart', host: 'a1', job: 'x1.1', stream: 'stdout', line: 0, text: 'one' },
    { line: 1 },
  ])
  expect((await runIn(folder, ['log', '--host', 'nobody'])).stdout).toContain('No command')
})

test.each(['md', 'html', 'json'])(
  'a report as %s tells the deviation first and lets nothing through',
  async (format) => {
    const { folder } = await build([...EVENTS, FINISHED])
    const { stdout, exitCode } = await runIn(folder, ['report', '--format', format])
    expect(exitCode).toBe(0)
    expect(stdout.indexOf('bob')).toBeGreaterThan(0)
    expect(stdout.toLowerCase().indexOf('deviations')).toBeLessThan(stdout.toLowerCase().indexOf('checks'))
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/)
    if (format !== 'json') expect(stdout).not.toContain('<script>')
    expect(stdout).toContain('CHG123')
    expect(stdout).toContain('S01')
  },
)

test('a sound run verifies, a changed one does not and says what next', async () => {
  const { folder, run } = await build([])
  expect(await runIn(folder, ['verify'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('as it was recorded'),
  })
  const journal = join(folder, '.state', 'runs', run, 'journal.jsonl')
  writeFileSync(journal, readFileSync(journal, 'utf8').replace('CHG123', 'CHG124'))
  const ran = await runIn(folder, ['verify', run])
  expect(ran.exitCode).toBe(6)
  expect(ran.last).toMatch(/^Next: handrail report/)
  expect((await runIn(folder, ['show', run])).exitCode).toBe(6)
  expect(JSON.parse((await runIn(folder, ['runs', '--json'])).stdout)).toMatchObject([
    { run, state: 'damaged' },
  ])
})

test('a value that the journal names and that is gone is found', async () => {
  const { folder } = await build()
  const ran = await runIn(folder, ['verify', '--json'])
  expect(ran.exitCode).toBe(6)
  expect(JSON.parse(ran.stdout)).toMatchObject({ ok: false, findings: [{ area: 'value' }] })
})

test('no cell of a Markdown report breaks out of its table', async () => {
  const { folder } = await build([...EVENTS, FINISHED])
  const { stdout } = await runIn(folder, ['report'])
  const tables = stdout.split(/\n\n/).filter((block) => block.startsWith('| '))
  expect(tables.length).toBeGreaterThan(3)
  for (const table of tables) {
    const widths = table
      .trim()
      .split('\n')
      .map((row) => row.match(/(?<!\\)\|/g)?.length)
    expect(new Set(widths).size).toBe(1)
  }
})

test('tabs that a command printed are shown as they are, other control characters never', async () => {
  const folder = makeFolder()
  const run = await writeRun(folder, STEPS, EVENTS, { 'x1.1': 'a1\tUP\u001B[31m\t0\bx\r\n' })
  const { stdout } = await runIn(folder, ['log', run])
  expect(stdout).toContain('\n  a1\tUP\t0<U+0008>x\n')
  const [line = ''] = (await runIn(folder, ['log', run, '--json'])).stdout.split('\n')
  expect(JSON.parse(line)).toMatchObject({ text: 'a1\tUP\t0<U+0008>x' })
})
