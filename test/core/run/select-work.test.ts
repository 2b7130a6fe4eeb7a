import { describe, expect, test } from 'vitest'
import type { HostName, StepId } from '../../../src/core/base/ids.ts'
import type { PlanUnit } from '../../../src/core/plan/model.ts'
import type { RunEvent } from '../../../src/core/run/events.ts'
import type { StepSpec } from '../../engine/support/plan-builder.ts'
import { acted, answered, asked, began, confirmed, ended, failed, openRun } from './support.ts'

const TWO: StepSpec[] = [
  { id: 'a', hosts: ['h1', 'h2'], run: ['x'], undo: 'y' },
  { id: 'b', hosts: ['h1', 'h2'], run: ['x'] },
]
const PHASE: PlanUnit[] = [
  {
    kind: 'serial-phase',
    phase: 'p' as StepId,
    steps: ['a', 'b'] as StepId[],
    hosts: ['h1', 'h2'] as HostName[],
  },
]
const DONE_A = [ended('a', 'h1'), ended('a', 'h2')]
const ABORT: RunEvent = { type: 'abort-requested', by: 'ann', reason: 'enough' }
const STALE = { type: 'host-stale', step: 'a', host: 'h1', reason: 'drift' } as RunEvent
const EXCLUDED = { type: 'host-excluded', host: 'h1', by: 'ann', reason: 'bad disk' } as RunEvent
const PAUSED: RunEvent = { type: 'run-paused', reason: 'operator' }

type Row = [
  name: string,
  specs: StepSpec[],
  events: RunEvent[],
  expected: string[],
  options?: Parameters<typeof openRun>[1],
]

const ROWS: Row[] = [
  ['a step begins before it is confirmed', TWO, [], ['begin-step a'], { isFresh: true }],
  [
    'a step that changes is confirmed',
    TWO,
    [{ type: 'step-began', step: 'a' as StepId }],
    ['confirm-step a'],
    { isFresh: true },
  ],
  [
    'it is asked for once',
    TWO,
    [
      { type: 'step-began', step: 'a' as StepId },
      asked({ id: 'confirm/a#1', kind: 'confirm', step: 'a' as StepId }),
    ],
    [],
    { isFresh: true },
  ],
  [
    'a step that only reads is not confirmed',
    [{ id: 'a', hosts: ['h1'], verify: 'x' }],
    [{ type: 'step-began', step: 'a' as StepId }],
    ['run-host a h1'],
    { isFresh: true },
  ],
  [
    'each host is confirmed by itself',
    [{ ...TWO[0]!, confirmEach: true }],
    [{ type: 'step-began', step: 'a' as StepId }],
    ['confirm-step a h1', 'confirm-step a h2'],
    { isFresh: true },
  ],
  [
    'a condition skips',
    [{ ...TWO[0]!, skipped: { kind: 'condition', detail: 'no' } }],
    [],
    ['skip-step a'],
    { isFresh: true },
  ],
  ['both hosts of the first step', TWO, [], ['run-host a h1', 'run-host a h2']],
  ['the second step waits for all hosts', TWO, [ended('a', 'h1'), began('a', 'h2')], ['run-host a h2']],
  ['then the second step', TWO, DONE_A, ['run-host b h1', 'run-host b h2']],
  ['what was begun is taken up again', TWO, acted('a', 'h1'), ['run-host a h1', 'run-host a h2']],
  ['a paused run settles what was begun', TWO, [began('a', 'h1'), PAUSED], ['run-host a h1']],
  ['a phase goes host by host', TWO, [], ['run-host a h1'], { units: PHASE }],
  ['all its steps on one host', TWO, [ended('a', 'h1')], ['run-host b h1'], { units: PHASE }],
  ['then the next host', TWO, [ended('a', 'h1'), ended('b', 'h1')], ['run-host a h2'], { units: PHASE }],
  ['a failure holds the phase', TWO, failed('a', 'h1'), [], { units: PHASE }],
  [
    'a failure on a later host of a phase, found before it began, holds it too',
    [{ ...TWO[0]!, maxFailures: 1 }, TWO[1]!],
    failed('a', 'h2'),
    [],
    { units: PHASE },
  ],
  ['excluded hosts end first', TWO, [EXCLUDED], ['exclude-host a h1']],
  [
    'an answer is carried out',
    TWO,
    [...failed('a', 'h1'), answered('failed/a@h1#1', 'retry')],
    ['run-host a h1', 'run-host a h2'],
  ],
  [
    'a failure without its question asks before anything else',
    TWO,
    [...acted('a', 'h1', 1), ended('a', 'h1', 'failed')],
    ['ask-about a h1'],
  ],
  ['stale comes before new work', TWO, [...DONE_A, STALE], ['ask stale/a@h1#1']],
  [
    'and holds it back while it is open',
    TWO,
    [
      ...DONE_A,
      STALE,
      asked({ id: 'stale/a@h1#1', kind: 'stale', step: 'a' as StepId, host: 'h1' as HostName }),
    ],
    [],
  ],
  [
    'deferred ones are offered at the end',
    TWO,
    [...DONE_A, ended('b', 'h1'), ended('b', 'h2', 'deferred', 'ann')],
    ['ask deferred/b@h2#1'],
  ],
  ['then it finishes', TWO, [...DONE_A, ended('b', 'h1'), ended('b', 'h2')], ['finish']],
  [
    'a question about a step that has ended does not hold the end up',
    TWO,
    [
      ...DONE_A,
      ended('b', 'h1'),
      ended('b', 'h2'),
      asked({ id: 'confirm/a#1', kind: 'confirm', step: 'a' as StepId }),
    ],
    ['finish'],
  ],
  ['an abort closes what was begun', TWO, [began('a', 'h1'), ABORT], ['run-host a h1']],
  [
    'and offers to undo what acted, last first',
    TWO,
    [...acted('a', 'h1'), ended('a', 'h1'), ...acted('a', 'h2'), ended('a', 'h2'), ABORT],
    ['end-aborted a@h2 a@h1'],
  ],
  [
    'an undo that was cut off goes on',
    TWO,
    [
      ...acted('a', 'h1'),
      ended('a', 'h1'),
      ABORT,
      asked({ id: 'undo-all/#1', kind: 'undo-all', choices: ['undo', 'go'] }),
      answered('undo-all/#1', 'undo'),
      {
        type: 'attempt-started',
        step: 'a',
        host: 'h1',
        attempt: 'u',
        number: 2,
        stepHash: 'd',
        kind: 'undo',
        keepsDone: true,
      } as RunEvent,
    ],
    ['end-aborted a@h1'],
  ],
  ['nothing after the end', TWO, [{ type: 'run-aborted', by: 'ann', reason: 'x' }], []],
]

describe('what may be done now', () => {
  test.each(ROWS)('%s', (_, specs, events, expected, options) => {
    expect(
      openRun(specs, options)
        .tell(...events)
        .work(),
    ).toEqual(expected)
  })

  test('a draft asks for the plan once', () => {
    const run = openRun(TWO, { isFresh: true })
    run.state.status = 'draft'
    run.state.confirmed = false
    expect(run.work()).toEqual(['confirm-run'])
    run.tell(asked({ id: 'plan/#1', kind: 'plan' }))
    expect(run.work()).toEqual([])
  })

  test('a manual item that several hosts wait for lets all of them go on', () => {
    const run = openRun([{ id: 'a', hosts: ['h1', 'h2'], manual: ['look'] }])
    run.tell(
      began('a', 'h1'),
      began('a', 'h2'),
      asked({ id: 'manual/a/1#1', kind: 'manual', step: 'a' as StepId, item: 1 }),
      waited('h1'),
      waited('h2'),
    )
    expect(run.work()).toEqual([])
    run.tell(answered('manual/a/1#1', 'tick'), ...confirmed('a'))
    expect(run.work()).toEqual(['run-host a h1', 'run-host a h2'])
  })
})

function waited(host: string): RunEvent {
  return { type: 'host-waited', step: 'a', host, question: 'manual/a/1#1' } as RunEvent
}
