import { cp, chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { replayRecords } from '../../../src/adapters/journal/load-run-state.ts'
import { loadJournal } from '../../../src/adapters/journal/load-journal.ts'
import type { RunState } from '../../../src/core/run/state.ts'
import { hash } from '../../engine/support/hash.ts'

const GOLDEN = join(import.meta.dirname, '../../golden/v1')
const copies: string[] = []

afterAll(() => Promise.all(copies.map((copy) => rm(copy, { recursive: true }))))

/** What a journal of this version means, whatever the state may be made of: never to be changed. */
function tellMeaning({ status, steps, jobs, questions, deviations, excluded }: RunState): string {
  return JSON.stringify({
    status,
    steps: [...steps.values()].map((step) => [
      step.id,
      step.skipped?.by ?? null,
      [...step.hosts.values()].map((each) => [
        each.host,
        each.phase,
        each.outcome ?? null,
        each.attempts,
        each.exitCode ?? null,
        each.by ?? null,
        each.reason ?? null,
        each.stale ?? null,
        [...each.done],
      ]),
    ]),
    jobs: [...jobs.values()].map(({ id, state, result, cause }) => [
      id,
      state,
      result ?? null,
      cause ?? null,
    ]),
    questions: [...questions.keys()],
    deviations: deviations.map(({ kind, step, host, reason }) => [kind, step ?? null, host ?? null, reason]),
    excluded: [...excluded.keys()],
  })
}

test('a journal of version 1 is sound and means today what it meant when it was written', async () => {
  const copy = await mkdtemp(join(tmpdir(), 'handrail-golden-'))
  copies.push(copy)
  await cp(GOLDEN, copy, { recursive: true })
  await chmod(copy, 0o700)
  const { records, condition } = await loadJournal(copy)
  expect(condition.kind).toBe('ok')
  const state = await replayRecords(copy, records)
  const expected = (await readFile(join(GOLDEN, 'meaning.sha256'), 'utf8')).trim()
  expect(hash(tellMeaning(state))).toBe(expected)
})
