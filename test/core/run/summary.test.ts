import { describe, expect, test } from 'vitest'
import type { AttemptId, Digest, HostName, StepId } from '../../../src/core/base/ids.ts'
import type { CheckResult } from '../../../src/core/run/check-result.ts'
import type { RunEvent } from '../../../src/core/run/events.ts'
import type { Failure } from '../../../src/core/run/failure.ts'
import { formatFailure } from '../../../src/core/run/failure-words.ts'
import { selectSkip } from '../../../src/core/run/skip-words.ts'
import { countSteps, selectExitCode, selectHostWord, selectStepWord } from '../../../src/core/run/summary.ts'
import { acted, asked, began, ended, failed, openRun } from './support.ts'

const SPECS = [{ id: 'a', hosts: ['h1', 'h2'], run: ['x'] }]
const UNREACHABLE: RunEvent = {
  type: 'host-ended',
  step: 'a' as StepId,
  host: 'h1' as HostName,
  outcome: 'failed',
  durationMs: 1,
  failure: { kind: 'unreachable', cause: 'unreachable', message: 'h1 does not answer' },
}
const INCONCLUSIVE: RunEvent = {
  type: 'host-ended',
  step: 'a' as StepId,
  host: 'h2' as HostName,
  outcome: 'failed',
  durationMs: 1,
  failure: { kind: 'inconclusive', verb: 'check', index: 1, reason: 'exit code 7' },
}
const LOCKED: RunEvent = {
  type: 'host-ended',
  step: 'a' as StepId,
  host: 'h1' as HostName,
  outcome: 'failed',
  durationMs: 1,
  failure: { kind: 'locked', run: 'r', holder: 'bob', since: '1' },
}
const LOCK_ASKED = asked({ id: 'locked/a@h1#1', kind: 'locked', step: 'a' as StepId, host: 'h1' as HostName })
const REFUSED: Failure = { kind: 'refused', action: 1, why: 'locked' }
const STOPPED = ended('a', 'h1', 'cancelled', 'ann')
const UNDOING: RunEvent = {
  type: 'attempt-started',
  step: 'a' as StepId,
  host: 'h1' as HostName,
  attempt: 'ah1#2' as AttemptId,
  number: 2,
  stepHash: 'd' as Digest,
  kind: 'undo',
}

function probed(verb: 'check' | 'require', verdict: CheckResult['verdict']): RunEvent {
  const result = { verb, index: 1, verdict, reason: 'so', polls: 1 } as unknown as CheckResult
  const place = { step: 'a' as StepId, host: 'h1' as HostName }
  return { type: 'checks-evaluated', ...place, moment: 'before', results: [result] }
}

const PROBED = probed('check', 'inconclusive')
const REQUIRED = probed('require', 'fail')
const ABORTED: RunEvent = { type: 'run-aborted', by: 'ann', reason: 'x' }
const CONFIRM = asked({ id: 'confirm/a#1', kind: 'confirm', step: 'a' as StepId })
const MANUAL = asked({ id: 'manual/a@h1#1', kind: 'manual', step: 'a' as StepId, host: 'h1' as HostName })
const OVER: RunEvent = { type: 'run-finished', deviations: 0, failed: false }

describe('the words for a host and its step, and the exit code', () => {
  test.each<[string, RunEvent[], [host: string, step: string, code: number]]>([
    ['nothing yet', [], ['to do', 'to do', 3]],
    ['at work', [began('a', 'h1')], ['running', 'running', 3]],
    ['one done', [...acted('a', 'h1'), ended('a', 'h1')], ['done', 'running', 3]],
    ['both done', [ended('a', 'h1'), ended('a', 'h2')], ['done', 'done', 3]],
    [
      'done before',
      [ended('a', 'h1', 'satisfied'), ended('a', 'h2', 'satisfied')],
      ['already done', 'already done', 3],
    ],
    ['failed', failed('a', 'h1'), ['failed', 'failed', 1]],
    [
      'unknown',
      [
        ended('a', 'h1', 'unknown'),
        asked({ id: 'unknown/a@h1#1', kind: 'unknown', step: 'a' as StepId, host: 'h1' as HostName }),
      ],
      ['needs you', 'needs you', 3],
    ],
    ['unreachable', [UNREACHABLE], ['failed', 'failed', 5]],
    ['held by another run', [LOCKED], ['needs you', 'needs you', 3]],
    ['held by another run, and asked about', [LOCKED, LOCK_ASKED], ['needs you', 'needs you', 3]],
    ['a probe that cannot tell', [INCONCLUSIVE], ['to do', 'needs you', 3]],
    ['unreachable, and a probe that cannot tell', [UNREACHABLE, INCONCLUSIVE], ['failed', 'failed', 5]],
    ['failed, and a probe that cannot tell', [...failed('a', 'h1'), INCONCLUSIVE], ['failed', 'failed', 1]],
    ['unreachable and failed', [UNREACHABLE, ...failed('a', 'h2')], ['failed', 'failed', 1]],
    ['deferred', [ended('a', 'h1', 'deferred', 'ann')], ['needs you', 'needs you', 3]],
    [
      'stale',
      [ended('a', 'h1'), { type: 'host-stale', step: 'a', host: 'h1', reason: 'drift' } as RunEvent],
      ['needs you', 'needs you', 3],
    ],
    ['finished', [ended('a', 'h1'), ended('a', 'h2'), OVER], ['done', 'done', 0]],
    [
      'finished with a deviation',
      [ended('a', 'h1', 'accepted', 'ann'), ended('a', 'h2'), OVER],
      ['done', 'done', 7],
    ],
    ['aborted', [ended('a', 'h1'), ABORTED], ['done', 'to do', 1]],
    ['aborted while it was asked', [CONFIRM, ABORTED], ['to do', 'to do', 1]],
    ['aborted before a manual item', [MANUAL, ABORTED], ['to do', 'to do', 1]],
    [
      'aborted and stopped there',
      [MANUAL, ended('a', 'h1', 'cancelled', 'ann'), ABORTED],
      ['to do', 'to do', 1],
    ],
    [
      'held by another run, tried and aborted',
      [...acted('a', 'h1').slice(0, 2), LOCKED, STOPPED, ABORTED],
      ['to do', 'to do', 1],
    ],
    ['not told by a probe, and aborted', [PROBED, STOPPED, ABORTED], ['to do', 'to do', 1]],
    ['required in vain, and aborted', [REQUIRED, STOPPED, ABORTED], ['failed', 'failed', 1]],
    [
      'held when its job was to start',
      [{ ...LOCKED, failure: REFUSED } as RunEvent],
      ['needs you', 'needs you', 3],
    ],
    ['failed, then held on the way back', [...failed('a', 'h1'), UNDOING, LOCKED], ['failed', 'failed', 3]],
    ['aborted after a try', [...failed('a', 'h1'), ABORTED], ['failed', 'failed', 1]],
    ['aborted, put off', [ended('a', 'h1', 'deferred', 'ann'), ABORTED], ['to do', 'to do', 1]],
    ['aborted, not known', [ended('a', 'h1', 'unknown', 'ann'), ABORTED], ['needs you', 'needs you', 1]],
  ])('%s', (_, events, expected) => {
    const run = openRun(SPECS).tell(...events)
    const step = run.state.steps.get('a' as StepId)!
    expect([
      selectHostWord(run.hostStep('a', 'h1'), run.state),
      selectStepWord(step, run.state),
      selectExitCode(run.state),
    ]).toEqual(expected)
  })
})

test.each([ABORTED, OVER])('a run that is over asks nothing and has no connection to lose: $type', (over) => {
  const host = 'h1' as HostName
  const lost: RunEvent = { type: 'link-lost', host, reason: 'gone' }
  const { state } = openRun(SPECS).tell(CONFIRM, MANUAL, lost, over, lost)
  expect([state.questions.size, state.lostLinks.size, state.lostWallMs.size]).toEqual([0, 0, 0])
  expect(state.steps.get('a' as StepId)!.hosts.get(host)).toMatchObject({
    phase: 'pending',
    question: undefined,
  })
})

test('a host is not lost any more once something was done there', () => {
  const host = 'h1' as HostName
  const lost: RunEvent = { type: 'link-lost', host, reason: 'gone' }
  const base: RunEvent = { type: 'base-chosen', host, base: '/b', marker: 'm', boot: 'b' }
  expect(openRun(SPECS).tell(lost, base).state.lostLinks.size).toBe(0)
  expect(openRun(SPECS).tell(lost, ...acted('a', 'h1')).state.lostLinks.size).toBe(0)
  expect(openRun(SPECS).tell(lost).state.lostLinks.size).toBe(1)
})

test('counts of steps come from what is kept with every event', () => {
  const run = openRun([
    ...SPECS,
    { id: 'b', hosts: ['h1'], run: ['x'] },
    { id: 'c', hosts: ['h1'], run: ['x'] },
  ])
  run.tell(ended('a', 'h1'), ended('a', 'h2'), ...failed('b', 'h1'), {
    type: 'step-skipped',
    step: 'c' as StepId,
    by: 'person',
    detail: '',
  })
  expect(countSteps(run.state)).toEqual({ done: 1, total: 3, failed: 1, skipped: 1 })
})

test('a step that waits for a host of another run is not told as failed', () => {
  expect(countSteps(openRun(SPECS).tell(LOCKED).state)).toMatchObject({ done: 0, failed: 0 })
})

const skipped = (host: string): RunEvent =>
  ({ ...ended('a', host, 'skipped'), reason: 'not here' }) as RunEvent

test('a step that persons skipped on all its hosts is not told as done', () => {
  const some = openRun(SPECS).tell(skipped('h1'), ended('a', 'h2'))
  expect(selectSkip(some.state.steps.get('a' as StepId)!)).toBeUndefined()
  const all = openRun(SPECS).tell(skipped('h1'), skipped('h2'))
  expect(selectSkip(all.state.steps.get('a' as StepId)!)).toEqual({ by: 'person', detail: 'not here' })
  expect(countSteps(all.state)).toMatchObject({ done: 0, skipped: 1 })
  const out = openRun(SPECS).tell(skipped('h1'), ended('a', 'h2', 'excluded'))
  expect(selectSkip(out.state.steps.get('a' as StepId)!)?.by).toBe('person')
})

const WORDS: readonly (readonly [Failure, string])[] = [
  [{ kind: 'exit', action: 2, code: 7 }, 'action 2 ended with exit code 7'],
  [{ kind: 'signal', action: 1, signal: 'KILL' }, 'action 1 was ended by KILL'],
  [{ kind: 'check', index: 1, verb: 'check', reason: 'no' }, 'check 1 did not hold: no'],
  [
    { kind: 'inconclusive', index: 2, verb: 'verify', reason: 'no answer' },
    'verify 2 could not tell: no answer',
  ],
  [{ kind: 'timed-out', action: 1 }, 'action 1 was ended because its time was up'],
  [{ kind: 'cancelled', action: 1 }, 'action 1 was cancelled'],
  [
    { kind: 'refused', action: 1, why: 'disk' },
    'action 1 was refused and changed nothing: the host cannot write: its disk is full or read-only',
  ],
  [{ kind: 'unreachable', cause: 'lost', message: 'gone', hint: 'look' }, 'gone (look)'],
  [{ kind: 'elevation', reason: 'no' }, 'could not become the wanted user: no'],
  [{ kind: 'secret', name: 's', reason: 'no' }, 'the secret s is missing: no'],
  [{ kind: 'edit', path: '/f', reason: 'no' }, '/f cannot be edited: no'],
  [{ kind: 'expression', reason: 'no' }, 'an expression has no value here: no'],
  [{ kind: 'fixture', path: '/f', reason: 'no' }, 'the temporary file /f could not be written: no'],
  [{ kind: 'base', reason: 'no' }, 'no safe directory for jobs: no'],
  [
    { kind: 'unknown', cause: 'reboot', detail: '' },
    "I don't know whether this ran: the host was restarted while it ran",
  ],
  [
    { kind: 'unknown', cause: 'storage', detail: 'x' },
    "I don't know whether this ran: the host's record of it is gone (x)",
  ],
  [{ kind: 'threshold', failures: 2 }, '2 failures stopped the step'],
  [{ kind: 'locked', run: 'r', holder: 'bob', since: '1' }, 'the host is locked by run r of bob'],
  [
    { kind: 'needs-terminal', action: 1 },
    "action 1 is interactive and needs a person's terminal, and nobody gave theirs",
  ],
]

test.each(WORDS)('a failure is told in words: %j', (failure, expected) =>
  expect(formatFailure(failure)).toBe(expected),
)
