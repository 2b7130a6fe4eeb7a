import { expect, test } from 'vitest'
import type { StepId } from '../../src/core/base/ids.ts'
import { FakeClient } from './support/fake-client.ts'
import { FAKE_CORRECTIONS } from './support/fake-corrections.ts'
import { FakeLibrary } from './support/fake-library.ts'
import { mountScreen, type Screen } from './support/mount-screen.tsx'
import { aRun } from './support/run-builder.ts'
import { SCENARIOS } from './support/scenarios.ts'

function open(name: string): { readonly screen: Screen; readonly client: FakeClient } {
  const { client } = SCENARIOS[name]!()
  const screen = mountScreen({ client: client! })
  return { screen, client: client as FakeClient }
}

test('what was typed before a question could be read answers nothing', async () => {
  const { screen, client } = open('confirm')
  // One read: Enter opens the sheet, the rest would go on if it counted.
  await screen.press('\rj\r')
  expect(client.intents).toEqual([])
  expect(await screen.screen()).toContain('Not now')
  await screen.press('j', '\r')
  expect(client.intents).toMatchObject([{ type: 'answer', choice: 'go' }])
  screen.close()
})

test('a key that is held down, or pressed in a rhythm, answers nothing', async () => {
  const client = new FakeClient(aConfirmation())
  const screen = mountScreen({ client })
  for (const pauseMs of [20, 60, 300]) {
    for (let count = 0; count < 20; count += 1) {
      screen.type('\r')
      await screen.pass(pauseMs)
    }
    await screen.press('\u0007')
  }
  expect(client.intents).toEqual([])
  await screen.press('\r', '\r')
  expect(client.intents).toMatchObject([{ type: 'answer', choice: 'go' }])
  screen.close()
})

function aConfirmation() {
  return aRun()
    .step('repo', { title: 'Add the repository' })
    .confirmed()
    .add({ type: 'step-began', step: 'repo' as StepId })
    .asked({
      kind: 'confirm',
      step: 'repo' as StepId,
      text: 'Add the repository: change on db1',
      choices: ['go', 'skip', 'abort'],
    })
}

test('what changes much is not the default', async () => {
  const { screen, client } = open('confirm')
  await screen.press('\r', '\r')
  expect(client.intents).toEqual([])
  screen.close()
})

test('an irreversible step wants its word, typed', async () => {
  const { screen, client } = open('irreversible')
  await screen.press('\r', 'j', '\r', 'prod\r')
  expect(await screen.screen()).toContain('it does not match; nothing was sent')
  await screen.press('\u001b[200~-eu\u001b[201~', '\r')
  expect(client.intents).toEqual([])
  await screen.press('-eu', '\r')
  expect(client.intents).toMatchObject([
    { type: 'answer', choice: 'go', text: 'prod-eu', by: 'alice', how: 'asked' },
  ])
  screen.close()
})

test('several hosts are answered at once, those that were chosen', async () => {
  const { screen, client } = open('failed')
  await screen.press('\r', 'a', 'j', '\r')
  expect(
    client.intents.map((intent) => (intent.type === 'answer' ? [intent.question, intent.choice] : intent)),
  ).toEqual([
    ['failed/install@db3#1', 'retry'],
    ['failed/install@db4#1', 'retry'],
  ])
  screen.close()
})

test('a deviation needs a reason', async () => {
  const { screen, client } = open('failed')
  await screen.press('\r', 'jjj', '\r', '\r')
  expect(await screen.screen()).toContain('needs a reason')
  await screen.press('the mirror is down', '\r')
  expect(client.intents).toMatchObject([{ choice: 'accept', text: 'the mirror is down' }])
  screen.close()
})

test('Space pauses and goes on', async () => {
  const { screen, client } = open('running')
  await screen.press(' ')
  expect(await screen.screen()).toContain('PAUSED')
  await screen.press(' ')
  expect(client.intents.map(({ type }) => type)).toEqual(['pause', 'resume'])
  screen.close()
})

test('Ctrl+C says how to leave; twice leaves; nothing is sent to the run', async () => {
  const { screen, client } = open('running')
  await screen.press('\u0003')
  expect(screen.asked).toEqual([])
  expect(await screen.screen()).toContain('Ctrl+C again detaches')
  await screen.press('\u0003')
  expect(screen.asked).toEqual(['leave detached'])
  expect(client.intents).toEqual([])
  screen.close()
})

test('Ctrl+C a while later only says it again', async () => {
  const { screen } = open('running')
  await screen.press('\u0003')
  await screen.pass(5000)
  await screen.press('\u0003')
  expect(screen.asked).toEqual([])
  screen.close()
})

test('a secret is asked twice when it is new, and never shown', async () => {
  const { screen, client } = open('secret')
  await screen.pass(400)
  await screen.press('hunter2', '\r', 'hunter3', '\r')
  expect(await screen.screen()).toContain('the two were not the same')
  await screen.press('hunter2', '\r', 'hunter2', '\r')
  expect(client.answers).toEqual([{ kind: 'secret', value: 'hunter2' }])
  expect(screen.terminal.raw).not.toContain('hunter')
  screen.close()
})

test('a host key is trusted by a typed yes only', async () => {
  const { screen, client } = open('host-key')
  await screen.pass(400)
  await screen.press('y', '\r')
  expect(client.answers).toEqual([{ kind: 'host-key', trusted: false }])
  screen.close()
})

test('what a host prints cannot move the cursor or set a title', async () => {
  const { screen, client } = open('running')
  await screen.screen()
  client.print('\u001b]0;owned\u0007\u001b[2J\u001b[Hgot\u202eyou\u001b]52;c;cm0=\u0007\n')
  const shown = await screen.pass(100)
  expect(shown).toContain('got<U+202E>you')
  expect(screen.terminal.raw).not.toContain('owned')
  expect(screen.terminal.raw).not.toContain(']52;')
  screen.close()
})

test('looking up in the output stays there while lines come', async () => {
  const { screen, client } = open('running')
  await screen.press('3', 'g')
  const before = await screen.screen()
  client.print('one more\n'.repeat(3))
  const after = await screen.pass(100)
  expect(after).toContain('Reading package lists...')
  expect(before).toContain('Reading package lists...')
  await screen.press('f')
  expect(await screen.screen()).toContain('one more')
  screen.close()
})

test('the form says what is wrong while it is typed, and makes a plan once it is right', async () => {
  const library = new FakeLibrary(new FakeClient(aRun().step('one').created()))
  const screen = mountScreen({ library })
  await screen.screen()
  await screen.press('\t', '\r', '\r', '\t')
  expect(await screen.screen()).toContain('a version such as 5.0.4')
  await screen.press('.4')
  expect(await screen.screen()).not.toContain('a version such as 5.0.4')
  await screen.press('\u0013')
  expect(library.started).toEqual([])
  await screen.press('s3cret', '\t', 's3cre', '\u0013')
  expect(await screen.screen()).toContain('not the same as above')
  await screen.press('t', '\u0013')
  expect(library.started).toMatchObject([
    {
      runbook: 'runbooks/cassandra.md',
      inventory: 'inventories/prod.yaml',
      values: { version: '5.0.4', admin_password: 's3cret' },
    },
  ])
  expect(screen.terminal.raw).not.toContain('s3cr')
  screen.close()
})

test('from practice hosts to their plan it takes Enter, Enter', async () => {
  const library = new FakeLibrary(new FakeClient(aRun().step('one').created()))
  const screen = mountScreen({ library })
  await screen.screen()
  await screen.press('/', 'lab:one-dc', '\r')
  expect(await screen.screen()).toContain('On: lab:one-dc')
  // It asks for nothing: the plan comes at once.
  expect(await screen.press('\r')).toContain('PLAN: nothing has run yet')
  expect(library.started).toEqual([{ runbook: 'runbooks/nofile.md', inventory: 'lab:one-dc', values: {} }])
  screen.close()
})

test('a runbook asks where it is to run: inventories as used last, then the practice hosts made for it', async () => {
  const library = new FakeLibrary(new FakeClient(aRun().step('one').created()))
  const screen = mountScreen({ library })
  await screen.screen()
  const shown = await screen.press('\t', '\r')
  const places = [...shown.matchAll(/(inventories\/\w+\.yaml|lab:[\w-]+)/g)].map(([place]) => place)
  expect(places).toEqual(['inventories/prod.yaml', 'inventories/test.yaml', 'lab:two-dc', 'lab:one-dc'])
  expect(await screen.press('jj', '\r')).toContain('on lab:two-dc')
  expect(await screen.press('\u001b')).toContain('› lab:two-dc')
  expect(await screen.press('\u001b')).toContain('› Install Cassandra')
  screen.close()
})

test('Enter in the last field of a form makes the plan, once all is right', async () => {
  const library = new FakeLibrary(new FakeClient(aRun().step('one').created()))
  const screen = mountScreen({ library })
  await screen.screen()
  await screen.press('\t', '\r', '\r')
  // cluster, version, order, password, once more
  const wrong = await screen.press('\r', '\r', '\r', 's3cret', '\r', 's3cret', '\r')
  expect(wrong).toContain('version: a version such as 5.0.4')
  expect(wrong).toContain('› version')
  expect(library.started).toEqual([])
  await screen.press('.4', '\r', '\u001b[C', '\r', '\r')
  expect(await screen.screen()).toContain('all valid: Enter makes the plan')
  await screen.press('\r')
  expect(library.started).toMatchObject([{ values: { version: '5.0.4', order: 'parallel' } }])
  expect(screen.terminal.raw).not.toContain('s3cr')
  screen.close()
})

test('a long value is pasted whole and scrolls in its box, with a sign where more of it is', async () => {
  const library = new FakeLibrary(new FakeClient(aRun().step('one').created()))
  const screen = mountScreen({ library })
  await screen.screen()
  const long = 'abcdefghij'.repeat(9)
  const end = await screen.press('\t', '\r', '\r', '\u0015', `\u001b[200~${long}\u001b[201~`)
  expect(end).toMatch(/cluster +…[a-j]+ *\]/)
  const begin = await screen.press('\u0001')
  expect(begin).toMatch(/cluster +\[abcdefghij[a-j]+…/)
  screen.close()
})

test('what cannot be planned stays on the screen until it is put away', async () => {
  const library = new FakeLibrary(new FakeClient(aRun().step('one').created()))
  const details = ['runbooks/nofile.md:4: no host has the role message', 'second']
  const failing = { ...library, start: async () => ({ problem: 'it cannot be run like this', details }) }
  const screen = mountScreen({ library: failing })
  await screen.screen()
  await screen.press('/', 'nofile', '\r', '\r')
  const shown = await screen.pass(20_000)
  expect(shown).toContain('It cannot be run like this')
  for (const line of details) expect(shown).toContain(line)
  const back = await screen.press('\u001b')
  expect(back).not.toContain('It cannot be run')
  expect(back).toContain('Run: Raise the number of open files')
  screen.close()
})

test('after a run the cursor stands on that run', async () => {
  const library = new FakeLibrary(new FakeClient(aRun().step('one').created()))
  const screen = mountScreen({ library })
  await screen.screen()
  await screen.press('j', '\r')
  expect(library.opened).toEqual(['9fzz-20ab'])
  await screen.press('k', 'q')
  expect(await screen.screen()).toMatch(/› needs you Install Cassandra/)
  screen.close()
})

test('the screen follows the step that goes on until one looks elsewhere', async () => {
  const { screen, client } = open('running')
  await screen.press('1', 'k', 'k')
  expect(await screen.screen()).toContain('› ✓  4 Add the package repository')
  client.tell({ type: 'step-began', step: 'yaml' as StepId })
  expect(await screen.pass(100)).toContain('› ✓  4 Add the package repository')
  await screen.press('c')
  expect(await screen.screen()).toContain('› ►  6 Install packages')
  screen.close()
})

function openPaused() {
  const builder = aRun().step('one').confirmed().add({ type: 'run-paused', reason: 'operator' })
  const client = new FakeClient(builder, { corrections: FAKE_CORRECTIONS })
  return { client, screen: mountScreen({ client }) }
}

test('a parameter of a paused run is corrected with a reason, after a look at what changes', async () => {
  const { client, screen } = openPaused()
  expect(await screen.press('p')).toContain('e correct a parameter')
  const form = await screen.press('e')
  expect(form).toContain('Correct parameters of this run')
  await screen.press('\t', '\u0017', '5.0.5', '\r', '\r')
  expect(await screen.screen()).toContain('why: a correction needs a reason')
  expect(await screen.press('withdrawn', '\r')).toContain('What the correction changes')
  expect(client.intents).toEqual([])
  await screen.pass(400)
  const done = await screen.press('\r')
  expect(client.intents).toEqual([
    { type: 'correct-params', by: 'alice', values: { version: '5.0.5' }, reason: 'withdrawn' },
  ])
  expect(done).toContain('version corrected')
  screen.close()
})

test('a correction that is refused, or cannot be planned, leaves what was typed', async () => {
  const { client, screen } = openPaused()
  await screen.press('p', 'e', '\t', '\u0017', '0.0.0', '\r', 'why not', '\r')
  expect(await screen.screen()).toContain('there is no release 0.0.0')
  await screen.press('\u001b')
  await screen.press('k', '\u001b[A', '\u0017', '5.0.5', '\u0013')
  await screen.pass(400)
  client.tell({ type: 'run-resumed', operator: 'bob' })
  const refused = await screen.press('\r')
  expect(refused).toContain('the run is open: parameters are corrected while it is paused')
  expect(refused).toMatch(/version +\[5\.0\.5 /)
  screen.close()
})

test('a run that goes on is to be paused before its parameters are corrected', async () => {
  const client = new FakeClient(aRun().step('one').confirmed(), { corrections: FAKE_CORRECTIONS })
  const screen = mountScreen({ client })
  expect(await screen.press('p', 'e')).toContain('pause the run first')
  screen.close()
})

test('what was not changed is not corrected', async () => {
  const { client, screen } = openPaused()
  expect(await screen.press('p', 'e', '\r', '\r', 'why', '\r')).toContain('nothing was changed yet')
  expect(client.intents).toEqual([])
  screen.close()
})

test('a search that finds nothing more says so', async () => {
  const { screen } = open('running')
  await screen.press('/', 'cassandra_5', '\r')
  expect(await screen.press('N')).toContain('no newer line with "cassandra_5"')
  expect(await screen.press('n')).toContain('no older line with "cassandra_5"')
  screen.close()
})

test('leaving a run whose own process is gone does not say that it goes on', async () => {
  const lost = { kind: 'lost', sinceMs: 0, reason: 'it was killed' } as const
  const client = new FakeClient(aRun().step('one').confirmed(), { connection: lost })
  const screen = mountScreen({ library: new FakeLibrary(client) })
  await screen.screen()
  await screen.press('\r')
  expect(await screen.press('q')).toContain('nobody drives it now: Enter goes on with it')
  screen.close()
})

test('a correction that somebody made meanwhile is told, with its reason', async () => {
  const correction = {
    type: 'param-changed',
    name: 'version',
    before: '5.0.4',
    after: '5.0.5',
    reason: 'withdrawn',
    by: 'bob',
  } as const
  const client = new FakeClient(aRun().step('one').confirmed(), { since: { events: [correction] } })
  const screen = mountScreen({ client })
  expect(await screen.screen()).toContain('bob corrected version from 5.0.4 to 5.0.5: withdrawn')
  screen.close()
})

const BY_ALICE = { by: 'alice', reason: 'wrong inventory' } as const

test.each(['failed', 'confirm', 'link-down'])(
  'an aborted run asks nothing, waits for nothing and dials nobody: %s',
  async (name) => {
    const { screen, client } = open(name)
    client.tell({ type: 'abort-requested', ...BY_ALICE }, { type: 'run-aborted', ...BY_ALICE })
    const shown = await screen.screen()
    expect(shown).toContain('ABORTED')
    expect(shown).not.toMatch(/needs you|need you|NO CONNECTION|CONNECTION DOWN|no connection/)
    expect(shown).toContain('not done')
    const report = await screen.press('\r')
    expect(report).toContain('Aborted')
    expect(report).not.toContain('needs you')
    screen.close()
  },
)

test.each(['watching', 'runner-lost'])('nobody drives a run that is over: %s', async (name) => {
  const { screen, client } = open(name)
  client.tell({ type: 'run-aborted', ...BY_ALICE })
  const shown = await screen.screen()
  expect(shown).toContain('Enter report')
  expect(shown).not.toMatch(/watching|drives|D drive|start anew|NO WORD/)
  for (const key of ['D', ' ', 'X']) expect(await screen.press(key)).toContain('the run is over; Enter shows')
  expect(await screen.press('\r')).toContain('Aborted')
  expect(client.intents).toEqual([])
  screen.close()
})

test('aborting promises an undo only where something can be undone', async () => {
  const { screen } = open('abort')
  expect(await screen.press('X')).toContain('are asked')
  screen.close()
  const fresh = open('plan')
  expect(await fresh.screen.press('X')).toContain('There is nothing to')
  fresh.screen.close()
})

test('home says how many deviations a finished run has', async () => {
  const library = new FakeLibrary(new FakeClient(aRun().step('one').created()))
  const runs = (await library.runs()).map((run) => (run.isUnfinished ? run : { ...run, deviations: 2 }))
  for (const [cols, words] of [
    [120, /finished .*2 deviations/],
    [60, /finished .*2 dev\./],
  ] as const) {
    const screen = mountScreen({
      library: { ...library, runs: async () => runs },
      cols,
    })
    expect(await screen.screen()).toMatch(words)
    screen.close()
  }
})
