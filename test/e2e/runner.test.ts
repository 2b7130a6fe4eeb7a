import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createConnection } from 'node:net'
import { expect, test } from 'vitest'
import { isAlive, openDesk, SLOW, until, type Desk, type Ended, type Started } from './support/desk.ts'

const RUN = ['run', 'up.md', '-i', 'inv.yaml']
const APPROVED = [...RUN, '--approve', 'change']

const TWO_STEPS = `${SLOW}
## Then
<!-- handrail on=local danger=disruptive -->

\`\`\`sh run
echo then
\`\`\`
`

async function startSlow(desk: Desk, env: Record<string, string> = {}): Promise<Started> {
  const client = desk.start(APPROVED, env)
  await until(() => desk.has('begun'), client.out)
  await until(() => client.out().includes('running action 1'), client.out)
  return client
}

/** A command that ended otherwise shows what it said. */
function expectFine({ code, stdout, stderr }: Ended): void {
  expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout, stderr })
}

async function expectOnce(desk: Desk): Promise<void> {
  await until(
    () => desk.events().includes('run-finished'),
    () => desk.events().join(' '),
  )
  expect(desk.read('begun')).toBe('begun\n')
  expect(desk.read('over')).toBe('x\n')
  expect(desk.events().filter((type) => type === 'job-intended')).toHaveLength(1)
}

test('a run is driven by a process of its own, which leaves with the last client', async () => {
  const desk = openDesk(SLOW)
  const client = await startSlow(desk)
  const { pid, socket } = desk.runner()
  expect(pid).not.toBe(client.child.pid)
  expect(statSync(desk.runFile('runner.json')).mode & 0o777).toBe(0o600)
  expect(statSync(desk.runFile('runner.log')).mode & 0o777).toBe(0o600)
  expect(Buffer.byteLength(socket)).toBeLessThan(104)
  desk.write('go')
  const ended = await client.ended
  expectFine(ended)
  expect(ended.stdout).toContain('local| over')
  expect(ended.stdout.trimEnd().split('\n').at(-1)).toMatch(/^run \w{4}-\w{4}: finished$/)
  await until(() => !isAlive(pid))
  expect(readdirSync(desk.folder + '/rt/handrail')).toEqual([])
  await expectOnce(desk)
})

test('without an answer it waits with the code and the last line of --inline, and leaves the run free', async () => {
  const desk = openDesk(SLOW)
  const ended = await desk.run(...RUN)
  expect(ended.code).toBe(3)
  expect(ended.last).toMatch(/^Next: handrail resume \w{4}-\w{4} --approve change$/)
  desk.write('go')
  expectFine(await desk.run('resume', '--inline', '--approve', 'change'))
  await expectOnce(desk)
})

test('--json prints every record once, in order', async () => {
  const desk = openDesk(SLOW)
  desk.write('go')
  const ended = await desk.run(...APPROVED, '--json')
  const lines = ended.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { seq: number; type: string })
  expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1))
  expect(lines.map(({ type }) => type)).toEqual(desk.events())
  expect(lines.at(-1)?.type).toBe('run-finished')
})

test.each(['SIGINT', 'SIGHUP', 'SIGKILL', 'SIGTERM'] as const)(
  '%s to the command does not touch the run; open comes back to it',
  async (signal) => {
    const desk = openDesk(SLOW)
    const client = await startSlow(desk)
    const { pid } = desk.runner()
    client.child.kill(signal)
    const left = await client.ended
    if (signal === 'SIGINT') {
      expect(left.code).toBe(130)
      expect(left.stderr).toContain('it goes on without you')
      expect(left.last).toBe(`Next: handrail open ${desk.runId()}`)
    }
    expect(isAlive(pid)).toBe(true)
    const back = desk.start(['open'])
    await until(() => back.out().includes('attached to it'), back.out)
    desk.write('go')
    expectFine(await back.ended)
    await expectOnce(desk)
  },
)

test('a run goes on to its end with nobody connected', async () => {
  const desk = openDesk(SLOW)
  const client = await startSlow(desk)
  const { pid } = desk.runner()
  client.child.kill('SIGKILL')
  await client.ended
  desk.write('go')
  await expectOnce(desk)
  await until(() => !isAlive(pid))
  expectFine(await desk.run('open'))
})

test('a killed runner is noticed and told; open finds the command on the host again', async () => {
  const desk = openDesk(SLOW)
  const client = await startSlow(desk)
  const { pid } = desk.runner()
  process.kill(pid, 'SIGKILL')
  const left = await client.ended
  expect(left.code).toBe(130)
  expect(left.stderr).toContain('it was killed, or it crashed')
  expect(left.last).toBe(`Next: handrail open ${desk.runId()}`)
  const back = desk.start(['open', '--approve', 'change'])
  await until(() => back.out().includes('ada drives, from'), back.out)
  expect(back.out()).toContain('nobody drives run')
  expect(desk.runner().pid).not.toBe(pid)
  desk.write('go')
  expectFine(await back.ended)
  await expectOnce(desk)
})

test('a runner that is told to end lets go; the run is resumable', async () => {
  const desk = openDesk(SLOW)
  const client = await startSlow(desk)
  process.kill(desk.runner().pid, 'SIGTERM')
  const left = await client.ended
  expect(left.code).toBe(3)
  expect(left.stdout).toContain('it was told to end')
  desk.write('go')
  expectFine(await desk.run('resume', '--approve', 'change'))
  await expectOnce(desk)
})

test('five watch at once, and all see the end', async () => {
  const desk = openDesk(SLOW)
  const client = await startSlow(desk)
  const watchers = Array.from({ length: 5 }, () => desk.start(['watch', desk.runId(), '--operator', 'bob']))
  for (const watcher of watchers) await until(() => watcher.out().includes('ada drives it'), watcher.out)
  desk.write('go')
  for (const { ended } of [client, ...watchers]) {
    const { code, stdout } = await ended
    expect(code).toBe(0)
    expect(stdout).toContain('local| over')
  }
  await expectOnce(desk)
})

test('somebody else watches politely, and takes over when told to; the journal says so', async () => {
  const desk = openDesk(SLOW)
  const ada = await startSlow(desk)
  const bob = desk.start(['open', '--operator', 'bob'])
  await until(() => bob.out().includes('ada drives this run; you are watching'), bob.out)
  expect(bob.out()).toContain(`handrail takeover ${desk.runId()}`)
  const eve = desk.start(['takeover', desk.runId(), '--operator', 'eve'])
  await until(() => eve.out().includes('you drive now'), eve.out)
  await until(() => ada.out().includes('eve drives now'), ada.out)
  await until(() => desk.events().filter((type) => type === 'session-opened').length === 2)
  desk.write('go')
  for (const { ended } of [ada, bob, eve]) expectFine(await ended)
  await expectOnce(desk)
})

test('a runner with nothing to do and nobody connected ends by itself', async () => {
  const desk = openDesk(TWO_STEPS)
  const client = await startSlow(desk, { HANDRAIL_RUNNER_IDLE: '0.3' })
  const { pid } = desk.runner()
  client.child.kill('SIGKILL')
  desk.write('go')
  await until(() => !isAlive(pid))
  expect(desk.events().slice(-2)).toEqual(['question-asked', 'run-paused'])
  expect(readFileSync(desk.runFile('runner.log'), 'utf8')).toContain('nobody was connected for a while')
  expectFine(await desk.run('resume', '--approve', 'disruptive'))
})

const STEPS = Array.from(
  { length: 20 },
  (_, index) => `
## Step ${index}
<!-- handrail on=local -->

\`\`\`sh run
${index === 0 ? 'echo begun >> HERE/begun; while ! test -e HERE/go; do sleep 0.02; done' : 'true'}
\`\`\`
`,
).join('')

/** The stalled client reads nothing before the run has ended: a run that waits for it waits for ever. */
const MAX_GAP_MS = 10_000

test('a client that is stalled delays nothing', async () => {
  const desk = openDesk(STEPS)
  const client = await startSlow(desk)
  const stalled = desk.start(['watch', desk.runId()])
  await until(() => stalled.out().includes('watching'), stalled.out)
  stalled.child.kill('SIGSTOP')
  const mute = createConnection(desk.runner().socket)
  mute.write(
    '{"type":"hello","version":1,"afterSeq":0,"operator":"mute","drives":false}\n{"type":"watch-output","on":true}\n',
  )
  mute.pause()
  desk.write('go')
  expectFine(await client.ended)
  const times = readFileSync(desk.runFile('journal.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { t: string; type: string })
  const from = times.findIndex(({ type }) => type === 'job-ended')
  const gaps = times.slice(from + 1).map(({ t }, index) => Date.parse(t) - Date.parse(times[from + index]!.t))
  expect(Math.max(...gaps)).toBeLessThan(MAX_GAP_MS)
  stalled.child.kill('SIGCONT')
  mute.destroy()
  expectFine(await stalled.ended)
})

test('a runner that only waits makes way: an edit of the runbook is noticed', async () => {
  const desk = openDesk(TWO_STEPS)
  const client = await startSlow(desk)
  const { pid } = desk.runner()
  client.child.kill('SIGKILL')
  desk.write('go')
  await until(() => desk.events().at(-1) === 'question-asked')
  desk.write('up.md', desk.read('up.md').replace('echo then', 'echo edited'))
  const stopped = await desk.run('open')
  expect(stopped.code).toBe(3)
  expect(stopped.last).toContain('--adopt all')
  await until(() => !isAlive(pid))
  const ended = await desk.run('open', '--adopt', 'all', '--approve', 'disruptive')
  expectFine(ended)
  expect(ended.stdout).toContain('local| edited')
})

const FAILS = `
## Fail
<!-- handrail on=local -->

\`\`\`sh run
exit 4
\`\`\`
`

test.each([['ask'], ['stop']])('a failure with --on-failure %s ends like --inline', async (what) => {
  const ends = []
  for (const more of [[], ['--inline']]) {
    const desk = openDesk(FAILS)
    const { code, last } = await desk.run(...APPROVED, '--on-failure', what, ...more)
    ends.push({ code, last: last.replaceAll(desk.runId(), 'RUN'), events: desk.events() })
    expect(desk.has(`state/runs/${desk.runId()}/runner.json`)).toBe(false)
  }
  expect(ends[0]).toEqual(ends[1])
  expect(ends[0]).toMatchObject({ code: 1 })
})
