import { appendFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { verifyRun } from '../../../src/adapters/journal/verify-run.ts'
import type { Digest, JobId } from '../../../src/core/base/ids.ts'
import { buildRun } from './run-builder.ts'

const JOB = 'a1.1' as JobId

async function buildEvidence() {
  const { store } = await buildRun()
  const value = await store.putValue('nodetool drain\n')
  await store.saveSnapshot([{ path: 'drain.md', text: '# Drain\n' }])
  const output = await store.openOutput(JOB, 'stdout')
  await output.append(Buffer.from('drained\n'))
  const { digest } = await output.finish()
  await store.append([{ type: 'job-ended', command: value, outDigest: digest }])
  await store.saveHead()
  const verify = () =>
    verifyRun(store.directory, {
      selectReferences: ({ event }) =>
        event.type === 'job-ended'
          ? {
              values: [event['command'] as Digest],
              outputs: [{ job: JOB, stream: 'stdout', digest: event['outDigest'] as Digest }],
            }
          : {},
    })
  return { store, value, verify }
}

test('a sound run has no findings, also while it is open', async () => {
  const { verify, store } = await buildEvidence()
  expect(await verify()).toEqual({
    head: store.head(),
    events: 2,
    condition: 'ok',
    values: 1,
    outputs: 1,
    findings: [],
  })
})

const DAMAGES: [string, string, (directory: string, value: string) => void][] = [
  ['journal', 'a torn end', (at) => appendFileSync(join(at, 'journal.jsonl'), '{')],
  [
    'journal',
    'a wrong head',
    (at) => writeFileSync(join(at, 'head.json'), `{"v":1,"seq":9,"h":"${'0'.repeat(64)}"}`),
  ],
  ['journal', 'a damaged head', (at) => writeFileSync(join(at, 'head.json'), '{"v":1')],
  ['value', 'a changed value', (at, value) => writeFileSync(join(at, 'values', value), 'rm -rf')],
  ['value', 'a missing value', (at, value) => rmSync(join(at, 'values', value))],
  ['output', 'changed output', (at) => writeFileSync(join(at, 'out/a1.1.stdout/000000'), 'fine\n')],
  ['output', 'missing output', (at) => rmSync(join(at, 'out/a1.1.stdout'), { recursive: true })],
  ['output', 'a damaged description', (at) => writeFileSync(join(at, 'out/a1.1.stdout/meta.json'), '')],
  [
    'snapshot',
    'a changed snapshot',
    (at) => writeFileSync(join(at, 'snapshot', readdirSync(join(at, 'snapshot'))[0]), 'x'),
  ],
]

test.each(DAMAGES)('%s: %s is found', async (area, _, damage) => {
  const { verify, store, value } = await buildEvidence()
  damage(store.directory, value)
  const { findings } = await verify()
  expect(findings.length).toBeGreaterThan(0)
  expect(new Set(findings.map((finding) => finding.area))).toEqual(new Set([area]))
})

test('a stream that the journal knows to be empty needs no files', async () => {
  const { store, verify } = await buildEvidence()
  const output = await store.openOutput('a1.2' as JobId, 'stdout')
  const { digest } = await output.finish()
  rmSync(join(store.directory, 'out/a1.1.stdout'), { recursive: true })
  await store.append([{ type: 'job-ended', command: await store.putValue('true\n'), outDigest: digest }])
  const found = await verify()
  // Only the one that had bytes is missed.
  expect(found.findings.map(({ message }) => message)).toEqual([
    'stdout of a1.1 is missing or not the one that the journal names',
  ])
})
