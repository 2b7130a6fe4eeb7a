import { createRun, openRun, type RunStoreOptions } from '../../../src/adapters/journal/run-store.ts'
import type { RunId } from '../../../src/core/base/ids.ts'

// Appends without end to the run that is named (or to a new one), saying each number only when it is durable.
const [state = '', run] = process.argv.slice(2)
const holder = { pid: process.pid, host: 'child', operator: 'ada', since: new Date().toISOString() }
const options: RunStoreOptions = {
  session: String(process.pid),
  actor: 'ada',
  holder,
  onPoisoned: () => process.exit(9),
}

const opened =
  run === undefined
    ? { kind: 'ok' as const, ...(await createRun(state, options, () => [{ type: 'run-created' }])) }
    : await openRun(state, run as RunId, options)
if (opened.kind === 'busy' || opened.kind === 'corrupt') {
  process.stdout.write(`${opened.kind} ${'holder' in opened ? (opened.holder?.pid ?? '') : ''}\n`)
  process.exit(3)
}
const { store } = opened
process.stdout.write(`held ${store.run}\n`)
for (;;) {
  const batch = [1, 2, 3].map((n) => store.append([{ type: 'x', n, pad: 'p'.repeat(n * 400) }]))
  for (const appended of batch) for (const { seq, h } of await appended) process.stdout.write(`${seq} ${h}\n`)
}
