import { expect, test } from 'vitest'
import type { JournalRecord } from '../../../src/core/journal/record.ts'
import { buildReport } from '../../../src/core/report/build-report.ts'
import { layOutReport } from '../../../src/core/report/report-text.ts'
import type { RunEvent } from '../../../src/core/run/events.ts'
import type { Question } from '../../../src/core/run/question.ts'
import { openRun } from '../run/support.ts'

const [step, host, attempt] = ['a', 'h1', 'x'] as const
const place = { step, host }
const FAILURE = { kind: 'exit', action: 1, code: 3 } as const

function ask(kind: Question['kind'], at: object = place): RunEvent {
  return {
    type: 'question-asked',
    question: { id: `${kind}#1`, kind, text: `${kind}?`, choices: ['go'], ...at },
  } as never
}

function say(choice: string, kind: Question['kind'], by = 'ann'): RunEvent {
  return { type: 'question-answered', question: `${kind}#1`, choice, by, how: 'asked' } as never
}

/** Told as `[session, seconds of that session, hour and minute, event]`. */
type Line = readonly [session: string, seconds: number, clock: string, event: object]

const LINES: readonly Line[] = [
  ['one', 0, '10:00:00', { type: 'session-opened', operator: 'ann', host: 'desk', pid: 1 }],
  ['one', 0, '10:00:00', { type: 'host-began', ...place }],
  [
    'one',
    1,
    '10:00:01',
    { type: 'attempt-started', ...place, attempt, number: 1, stepHash: '0', kind: 'action' },
  ],
  [
    'one',
    11,
    '10:00:11',
    { type: 'host-ended', ...place, outcome: 'failed', failure: FAILURE, durationMs: 11_000 },
  ],
  ['one', 11, '10:00:11', ask('failed')],
  ['one', 41, '10:00:41', say('retry', 'failed', 'bob')],
  [
    'one',
    41,
    '10:00:41',
    { type: 'attempt-started', ...place, attempt, number: 2, stepHash: '0', kind: 'action' },
  ],
  ['one', 61, '10:01:01', { type: 'run-paused', reason: 'operator', detail: 'lunch' }],
  // The tool is gone while the second try goes on; its monotonic clock begins anew.
  ['two', 5, '12:00:00', { type: 'session-opened', operator: 'cat', host: 'desk', pid: 2 }],
  ['two', 5, '12:00:00', { type: 'run-resumed', operator: 'cat' }],
  ['two', 8, '12:00:03', { type: 'host-ended', ...place, outcome: 'succeeded', durationMs: 3000 }],
  ['two', 8, '12:00:03', { type: 'run-finished', deviations: 0, failed: false }],
]

function build(lines: readonly Line[]) {
  const { state, tell } = openRun([{ id: 'a', hosts: ['h1'], run: ['true'] }])
  tell(...lines.map(([, , , event]) => event as RunEvent))
  const records = lines.map(([session, seconds, clock, event], index) => ({
    seq: index + 1,
    t: `2030-01-01T${clock}.000Z`,
    mono: seconds * 1000,
    session,
    event,
  })) as unknown as JournalRecord[]
  return buildReport({ run: 'r' as never, state, records, condition: 'ok' })
}

test('time is told apart: at work, waiting for an answer, paused or undriven', () => {
  const { time, operators, steps } = build(LINES)
  expect(time).toEqual({ wallMs: 7_203_000, workingMs: 34_000, waitingMs: 30_000, pausedMs: 7_139_000 })
  expect(operators.map(({ name, drivenMs }) => [name, drivenMs])).toEqual([
    ['ann', 61_000],
    ['cat', 3000],
  ])
  // Eleven seconds of the first try, twenty and three of the second; not the time between.
  expect(steps[0]?.hosts[0]?.durationMs).toBe(34_000)
})

test('a failed try, its answer and the pause are told, also when all ended well', () => {
  const report = build(LINES)
  expect(report.failures).toEqual([])
  expect(report.tries).toEqual([
    {
      step,
      host,
      number: 1,
      kind: 'action',
      ended: '2030-01-01T10:00:11.000Z',
      reason: 'action 1 ended with exit code 3',
      followedBy: 'retry by bob',
    },
  ])
  expect(report.answers).toMatchObject([
    { question: 'failed?', choice: 'retry', by: 'bob', how: 'asked', answered: '2030-01-01T10:00:41.000Z' },
  ])
  expect(report.pauses).toMatchObject([
    { from: '2030-01-01T10:01:01.000Z', reason: 'operator: lunch', lastedMs: 7_139_000, resumedBy: 'cat' },
  ])
  const { facts, tables } = layOutReport(report)
  expect(Object.fromEntries(facts)).toMatchObject({
    Took: '2h: 34s at work, 30s waiting for an answer, 1h58m paused or undriven',
    Steps: '1 done',
    Hosts: '1',
    Operators: 'ann 1m1s, cat 3s',
    Pauses: '1',
    'Tried again': '1 time (h1)',
    Slowest: 'Step a 34s',
  })
  expect(tables.map(({ title }) => title)).toEqual([
    'Tries that did not end well',
    'Steps',
    'Questions and answers',
    'Pauses',
    'Operators',
  ])
})

test('a tool that was killed leaves a pause of its own, and a try that is not known is told', () => {
  const killed = LINES.filter(
    ([, , , event]) => !('reason' in event) && (event as RunEvent).type !== 'run-resumed',
  )
  const report = build([
    ...killed.slice(0, 9),
    ['two', 6, '12:00:01', { type: 'job-unknown', job: 'x.1', ...place, cause: 'reboot', detail: '' }],
    [
      'two',
      7,
      '12:00:02',
      { type: 'attempt-started', ...place, attempt, number: 3, stepHash: '0', kind: 'action' },
    ],
    ...killed.slice(9),
  ])
  expect(report.pauses).toMatchObject([
    { from: '2030-01-01T10:00:41.000Z', reason: 'the tool ended without a word', resumedBy: 'cat' },
  ])
  expect(report.tries.map(({ number, followedBy }) => [number, followedBy])).toEqual([
    [1, 'retry by bob'],
    [2, 'tried again unasked'],
  ])
})

test('a failure that stands is no try of the past, and a pause that lasts has no end', () => {
  const report = build([
    ...LINES.slice(0, 5),
    ['one', 12, '10:00:12', { type: 'run-paused', reason: 'waiting' }],
  ])
  expect(report.tries).toEqual([])
  expect(report.failures).toHaveLength(1)
  expect(report.pauses).toMatchObject([{ to: undefined, lastedMs: undefined, reason: 'waiting' }])
})

test('the process that makes a run is not one that drove it', () => {
  const { pauses, time } = build([['zero', 90, '09:59:58', { type: 'clock-jumped', byMs: 0 }], ...LINES])
  expect(pauses).toHaveLength(1)
  expect(time.pausedMs).toBe(7_139_000)
})

test('nothing of an aborted run is to do or needs anybody, and why it was stopped is told', () => {
  const report = build([
    ['one', 0, '10:00:00', { type: 'session-opened', operator: 'ann', host: 'desk', pid: 1 }],
    ['one', 0, '10:00:00', { type: 'host-began', ...place }],
    [
      'one',
      1,
      '10:00:01',
      {
        type: 'checks-evaluated',
        ...place,
        moment: 'require',
        results: [{ verb: 'require', index: 1, verdict: 'fail', reason: 'a node is down' }],
      },
    ],
    ['one', 2, '10:00:02', { type: 'abort-requested', by: 'ann', reason: 'wrong evening' }],
    [
      'one',
      3,
      '10:00:03',
      {
        type: 'host-ended',
        ...place,
        outcome: 'cancelled',
        durationMs: 1,
        by: 'ann',
        reason: 'wrong evening',
      },
    ],
    ['one', 4, '10:00:04', { type: 'run-aborted', by: 'ann', reason: 'wrong evening' }],
  ])
  const { facts, tables } = layOutReport(report)
  expect(Object.fromEntries(facts)).toMatchObject({ State: 'aborted', Aborted: 'by ann: wrong evening' })
  expect(tables.find(({ title }) => title === 'Failures')?.rows).toEqual([
    [
      'a',
      'h1',
      'cancelled',
      'nothing of it had run when the run was aborted; require 1 did not hold: a node is down',
    ],
  ])
  expect(JSON.stringify([facts, tables])).not.toMatch(/to do|needs you|pending|waiting for/)
})

test('what an aborted run never came to is not done, and what is not needed says so', () => {
  const { state, tell } = openRun([
    { id: 'a', hosts: ['h1'], run: ['true'] },
    { id: 'b', hosts: ['h1', 'h2'], run: ['true'] },
  ])
  Object.assign(state.steps.get('a' as never)!.outline, {
    skipped: { kind: 'condition', detail: 'small is true' },
  })
  tell(
    { type: 'abort-requested', by: 'ann', reason: 'enough' } as never,
    { type: 'run-aborted', by: 'ann', reason: 'enough' } as never,
  )
  const { tables, facts } = layOutReport(
    buildReport({ run: 'r' as never, state, records: [], condition: 'ok' }),
  )
  const rows = tables.find(({ title }) => title === 'Steps')?.rows ?? []
  expect(rows.map((row) => [row[0], row[4], row.at(-1)])).toEqual([
    ['a', '', 'not needed: small is true'],
    ['b', 'not done', ''],
    ['b', 'not done', ''],
  ])
  expect(Object.fromEntries(facts)).toMatchObject({ Steps: '1 skipped, 1 not done' })
})

test('a step that was tried and then skipped is no done one, and what was tried stands with its host', () => {
  const { state, tell } = openRun([{ id: 'a', hosts: ['h1'], run: ['true'] }])
  tell(
    { type: 'host-began', ...place } as never,
    { type: 'attempt-started', ...place, attempt, number: 1, stepHash: '0', kind: 'action' } as never,
    { type: 'host-ended', ...place, outcome: 'failed', failure: FAILURE, durationMs: 11_000 } as never,
    { type: 'host-ended', ...place, outcome: 'skipped', reason: 'not needed', durationMs: 11_000 } as never,
  )
  const { tables, facts } = layOutReport(
    buildReport({ run: 'r' as never, state, records: [], condition: 'ok' }),
  )
  const rows = tables.find(({ title }) => title === 'Steps')?.rows ?? []
  expect(rows.map((row) => [row[0], row[3], row[4], row[5], row.at(-1)])).toEqual([
    ['a', 'h1', 'skipped', '1', 'not needed'],
  ])
  expect(Object.fromEntries(facts)).toMatchObject({ Steps: '1 skipped' })
})
