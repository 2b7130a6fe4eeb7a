import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listRuns } from '../../src/adapters/journal/list-runs.ts'
import { openRun } from '../../src/adapters/journal/run-store.ts'
import { openStateDirectory } from '../../src/adapters/journal/state-directory.ts'
import { brandAs, type Digest } from '../../src/core/base/ids.ts'
import type { JournalEvent } from '../../src/core/journal/record.ts'
import type { RunEvent } from '../../src/core/run/events.ts'
import type { PlanOutline } from '../../src/core/run/outline.ts'
import { makeFolder, runIn } from './cli-harness.ts'
import { fence, head, INVENTORY, MAKE, PRODUCTION, setUp, shown, step, withHost } from './desk.ts'

/** Makes the newest run go by an outline that this version does not make of the run's copies. */
async function adoptAsAnotherVersion(folder: string): Promise<void> {
  const directory = await openStateDirectory(join(folder, '.state'))
  const [first] = await listRuns(directory)
  const holder = { pid: process.pid, host: 'desk', operator: 'ada', since: '2030-01-01T00:00:00Z' }
  const options = { session: 's2', actor: 'ada', holder, onPoisoned: () => undefined }
  const opened = await openRun(directory, first!.run, options)
  if (opened.kind === 'busy' || opened.kind === 'corrupt') throw new Error(opened.kind)
  const created = opened.records[0]!.event as unknown as { outlineDigest: Digest }
  const outline = JSON.parse((await opened.store.getValue(created.outlineDigest))!) as PlanOutline
  const other = { ...outline, digest: brandAs<Digest>('f'.repeat(64)) }
  const adopted: RunEvent = {
    type: 'plan-adopted',
    outlineDigest: await opened.store.putValue(JSON.stringify(other)),
    by: 'ada',
    changes: [],
    stale: [],
    runbookSha256: brandAs<Digest>('2'.repeat(64)),
  }
  await opened.store.append([adopted] as unknown as JournalEvent[])
  await opened.store.close()
}

test('without an answer the run is durable and waits; with one it finishes', async () => {
  const { folder, run, start } = setUp(head() + MAKE)
  const waiting = await start()
  expect(waiting.exitCode).toBe(3)
  expect(waiting.last).toMatch(/^Next: handrail resume \w{4}-\w{4} --approve change$/)
  expect(existsSync(join(folder, 'made'))).toBe(false)
  const ended = await run('resume', '--approve', 'change')
  expect(ended.stderr).not.toContain('handrail:')
  expect(ended).toMatchObject({ exitCode: 0 })
  expect(ended.stdout).toContain('local| making')
  expect(readFileSync(join(folder, 'made'), 'utf8')).toBe('x\n')
  expect(shown(await run('show', '--json'))).toMatchObject({
    state: 'finished',
    steps: [{ id: 'make', state: 'done', hosts: [{ state: 'succeeded' }] }],
  })
  expect((await run('verify')).exitCode).toBe(0)
  expect((await run('log')).stdout).toContain('  making')
})

test('what is done already is not done again', async () => {
  const { folder, run, start } = setUp(head() + MAKE)
  writeFileSync(join(folder, 'made'), 'before\n')
  expect((await start('--approve', 'change')).exitCode).toBe(0)
  expect(readFileSync(join(folder, 'made'), 'utf8')).toBe('before\n')
  expect(shown(await run('show', '--json')).steps[0]?.hosts[0]?.state).toBe('satisfied')
})

test('--json gives one event a line on standard output and everything human on standard error', async () => {
  const { start } = setUp(head() + MAKE)
  const ran = await start('--approve', 'change', '--json')
  expect(ran.exitCode).toBe(0)
  const events = ran.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { seq: number; type: string })
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
  expect(events[0]?.type).toBe('run-created')
  expect(events.at(-1)?.type).toBe('run-finished')
  expect(ran.stderr).toContain('make on local: done')
})

const BAD = step('Bad', '', fence('sh run', 'echo no >&2; exit 4') + fence('sh verify', 'true'))

test.each([
  ['fails', [], 1, /--decide bad@local=retry$/],
  ['is stopped', ['--on-failure', 'stop'], 1, /--decide bad@local=retry$/],
  ['is accepted', ['--decide', 'bad=accept:we know'], 7, /^Next: handrail report/],
  ['is aborted', ['--decide', 'bad@local=abort'], 1, /^Next: handrail report/],
])('a step that fails %s', async (_, options, exitCode, last) => {
  const { start } = setUp(head() + BAD)
  const ran = await start('--approve', 'change', ...options)
  expect(ran.exitCode).toBe(exitCode)
  expect(ran.last).toMatch(last)
})

test('the word of an irreversible step, manual items and production names come from options only when they match', async () => {
  const grave = step('Wipe', 'danger=irreversible confirm=wipe-it', fence('sh run repeat=safe', 'true'))
  const manual = step('Tell', '', '- [ ] The desk knows\n')
  const { run, start } = setUp(head() + grave + manual, PRODUCTION)
  const unnamed = await start('--approve', 'disruptive')
  expect(unnamed.last).toMatch(/--approve change --environment prod-eu --ref TICKET$/)
  const wrong = await run(
    'resume',
    '--approve',
    'disruptive',
    '--environment',
    'prod-eu',
    '--ref',
    'CHG1',
    '--confirm',
    'wipe=wipe',
  )
  expect(wrong).toMatchObject({ exitCode: 3, last: expect.stringMatching(/--confirm wipe=wipe-it$/) })
  const manualOpen = await run('resume', '--confirm', 'wipe=wipe-it')
  expect(manualOpen).toMatchObject({ exitCode: 3, last: expect.stringMatching(/--answer tell\/1=EVIDENCE$/) })
  expect((await run('resume', '--answer', 'tell/1=ticket 7')).exitCode).toBe(0)
  const report = (await run('report')).stdout
  expect(report).toContain('ticket 7')
  expect(report).toContain('CHG1')
})

test('a secret reaches the command and nothing else', async () => {
  const secret =
    head('params:\n  token: { type: secret }\n') +
    step(
      'Use',
      '',
      fence('sh run repeat=safe', "printf '%s' {{ token }} | wc -c; printf '%s\\n' {{ token }}"),
    )
  const { folder, run, start } = setUp(secret)
  const ran = await start('--approve', 'change')
  expect(ran.exitCode).toBe(0)
  expect(ran.stdout).toContain('18')
  const everything = [
    ran,
    await run('show', '--json'),
    await run('log'),
    await run('report'),
    await run('log', '--json'),
  ]
  for (const each of everything) expect(each.stdout + each.stderr).not.toContain('canary-token-value')
  const runs = JSON.parse((await run('runs', '--json')).stdout) as { run: string }[]
  const journal = readFileSync(join(folder, '.state', 'runs', runs[0]!.run, 'journal.jsonl'), 'utf8')
  expect(journal).not.toContain('canary-token-value')
})

test.each([
  [['resume'], 2, /^Next: handrail runs$/],
  [['run', 'up.md'], 2, /-i INVENTORY/],
  [['run', 'up.md', '-i', 'inv.yaml', '--decide', 'a=explode'], 2, /--decide STEP/],
  [['run', 'up.md', '-i', 'inv.yaml', '--decide', 'a=accept'], 2, /accept:WHY$/],
  [['run', 'up.md', '-i', 'inv.yaml', '--answer', 'a=b'], 2, /--answer STEP/],
  [['run', 'up.md', '-i', 'inv.yaml', '--approve', 'everything'], 2, /run --help$/],
  [['run', 'up.md', '-i', 'inv.yaml', '-p', 'no=1'], 4, /explain HR4101/],
  [['set', 'zz', 'a=1', '--reason', 'x'], 2, /^Next: handrail runs$/],
  [['set', 'zz', 'a=1'], 2, /--reason WHY$/],
])('%j ends with %i and touches nothing', async (args, exitCode, last) => {
  const { folder, run } = setUp(head() + MAKE)
  const ran = await run(...args)
  expect(ran).toMatchObject({ exitCode, last: expect.stringMatching(last) })
  expect(existsSync(join(folder, 'made'))).toBe(false)
})

test('an edited runbook is shown on resume and adopted or left aside only on a word', async () => {
  const two = head() + MAKE + step('Say', '', fence('sh run repeat=safe', 'echo old words'))
  const { folder, run, start } = setUp(two)
  expect((await start()).exitCode).toBe(3)
  const path = join(folder, 'up.md')
  writeFileSync(path, readFileSync(path, 'utf8').replace('old words', 'new words'))
  const shownDiff = await run('resume', '--approve', 'change')
  expect(shownDiff).toMatchObject({ exitCode: 3, last: expect.stringContaining('--adopt all') })
  const opened = await run('open', '--inline')
  expect(opened).toMatchObject({ exitCode: 3, last: expect.stringContaining('--adopt all') })
  expect(opened.stdout).toMatch(/nobody drives run [-\w]+: taking it up/)
  expect(opened.stdout).not.toContain('resumed')
  expect(shownDiff.stdout).toContain('+    echo new words')
  const kept = await run('resume', '--keep', 'all')
  expect(kept.stdout).toContain('left aside: say')
  const adopted = await run('resume', '--adopt', 'say', '--approve', 'change')
  expect(adopted.exitCode).toBe(0)
  expect(adopted.stdout).toContain('local| new words')
})

test('a step that failed by its text is mended by an edit, and its retry runs the new text', async () => {
  const { folder, run, start } = setUp(head() + step('Bad', '', fence('sh run repeat=safe', 'exit 3')))
  expect((await start('--approve', 'change')).exitCode).toBe(1)
  const path = join(folder, 'up.md')
  writeFileSync(path, readFileSync(path, 'utf8').replace('exit 3', 'echo mended'))
  const adopted = await run('resume', '--adopt', 'all', '--decide', 'bad=retry', '--approve', 'change')
  expect(adopted).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('local| mended') })
})

test('a step that failed is taken out of the runbook, and nobody is asked about it any more', async () => {
  const bad = step('Bad', '', fence('sh run repeat=safe', 'exit 3'))
  const { folder, run, start } = setUp(head() + MAKE + bad)
  expect((await start('--approve', 'change')).exitCode).toBe(1)
  const path = join(folder, 'up.md')
  writeFileSync(path, readFileSync(path, 'utf8').replace(bad, ''))
  expect((await run('resume', '--adopt', 'all', '--approve', 'change')).exitCode).toBe(0)
})

test('what was to be confirmed is asked anew where the text was changed', async () => {
  const { folder, run, start } = setUp(
    head() + step('Gone', ' danger=irreversible confirm=OLD', fence('sh run repeat=safe', 'echo went')),
  )
  expect((await start('--approve', 'change')).exitCode).toBe(3)
  const path = join(folder, 'up.md')
  writeFileSync(path, readFileSync(path, 'utf8').replace('confirm=OLD', 'confirm=NEW'))
  const old = await run('resume', '--adopt', 'all', '--confirm', 'gone=OLD')
  expect(old).toMatchObject({ exitCode: 3, last: expect.stringContaining('--confirm gone=NEW') })
  expect((await run('resume', '--confirm', 'gone=NEW')).exitCode).toBe(0)
})

test('an answer that does not fit is told, with what is still asked', async () => {
  const { start, run } = setUp(
    head() + step('Gone', ' danger=irreversible confirm=GO-AWAY', fence('sh run repeat=safe', 'echo went')),
  )
  await start('--approve', 'change')
  const wrong = await run('resume', '--confirm', 'gone=go-away', '--decide', 'gnoe=skip:x')
  expect(wrong.exitCode).toBe(3)
  expect(wrong.stdout).toContain('needs you: Gone: irreversible on local.')
  expect(wrong.stderr).toContain('--confirm gone: that is not the word; gone asks for GO-AWAY')
  expect(wrong.stderr).toContain('--decide gnoe: the run has no such step')
  const onOne = await run('resume', '--confirm', 'gone@local=GO-AWAY')
  expect(onOne.stderr).toContain('--confirm gone@local: gone asks once for all its hosts')
})

test('a secret that is too short to be masked is told before it is used', async () => {
  const { start } = setUp(
    head('params:\n  token: { type: secret, default: "secret:token" }\n') +
      step('Use', '', fence('sh run repeat=safe', 't={{ token }}\necho "$t"')),
    INVENTORY.replace('TOKEN', 'USER'),
  )
  const { stdout } = await start('--approve', 'change')
  expect(stdout).toContain('the secret token will be seen if a command prints it: it is shorter than')
})

test('a host that is reached otherwise, or a secret read from elsewhere, is asked about on resume', async () => {
  const { folder, run, start } = setUp(head() + MAKE, withHost(22))
  await start()
  writeFileSync(join(folder, 'inv.yaml'), withHost(2222).replace('env: TOKEN', 'env: OTHER'))
  const asked = await run('resume', '--approve', 'change')
  expect(asked).toMatchObject({ exitCode: 3, last: expect.stringContaining('--adopt all') })
  expect(asked.stdout).toContain('a1: reached otherwise (port 22 -> 2222)')
  expect(asked.stdout).toContain('the secret token: read from elsewhere')
  const adopted = await run('resume', '--approve', 'change', '--adopt', 'all')
  expect(adopted.exitCode).toBe(0)
})

test('a version that makes another plan of the same copies stops and asks', async () => {
  const { folder, run, start } = setUp(head() + MAKE)
  await start()
  await adoptAsAnotherVersion(folder)
  const stopped = await run('resume', '--approve', 'change')
  expect(stopped).toMatchObject({ exitCode: 3, last: expect.stringContaining('--adopt all (or go on with') })
  expect(stopped.stderr).toContain('makes another plan')
  expect(existsSync(join(folder, 'made'))).toBe(false)
  expect((await run('resume', '--approve', 'change', '--adopt', 'all')).exitCode).toBe(0)
})

test('a corrected parameter changes what is still to run and makes what ran with it stale', async () => {
  const runbook =
    head('params:\n  word: { type: string, default: one }\n') +
    step('First', '', fence('sh run repeat=safe', 'echo first {{ word }}')) +
    BAD
  const { run, start } = setUp(runbook)
  expect((await start('--approve', 'change')).exitCode).toBe(1)
  const [{ run: id }] = JSON.parse((await run('runs', '--json')).stdout) as [{ run: string }]
  const corrected = await run('set', id, 'word=two', '--reason', 'a slip')
  expect(corrected.exitCode).toBe(0)
  expect(corrected.stdout).toContain("+    echo first 'two'")
  const state = shown(await run('show', '--json'))
  expect(state.steps[0]?.hosts[0]?.state).toBe('stale')
})

test('a run is resumed from another folder as from its own', async () => {
  const { folder, run, start } = setUp(head() + MAKE)
  expect((await start()).exitCode).toBe(3)
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    USER: 'ada',
    HANDRAIL_STATE_DIR: join(folder, '.state'),
  }
  const away = await runIn(makeFolder(), ['resume', '--approve', 'change'], { env })
  expect(away.stderr).not.toContain('its own copies')
  expect(away.exitCode).toBe(0)
  expect((await run('show')).stdout).toContain('finished')
})

test('a runbook that is gone does not keep its run from going on', async () => {
  const { folder, run, start } = setUp(head() + MAKE)
  expect((await start()).exitCode).toBe(3)
  rmSync(join(folder, 'up.md'))
  const ran = await run('resume', '--approve', 'change')
  expect(ran.stderr).toContain('goes by its own copies')
  expect(ran.exitCode).toBe(0)
})

test('a state directory that others may write to is refused before anything runs', async () => {
  const { folder, start } = setUp(head() + MAKE)
  mkdirSync(join(folder, '.state'))
  chmodSync(join(folder, '.state'), 0o777)
  const ran = await start('--approve', 'change')
  expect(ran.exitCode).toBe(6)
  expect(ran.last).toMatch(/^Next: choose a state directory/)
  expect(existsSync(join(folder, 'made'))).toBe(false)
})

test('a damaged journal is not gone on with', async () => {
  const { folder, run, start } = setUp(head() + MAKE)
  expect((await start()).exitCode).toBe(3)
  const [{ run: id }] = JSON.parse((await run('runs', '--json')).stdout) as [{ run: string }]
  const journal = join(folder, '.state', 'runs', id, 'journal.jsonl')
  writeFileSync(journal, readFileSync(journal, 'utf8').replace('session-opened', 'session-opaned'))
  const ran = await run('resume', id, '--approve', 'change')
  expect(ran).toMatchObject({ exitCode: 6, last: `Next: handrail verify ${id}` })
  expect(existsSync(join(folder, 'made'))).toBe(false)
})

test('a correction is refused where nothing can be planned with it, and for a secret that is written out', async () => {
  const runbook =
    head(
      'params:\n  count: { type: int, default: 1 }\n  token: { type: secret, default: "secret:token" }\n',
    ) +
    step('First', '', fence('sh run repeat=safe', 'echo first {{ count }}')) +
    BAD
  const { run, start } = setUp(runbook)
  await start('--approve', 'change')
  const [{ run: id }] = JSON.parse((await run('runs', '--json')).stdout) as [{ run: string }]
  const why = ['--reason', 'a slip']
  expect(await run('set', id, 'count=many', ...why)).toMatchObject({ exitCode: 4 })
  const literal = await run('set', id, 'token=hunter2-hunter2', ...why)
  expect(literal.exitCode).toBe(4)
  expect(literal.stdout + literal.stderr).not.toContain('hunter2')
  const same = await run('set', id, 'count=1', ...why)
  expect(same).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('it has that value already') })
  expect((await run('set', id, 'count=2', ...why)).exitCode).toBe(0)
  const report = (await run('report', id, '--format', 'md')).stdout
  expect(report).toMatch(/Corrected parameters[\s\S]*\| count \| 1 \| 2 \| ada \| a slip \|/)
})
