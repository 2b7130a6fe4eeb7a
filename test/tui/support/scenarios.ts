import type { Digest, HostName, StepId } from '../../../src/core/base/ids.ts'
import type { ProgressNote, Prompt } from '../../../src/tui/run-client.ts'
import { DIFF_DIGEST, PARTS } from './scenario-texts.ts'
import { FakeClient } from './fake-client.ts'
import { FAKE_CORRECTIONS } from './fake-corrections.ts'
import type { Scenario } from './scenario.ts'
import { buildEditScenarios } from './scenarios-edit.ts'
import { fiftyHosts, manualOnMany, ODD_OUTPUT, sevenOfFifty, sixtySteps } from './scenarios-large.ts'
import { FakeLibrary } from './fake-library.ts'
import { aRun, NOW_MS, type RunBuilder } from './run-builder.ts'

const INSTALL = 'install' as StepId
const host = (name: string): HostName => name as HostName

/** A plan with phases, all dangers, and a step that is not needed. */
export function aPlan(): RunBuilder {
  return aRun()
    .step('ssh', {
      title: 'SSH, sudo, clock skew',
      phases: ['Preflight'],
      danger: 'read',
      actions: 0,
      undos: 0,
      repeat: 'probe-only',
    })
    .step('disk', {
      title: 'Disk and RAM floor',
      phases: ['Preflight'],
      danger: 'read',
      actions: 0,
      undos: 0,
      repeat: 'probe-only',
    })
    .step('window', {
      title: 'Open the change window',
      phases: ['Preflight'],
      hosts: ['local'],
      actions: 0,
      manual: ['The desk knows'],
    })
    .step('repo', { title: 'Add the package repository', phases: ['Install'] })
    .step('kernel', {
      title: 'Tune the kernel',
      phases: ['Install'],
      skipped: { kind: 'condition', detail: 'tuned_image is true' },
    })
    .step('install', { title: 'Install packages', phases: ['Install'], danger: 'disruptive', batch: 2 })
    .step('yaml', { title: 'Write cassandra.yaml', phases: ['Install'], repeat: 'idempotent' })
    .step('seed', {
      title: 'Start the seed db1',
      phases: ['Bootstrap', 'First datacenter'],
      danger: 'irreversible',
      hosts: ['db1'],
      confirmWord: 'prod-eu',
      undos: 0,
    })
    .step('join', {
      title: 'Join the others, one after the other',
      phases: ['Bootstrap', 'First datacenter'],
      danger: 'irreversible',
      order: 'serial',
      hosts: ['db2', 'db3'],
      confirmWord: 'join',
    })
    .step('auth', {
      title: 'Raise the replication of system_auth',
      phases: ['Bootstrap'],
      danger: 'irreversible',
      hosts: ['db1'],
      confirmWord: 'system_auth',
    })
    .step('smoke', {
      title: 'Log in with the application’s account',
      phases: ['Wrap up'],
      danger: 'read',
      actions: 0,
      undos: 0,
      pickAny: true,
    })
}

/** Up to the step that goes on. */
function untilInstall(): RunBuilder {
  const all = ['db1', 'db2', 'db3', 'db4', 'db5', 'db6']
  const run = aPlan().confirmed()
  run.began('ssh').satisfied('ssh', ...all)
  run.began('disk').satisfied('disk', ...all)
  run
    .began('window')
    .add({ type: 'manual-ticked', step: 'window' as StepId, item: 1, evidence: 'CHG0042', by: 'alice' })
    .satisfied('window', 'local')
  run.began('repo').done('repo', ...all)
  run.add({ type: 'step-skipped', step: 'kernel' as StepId, by: 'condition', detail: 'tuned_image is true' })
  return run.began('install').done('install', 'db1', 'db2')
}

function running(): RunBuilder {
  return untilInstall().running('install', 'db4').running('install', 'db3')
}

function paused(): RunBuilder {
  return untilInstall().add({ type: 'run-paused', reason: 'operator' })
}

function failed(): RunBuilder {
  const run = untilInstall().running('install', 'db4').ended('install', 'db4', 100)
  run.failed('install', 'db4', { kind: 'exit', action: 1, code: 100 })
  run.running('install', 'db3').ended('install', 'db3', 100)
  run.checked('install', 'db3', {
    index: 1,
    verb: 'verify',
    verdict: 'fail',
    expected: '5.0.4',
    actual: 'dpkg-query: no packages found matching cassandra',
    reason: 'the output is not what was wanted',
    exitCode: 1,
  })
  run.failed('install', 'db3', { kind: 'exit', action: 1, code: 100 })
  const choices = ['retry', 'recheck', 'accept', 'skip', 'defer', 'exclude', 'undo', 'abort'] as const
  for (const name of ['db3', 'db4'])
    run.asked({
      kind: 'failed',
      step: INSTALL,
      host: host(name),
      text: `Install packages on ${name}: action 1 ended with exit code 100`,
      choices,
    })
  return run
}

function unknown(): RunBuilder {
  const run = untilInstall().running('install', 'db3')
  run.add({
    type: 'job-unknown',
    step: INSTALL,
    host: host('db3'),
    job: run.lastJob(),
    cause: 'reboot',
    detail: 'boot id 9b1e differs from 77aa',
  })
  run.failed('install', 'db3', { kind: 'unknown', cause: 'reboot', detail: 'boot id 9b1e differs from 77aa' })
  const text =
    "Install packages on db3: I don't know whether this ran: the host was restarted while it ran (boot id 9b1e differs from 77aa)"
  return run.asked({
    kind: 'unknown',
    step: INSTALL,
    host: host('db3'),
    text,
    cause: 'reboot',
    choices: ['recheck', 'retry', 'accept', 'skip', 'defer', 'exclude', 'abort'],
  })
}

function seed(): RunBuilder {
  const all = ['db3', 'db4', 'db5', 'db6']
  return untilInstall()
    .done('install', ...all)
    .began('yaml')
    .satisfied('yaml', 'db1', 'db2', ...all)
}

function finished(): RunBuilder {
  const run = seed().began('seed').done('seed', 'db1').began('join').done('join', 'db2')
  run.add({
    type: 'host-ended',
    step: 'join' as StepId,
    host: host('db3'),
    outcome: 'accepted',
    durationMs: 5000,
    by: 'alice',
    reason: 'joined by hand, CHG0042',
  })
  run
    .began('auth')
    .done('auth', 'db1')
    .add(
      { type: 'host-picked', step: 'smoke' as StepId, host: host('db1') },
      { type: 'step-began', step: 'smoke' as StepId },
    )
  return run.satisfied('smoke', 'db1').add({ type: 'run-finished', deviations: 1, failed: false })
}

/** Every screen and sheet by name: what is shown, and the keys that lead there. */
export const SCENARIOS: { readonly [name: string]: () => Scenario } = {
  home: () => ({ library: new FakeLibrary(new FakeClient(planned(), PARTS)), keys: [] }),
  'home-filter': () => ({ library: new FakeLibrary(new FakeClient(planned(), PARTS)), keys: ['/', 'tls'] }),
  'home-lab': () => ({ library: new FakeLibrary(new FakeClient(planned(), PARTS)), keys: ['G'] }),
  'pick-place': () => ({
    library: new FakeLibrary(new FakeClient(planned(), PARTS)),
    keys: ['\t', '\r', 'jj'],
  }),
  'pick-runbook': () => ({ library: new FakeLibrary(new FakeClient(planned(), PARTS)), keys: ['G', '\r'] }),
  form: () => ({
    library: new FakeLibrary(new FakeClient(planned(), PARTS)),
    keys: ['\t', '\r', '\r', '\t'],
  }),
  plan: () => run(planned(), []),
  'plan-confirm': () => run(planned(), ['\r', 'j', '\r', 'prod']),
  running: () => run(running(), []),
  'running-step': () => run(running(), ['2']),
  'running-search': () => run(running(), ['/', 'part 2', '\r']),
  'correct-form': () => ({
    client: new FakeClient(paused(), { ...PARTS, corrections: FAKE_CORRECTIONS }),
    keys: ['p', 'e', '\t', '\u0017', '5.0'],
  }),
  'correct-look': () => ({
    client: new FakeClient(paused(), { ...PARTS, corrections: FAKE_CORRECTIONS }),
    keys: ['p', 'e', '\r', '\u0017', '5.0.5', '\r', 'the release was withdrawn', '\r'],
  }),
  failed: () => run(failed(), []),
  'failed-checks': () => run(failed(), ['4']),
  'failed-decide': () => run(failed(), ['\r']),
  'failed-bulk': () => run(failed(), ['\r', 'a', '\t']),
  'failed-reason': () => run(failed(), ['\r', 'jjj', '\r', 'the mirror is']),
  unknown: () => run(unknown(), ['\r']),
  confirm: () =>
    run(
      untilInstall().asked({
        kind: 'confirm',
        step: INSTALL,
        text: 'Install packages: disruptive on db3, db4, takes 1m to 5m',
        hosts: [host('db3'), host('db4')],
        choices: ['go', 'skip', 'abort'],
      }),
      ['\r'],
    ),
  'confirm-diff': () => run(yaml(), ['\r']),
  irreversible: () =>
    run(
      seed()
        .add({
          type: 'checks-evaluated',
          step: 'seed' as StepId,
          host: host('db1'),
          moment: 'require',
          results: [{ verb: 'require', index: 1, verdict: 'pass' }],
        })
        .add({ type: 'step-began', step: 'seed' as StepId })
        .asked({
          kind: 'confirm',
          step: 'seed' as StepId,
          text: 'Start the seed db1: irreversible on db1',
          hosts: [host('db1')],
          word: 'prod-eu',
          choices: ['go', 'skip', 'abort'],
        }),
      ['\r', 'j', '\r', 'prod-e'],
    ),
  manual: () => ({ client: new FakeClient(manual(), { ...PARTS, progress: [NOT_YET] }), keys: ['\r'] }),
  'manual-many': () => ({ client: manualOnMany(), keys: ['\r'] }),
  'manual-checks': () => ({ client: manualOnMany(), keys: ['4'] }),
  'link-down': () => linkDownWith([]),
  'link-down-choices': () => linkDownWith(['r', 'j', 'j']),
  'link-down-abort': () => linkDownWith(['X']),
  'link-given-up': () => run(linkDown(true), []),
  'failed-many': () => run(sevenOfFifty(), ['\r']),
  'failed-many-hosts': () => run(sevenOfFifty(), ['\r', '\t', ' ', 'j', 'j']),
  'many-hosts': () => run(fiftyHosts(), []),
  'many-steps': () => run(sixtySteps(), []),
  'odd-output': () => ({ client: new FakeClient(running(), { ...PARTS, output: ODD_OUTPUT }), keys: ['3'] }),
  'odd-output-wrapped': () => ({
    client: new FakeClient(running(), { ...PARTS, output: ODD_OUTPUT }),
    keys: ['3', 'w'],
  }),
  answering: () => ({
    client: new FakeClient(failed(), { ...PARTS, isSlow: true }),
    keys: ['\r', 'a', 'j', '\r', '\r'],
  }),
  'runner-lost': () => ({
    client: new FakeClient(running(), {
      ...PARTS,
      connection: { kind: 'lost', sinceMs: NOW_MS - 65_000, reason: 'the socket was closed' },
    }),
    keys: [],
  }),
  watching: () => ({ client: new FakeClient(running(), { ...PARTS, watching: 'bob' }), keys: [' '] }),
  since: () => ({
    client: new FakeClient(failed(), {
      ...PARTS,
      since: { leftAtMs: NOW_MS - 8 * 3_600_000, events: failed().events.slice(-30) },
    }),
    keys: [],
  }),
  details: () => run(failed(), ['p']),
  abort: () => run(running(), ['X', 'wrong inventory']),
  'stop-job': () => run(running(), ['x']),
  terminal: () =>
    prompting(
      { id: 'p1', kind: 'terminal', question: { host: host('db3'), step: INSTALL, as: 'cassandra' } },
      [],
    ),
  secret: () =>
    prompting(
      {
        id: 'p1',
        kind: 'secret',
        question: {
          name: 'cassandra-admin',
          prompt: 'Password of the new administrator',
          rejected: false,
          isNew: true,
        },
      },
      ['hunter2', '\r', 'hunter3'],
    ),
  'host-key': () =>
    prompting(
      {
        id: 'p2',
        kind: 'host-key',
        question: {
          host: host('db5'),
          address: '10.1.2.15',
          keyType: 'ssh-ed25519',
          fingerprint: 'SHA256:5y3xq0b2u5l1Jm9c5XG0c9dQx0aPp1uF3k7nQ2rT8vE',
          sameKeyAs: [],
        },
      },
      ['', 'ye'],
    ),
  ...buildEditScenarios({ looking: paused, driving: running }),
  paused: () => run(running().add({ type: 'run-paused', reason: 'operator' }), []),
  report: () => run(finished(), ['\r']),
  help: () => run(running(), ['?']),
  'help-filter': () => run(running(), ['?', 'search']),
  zoom: () => run(running(), ['3', 'z']),
  interrupt: () => run(running(), ['\u0003']),
}

function prompting(prompt: Prompt, keys: readonly string[]): Scenario {
  return { client: new FakeClient(running(), { ...PARTS, prompts: [prompt] }), keys }
}

function run(builder: RunBuilder, keys: readonly string[]): Scenario {
  return { client: new FakeClient(builder, PARTS), keys }
}

function planned(): RunBuilder {
  return aPlan()
    .created()
    .asked({
      kind: 'plan',
      text: 'Run "Install Cassandra in two datacenters" on 7 hosts of prod: 11 steps?',
      word: 'prod-eu',
      hosts: ['db1', 'db2', 'db3', 'db4', 'db5', 'db6', 'local'].map(host),
      choices: ['go', 'abort'],
    })
}

function yaml(): RunBuilder {
  const run = untilInstall().done('install', 'db3', 'db4', 'db5', 'db6')
  run.add({
    type: 'edit-shown',
    step: 'yaml' as StepId,
    host: host('db1'),
    action: 1,
    path: '/etc/cassandra/cassandra.yaml',
    after: 'aa' as Digest,
    diff: DIFF_DIGEST,
  })
  run.add({ type: 'step-began', step: 'yaml' as StepId })
  return run.asked({
    kind: 'confirm',
    step: 'yaml' as StepId,
    text: 'Write cassandra.yaml: change on db1, db2, db3, db4, db5, db6',
    hosts: ['db1', 'db2', 'db3', 'db4', 'db5', 'db6'].map(host),
    choices: ['go', 'skip', 'abort'],
  })
}

/** What the check of the manual item said a moment ago. */
const NOT_YET: ProgressNote = {
  step: 'window' as StepId,
  host: host('local'),
  text: 'verify 1 does not hold yet',
  atMs: NOW_MS - 3000,
  seen: [{ verb: 'verify', index: 1, verdict: 'fail', expected: 'state: open', actual: 'state: planned' }],
}

function manual(): RunBuilder {
  const all = ['db1', 'db2', 'db3', 'db4', 'db5', 'db6']
  const run = aPlan()
    .confirmed()
    .began('ssh')
    .satisfied('ssh', ...all)
    .began('disk')
    .satisfied('disk', ...all)
  run.add(
    { type: 'step-began', step: 'window' as StepId },
    { type: 'host-began', step: 'window' as StepId, host: host('local') },
  )
  return run.asked({
    kind: 'manual',
    step: 'window' as StepId,
    item: 1,
    text: 'The desk knows',
    hosts: [host('local')],
    choices: ['tick', 'accept', 'abort'],
  })
}

function linkDownWith(keys: readonly string[]): Scenario {
  const progress = [{ host: host('db3'), text: 'reconnecting', atMs: NOW_MS - 4000, retryMs: 16_000 }]
  return { client: new FakeClient(linkDown(), { ...PARTS, progress }), keys }
}

function linkDown(isGivenUp = false): RunBuilder {
  const run = running()
  for (const name of ['db3', 'db4'].map(host)) {
    run.add({ type: 'link-lost', host: name, reason: 'no answer for 15 s' })
    if (isGivenUp) run.add({ type: 'link-given-up', host: name, by: 'alice' })
  }
  return run
}
