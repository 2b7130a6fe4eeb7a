import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { SentRecord } from '../../../src/adapters/runner/messages.ts'
import type { ClientObserver, SocketClient } from '../../../src/cli/client/client-model.ts'
import { openJournalClient, type DrivingNews } from '../../../src/cli/client/open-journal-client.ts'
import { brandAs, type RunId } from '../../../src/core/base/ids.ts'
import { createRunState } from '../../../src/core/run/state.ts'
import type { Corrections } from '../../../src/tui/run-client.ts'

function aRecord(seq: number): SentRecord {
  return { seq, t: '2026-01-01T00:00:00Z', actor: 'ann', event: { type: 'run-resumed', operator: 'ann' } }
}

function ignore(): void {}

const CORRECTIONS = {} as Corrections

/** A reader of a journal with two records, and a runner that it can be told of. */
function open() {
  const records = [aRecord(1), aRecord(2)]
  let tell: (news: DrivingNews) => void = ignore
  let observed: ClientObserver | undefined
  const client = openJournalClient({
    history: {
      run: brandAs<RunId>('r'),
      directory: join(tmpdir(), 'hr-no-such-run'),
      state: createRunState(),
      records,
      lastSeq: () => records.length,
      apply: () => Promise.resolve([]),
      readValue: () => Promise.resolve(undefined),
    },
    operator: 'ann',
    lastSeen: undefined,
    stepText: () => Promise.resolve(undefined),
    corrections: CORRECTIONS,
    driving: {
      driver: undefined,
      follow: (given) => {
        tell = given
        return () => undefined
      },
    },
  })
  const runner = {
    subscribe: () => () => undefined,
    observe: (observer: ClientObserver) => (observed = observer),
    isDriver: () => false,
    driver: () => 'bob',
    detach: () => undefined,
  } as unknown as SocketClient
  const seen: number[] = []
  client.observe({
    onRecords: (fresh) => seen.push(...fresh.map(({ seq }) => seq)),
    onOutput: ignore,
    onOutputSkipped: ignore,
    onProgress: ignore,
    onRest: ignore,
    onDriver: ignore,
    onConnection: ignore,
  })
  return { client, records, seen, join: () => tell({ runner }), observed: () => observed }
}

test('what a runner told before it was joined is shown, once, and what was there before is not', () => {
  const { client, records, seen, join: meet, observed } = open()
  // The greeting of a runner brings what it recorded meanwhile.
  records.push(aRecord(3), aRecord(4))
  meet()
  observed()?.onRecords([aRecord(4), aRecord(5)])
  expect(seen).toEqual([3, 4, 5])
  client.detach()
})

test('who asks for the wheel of a run that nobody serves is told what to type', async () => {
  const { client } = open()
  expect(await client.takeWheel()).toEqual({
    ok: false,
    reason: 'no runner serves this run; leave and type handrail open r',
  })
  client.detach()
})

test('how parameters are corrected is there for who drives later', () => {
  const { client } = open()
  expect(client.corrections).toBe(CORRECTIONS)
})
