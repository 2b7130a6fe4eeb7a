import { expect, test } from 'vitest'
import { openPlainView } from '../../../src/cli/plain/plain-view.ts'
import { openOutput } from '../../../src/cli/output/output.ts'
import type { RunEvent } from '../../../src/core/run/events.ts'
import { openRun } from '../../core/run/support.ts'

const place = { step: 'a', host: 'h1' } as const
const BEGAN = new Date(2030, 0, 2, 9, 4, 5)

/** A view of two steps whose lines are collected, with a clock that the test moves. */
function open() {
  let text = ''
  let nowMs = 0
  const stream = { write: (part: string) => void (text += part) }
  const { state, tell } = openRun(
    [
      { id: 'a', hosts: ['h1', 'h2'], run: ['true'] },
      { id: 'b', hosts: ['h1', 'h2', 'h3', 'h4'], danger: 'disruptive', run: ['true'] },
    ],
    { isFresh: true },
  )
  const view = openPlainView({
    output: openOutput({ stdout: stream, stderr: stream, json: false, ascii: false, color: false }),
    state,
    now: () => new Date(BEGAN.getTime() + nowMs),
    hides: () => false,
  })
  return {
    tell: (...events: readonly object[]) => {
      for (const event of events as readonly RunEvent[]) {
        tell(event)
        view.onEvent(event)
      }
    },
    view,
    pass: (durationMs: number) => void (nowMs += durationMs),
    poll: (reason: string) =>
      view.onProgress({
        ...(place as object),
        text: `check 1 not yet: ${reason} (${nowMs / 1000} s of 600 s)`,
      }),
    lines: () => text.trimEnd().split('\n'),
  }
}

test('what is found before a step is confirmed stands under its heading', () => {
  const { tell, lines, pass } = open()
  tell({ type: 'host-ended', ...place, outcome: 'satisfied', durationMs: 1 })
  pass(61_000)
  tell(
    { type: 'step-began', step: 'a' },
    { type: 'step-began', step: 'b' },
    { type: 'step-confirmed', step: 'b', by: 'ann', how: 'option' },
  )
  expect(lines()).toEqual([
    '09:04:05 a: step 1 of 2: Step a (change on h1, h2)',
    '09:04:05 a on h1: already done',
    '09:05:06 b: step 2 of 2: Step b (disruptive on 4 hosts)',
    '09:05:06 b: confirmed by ann',
  ])
})

test('a wait is told once, again when its reason changes, and rarely while it lasts', () => {
  const { poll, lines, pass } = open()
  for (let second = 0; second < 130; second += 1) {
    poll(second < 100 ? `${1000 - second} are queued` : 'nobody answers')
    pass(1000)
  }
  expect(lines().map((line) => line.slice(9))).toEqual([
    'a on h1: check 1 not yet: 1000 are queued (0 s of 600 s)',
    'a on h1: check 1 not yet: 940 are queued (60 s of 600 s)',
    'a on h1: check 1 not yet: nobody answers (100 s of 600 s)',
  ])
})

test('a wait that begins anew after an end is told again', () => {
  const { tell, poll, lines } = open()
  poll('down')
  tell({
    type: 'host-ended',
    ...place,
    outcome: 'failed',
    failure: { kind: 'cancelled', action: 1 },
    durationMs: 1,
  })
  poll('down')
  expect(lines().filter((line) => line.includes('not yet'))).toHaveLength(2)
})

test.each([
  [{ kind: 'locked', run: 'r', holder: 'bob', since: '1' }, 'needs you: the host is locked by run r of bob'],
  [
    { kind: 'inconclusive', verb: 'check', index: 1, reason: 'no answer' },
    'needs you: check 1 could not tell: no answer',
  ],
  [{ kind: 'exit', action: 1, code: 7 }, 'failed: action 1 ended with exit code 7'],
])('what is not known to have gone wrong is not told as failed: $kind', (failure, words) => {
  const { tell, lines } = open()
  tell({ type: 'host-ended', ...place, outcome: 'failed', failure, durationMs: 1 })
  expect(lines().at(-1)).toBe(`09:04:05 a on h1: ${words}`)
})

test('output stands behind time, step and host', () => {
  const { tell, view, lines } = open()
  tell(
    { type: 'attempt-started', ...place, attempt: 'x', number: 1, stepHash: '0', kind: 'action' },
    {
      type: 'job-intended',
      ...place,
      attempt: 'x',
      job: 'x.1',
      action: 1,
      kind: 'run',
      command: '0',
      detached: true,
      epoch: 1,
    },
  )
  view.onOutput('x.1' as never, 'stdout', new TextEncoder().encode('one\ntwo'))
  view.end()
  expect(lines().slice(1)).toEqual([
    '09:04:05 a on h1: running action 1',
    '09:04:05 a on h1| one',
    '09:04:05 a on h1| two',
  ])
})

test('an event that is told later has the time at which it happened', () => {
  const { view, lines } = open()
  view.onEvent({ type: 'run-paused', reason: 'waiting' }, new Date(2030, 0, 2, 1, 2, 3))
  expect(lines()).toEqual(['01:02:03 paused until somebody answers'])
})
