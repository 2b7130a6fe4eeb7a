import type { HostName, StepId } from '../../../src/core/base/ids.ts'
import type { Failure } from '../../../src/core/run/failure.ts'
import type { ProgressNote } from '../../../src/tui/run-client.ts'
import { FakeClient } from './fake-client.ts'
import { PARTS } from './scenario-texts.ts'
import { aRun, NOW_MS, type RunBuilder } from './run-builder.ts'

const host = (name: string): HostName => name as HostName

/** Fifty hosts: `db01` to `db50`. */
const FIFTY = Array.from({ length: 50 }, (_, index) => `db${String(index + 1).padStart(2, '0')}`)

const EXIT: Failure = { kind: 'exit', action: 1, code: 137 }

/** Seven of fifty hosts failed, in three ways. */
export function sevenOfFifty(): RunBuilder {
  const run = aRun()
    .step('ready', { title: 'Ready?', danger: 'read', actions: 0, undos: 0, hosts: FIFTY })
    .step('install', { title: 'Install packages', hosts: FIFTY })
    .confirmed()
  run.began('ready').satisfied('ready', ...FIFTY)
  run.began('install').done('install', ...FIFTY.slice(7))
  for (const name of FIFTY.slice(0, 7)) {
    run.running('install', name)
    if (name === 'db06') {
      run.failed('install', name, {
        kind: 'check',
        verb: 'verify',
        index: 1,
        reason: 'wanted 5.0.4, found 5.0.2',
      })
    } else if (name === 'db03' || name === 'db07') {
      const message = `${name} did not answer on port 22 within 10 s`
      run.failed('install', name, { kind: 'unreachable', cause: 'timeout', message })
    } else run.ended('install', name, 137).failed('install', name, EXIT)
    run.asked({
      kind: 'failed',
      step: 'install' as StepId,
      host: host(name),
      text: `Install packages on ${name}: it failed`,
      choices: ['retry', 'recheck', 'accept', 'skip', 'defer', 'exclude', 'undo', 'abort'],
    })
  }
  return run
}

/** Fifty hosts at work, eight at a time. */
export function fiftyHosts(): RunBuilder {
  const run = aRun().step('install', { title: 'Install packages', hosts: FIFTY, batch: 8 }).confirmed()
  run.began('install').done('install', ...FIFTY.slice(0, 20))
  for (const name of FIFTY.slice(20, 28)) run.running('install', name)
  return run
}

/** Sixty steps in ten phases; the thirty-fourth goes on. */
export function sixtySteps(): RunBuilder {
  const run = aRun()
  const ids = Array.from({ length: 60 }, (_, index) => `s${index + 1}`)
  for (const [index, id] of ids.entries())
    run.step(id, {
      title: `Move the tenant number ${index + 1} to its new gateway, and prove that it answers there`,
      phases: [`Wave ${Math.floor(index / 6) + 1}`],
      hosts: ['db1', 'db2'],
      danger: index % 7 === 0 ? 'disruptive' : 'change',
    })
  run.confirmed()
  for (const id of ids.slice(0, 33)) run.began(id).done(id, 'db1', 'db2')
  return run.began('s34').done('s34', 'db1').running('s34', 'db2')
}

/** Lines that are hard to draw: long, wide, combining, tabs, colours, other streams. */
export const ODD_OUTPUT = [
  `long ${'0123456789 '.repeat(40)}end of the long line`,
  '日本語の出力：パッケージを展開しています。完了しました。次の手順に進みます。もう一度確認してください。',
  'emoji 🚀 done ✅ family 👩‍👩‍👧‍👦 flag 🇮🇪 and after them a bar |',
  'combining: Zoë naïve é ñ and after them a bar |',
  'tabs:\tone\ttwo\tthree',
  '\u001b[31mred\u001b[0m and \u001b[1mbold\u001b[0m, then a title \u001b]0;evil\u0007 that is taken out',
  'bidi: \u202Egnp.exe\u202C is shown as it is',
  '',
  'the last line',
  '',
].join('\n')

/** A manual item for all hosts; what the checks said a moment ago differs. */
export function manualOnMany(): FakeClient {
  const hosts = ['db1', 'db2', 'db3', 'db4', 'db5', 'db6']
  const run = aRun()
    .step('disk', {
      title: 'Swap the disks',
      actions: 0,
      danger: 'read',
      manual: ['Every disk is swapped'],
      hosts,
    })
    .confirmed()
  run.add({ type: 'step-began', step: 'disk' as StepId })
  for (const name of hosts) run.add({ type: 'host-began', step: 'disk' as StepId, host: host(name) })
  run.asked({
    kind: 'manual',
    step: 'disk' as StepId,
    item: 1,
    text: 'Every disk is swapped',
    choices: ['tick', 'accept', 'abort'],
  })
  return new FakeClient(run, { ...PARTS, progress: hosts.map(lookAt) })
}

function lookAt(name: string): ProgressNote {
  const isOpen = name === 'db2' || name === 'db5'
  return {
    step: 'disk' as StepId,
    host: host(name),
    text: '',
    atMs: NOW_MS - 3000,
    seen: [
      isOpen
        ? { verb: 'verify', index: 1, verdict: 'fail', expected: 'model: PM9A3', actual: 'model: PM983' }
        : { verb: 'verify', index: 1, verdict: 'pass' },
    ],
  }
}
