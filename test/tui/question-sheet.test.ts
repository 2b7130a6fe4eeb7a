import { expect, test } from 'vitest'
import type { HostName, StepId } from '../../src/core/base/ids.ts'
import { formatFailure } from '../../src/core/run/failure-words.ts'
import type { Failure } from '../../src/core/run/failure.ts'
import { FakeClient, type FakeParts } from './support/fake-client.ts'
import { mountScreen } from './support/mount-screen.tsx'
import { aRun, type RunBuilder } from './support/run-builder.ts'

const AUTH = 'auth' as StepId
const DB1 = 'db1' as HostName
const SURPLUS = 'line 1 is one too many: "DN 192.168.20.1"'

/** A step that failed on its one host, and the question about it. */
function aFailure(run: RunBuilder, failure: Failure): RunBuilder {
  return run.failed('auth', 'db1', failure).asked({
    kind: 'failed',
    step: AUTH,
    host: DB1,
    text: `One copy on every node on db1: ${formatFailure(failure)}`,
    choices: ['retry', 'accept', 'skip', 'defer', 'exclude', 'abort'],
  })
}

function begun(): RunBuilder {
  return aRun()
    .step('auth', { title: 'One copy on every node', hosts: ['db1'], undos: 0 })
    .confirmed()
    .began('auth')
}

/** What stands inside the frame of the sheet, as one text. */
async function readSheet(run: RunBuilder, parts: FakeParts = {}): Promise<string> {
  const screen = mountScreen({ client: new FakeClient(run, parts) })
  const shown = await screen.press('\r')
  screen.close()
  return shown
    .slice(shown.indexOf('╭─ It failed'))
    .split('\n')
    .map((line) => line.replaceAll(/^│ ?| *│$/g, ''))
    .join('\n')
}

test('why a check failed is told once, and only what it does not say already is added', async () => {
  const failure = { kind: 'check', verb: 'require', index: 1, reason: SURPLUS } as const
  const run = begun().checked('auth', 'db1', {
    verb: 'require',
    index: 1,
    verdict: 'fail',
    expected: '(no more output)',
    actual: 'DN 192.168.20.1',
    reason: SURPLUS,
  })
  const sheet = await readSheet(aFailure(run, failure))
  expect(sheet).toContain('on db1: require 1 did not hold: line 1 is one too many')
  expect(sheet.match(/DN 192\.168\.20\.1|DN$/gm)).toHaveLength(1)
  expect(sheet).toContain('wanted  (no more output)')
  expect(sheet).not.toContain('does not hold')
})

test('before anything ran, a check that says that there is something to do is no trouble', async () => {
  const failure = { kind: 'check', verb: 'require', index: 1, reason: SURPLUS } as const
  const run = begun().checked('auth', 'db1', {
    verb: 'check',
    index: 2,
    verdict: 'fail',
    expected: '100.0%',
    actual: '16.7%',
    reason: 'line 1: wanted "100.0%", found "16.7%"',
  })
  const sheet = await readSheet(aFailure(run, failure))
  expect(sheet).not.toContain('check 2')
  expect(sheet).toContain('nothing has run here yet')
})

test('a check without a wanted value gives its reason', async () => {
  const failure = { kind: 'exit', action: 1, code: 1 } as const
  const run = begun().running('auth', 'db1').ended('auth', 'db1', 1).checked('auth', 'db1', {
    verb: 'verify',
    index: 1,
    verdict: 'inconclusive',
    reason: 'the probe did not end within 10s',
  })
  const sheet = await readSheet(aFailure(run, failure))
  expect(sheet).toContain('verify 1 on db1: cannot tell; the probe did not end within 10s')
  expect(sheet).not.toContain('?, found')
})

test('a long line of output is broken, and one that is very long is cut with a mark', async () => {
  const failure = { kind: 'exit', action: 1, code: 1 } as const
  const run = begun().running('auth', 'db1').ended('auth', 'db1', 1)
  const long = `error: ${'part '.repeat(20)}the end`
  const sheet = await readSheet(aFailure(run, failure), { output: `${'x'.repeat(900)}\n${long}\n` })
  expect(sheet).toContain('the end')
  expect(sheet).toMatch(/x…$/m)
})

test('where there is little room, the newest lines of output are those that are quoted', async () => {
  const failure = { kind: 'exit', action: 1, code: 1 } as const
  const run = begun().running('auth', 'db1').ended('auth', 'db1', 1)
  for (const name of ['1', '2', '3', '4'])
    run.checked('auth', 'db1', { verb: 'verify', index: Number(name), verdict: 'fail', reason: `no ${name}` })
  const output = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`).join('\n')
  const sheet = await readSheet(aFailure(run, failure), { output: `${output}\n` })
  expect(sheet).toContain('line 20')
  expect(sheet).not.toContain('PgDn')
})

const command = (verb: 'run' | 'require') =>
  ({ kind: 'command', command: { verb, index: 1, language: 'sh', text: 'true\n' } }) as const

test('a confirmation for more hosts than a question names counts all of them', async () => {
  const hosts = Array.from({ length: 50 }, (_, index) => `db${index + 1}` as HostName)
  const run = aRun()
    .step('auth', { title: 'Restart', danger: 'disruptive', hosts })
    .confirmed()
    .add({ type: 'step-began', step: AUTH })
    .asked({
      kind: 'confirm',
      step: AUTH,
      text: 'Restart: disruptive on db1 and others.',
      hosts: hosts.slice(0, 40),
      choices: ['go', 'skip', 'abort'],
    })
  const texts = { auth: { blocks: [command('require'), command('run')] } }
  const screen = mountScreen({ client: new FakeClient(run, { texts }) })
  const shown = await screen.press('\r')
  screen.close()
  expect(shown).toContain('on db1 (the same, filled in for each, on 49 more)')
  expect(shown).toContain('and 44 more')
})

test('why something was refused is read to its end, in as many rows as it takes', async () => {
  const screen = mountScreen({ client: new FakeClient(begun()), cols: 60, rows: 20 })
  screen.session.toast(`the answer is refused: ${'because of this '.repeat(6)}and no more`, 'bad')
  const shown = await screen.screen()
  screen.close()
  expect(shown).toContain('and no more')
})
