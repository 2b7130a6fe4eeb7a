import { describe, expect, test } from 'vitest'
import type { HostName, StepId } from '../../../src/core/base/ids.ts'
import { decideIntent } from '../../../src/core/run/decide-intent.ts'
import type { Intent } from '../../../src/core/run/intents.ts'
import type { RunEvent } from '../../../src/core/run/events.ts'
import { asked, failed, openRun } from './support.ts'

const SPECS = [{ id: 'a', hosts: ['h1', 'h2'], run: ['x'] }]
const WORD = asked({
  id: 'confirm/a#1',
  kind: 'confirm',
  step: 'a' as StepId,
  choices: ['go', 'skip'],
  word: 'yes',
})
const WINDOW = asked({
  id: 'confirm/a#1',
  kind: 'confirm',
  step: 'a' as StepId,
  choices: ['go'],
  outsideWindow: true,
})

const LOST: RunEvent = { type: 'link-lost', host: 'h1' as HostName, reason: 'gone' }

function answer(question: string, choice: string, text?: string): Intent {
  return {
    type: 'answer',
    question,
    choice: choice as 'go',
    by: 'ann',
    how: 'asked',
    ...(text === undefined ? {} : { text }),
  }
}

describe('a wish that is refused', () => {
  test.each<[string, RunEvent[], Intent, string]>([
    ['nobody asked', [], answer('failed/a@h1#1', 'retry'), 'this question is not open any more'],
    ['it is no choice', failed('a', 'h1'), answer('failed/a@h1#1', 'tick'), 'tick is not a choice here'],
    ['a reason is missing', failed('a', 'h1'), answer('failed/a@h1#1', 'skip', '  '), 'skip needs a reason'],
    [
      'the word is another',
      [WORD],
      answer('confirm/a#1', 'go', 'Yes'),
      'the word does not match: type yes to go on',
    ],
    [
      'the window is closed',
      [WINDOW],
      answer('confirm/a#1', 'go'),
      'it does not fit into the maintenance window: going on needs a reason',
    ],
    ['it is not paused', [], { type: 'resume', by: 'ann' }, 'the run is open, not paused'],
    [
      'it is paused already',
      [{ type: 'run-paused', reason: 'operator' }],
      { type: 'pause', by: 'ann' },
      'the run is paused, not open',
    ],
    ['an abort without a reason', [], { type: 'abort', by: 'ann', reason: '' }, 'an abort needs a reason'],
    [
      'nothing runs',
      [],
      { type: 'cancel-job', by: 'ann', step: 'a' as StepId, host: 'h1' as HostName },
      'nothing runs for a on h1',
    ],
    [
      'an exclusion without a reason',
      [],
      { type: 'exclude-host', by: 'ann', host: 'h1' as HostName, reason: '' },
      'excluding a host needs a reason',
    ],
    ['nobody waits', [], { type: 'stop-waiting', by: 'ann' }, 'no host is waited for'],
    [
      'somebody ended the wait before',
      [LOST, { type: 'link-given-up', host: 'h1' as HostName, by: 'bob' }],
      { type: 'stop-waiting', by: 'ann', host: 'h1' as HostName },
      'h1 is not waited for',
    ],
    [
      'the run is over',
      [{ type: 'run-finished', deviations: 0, failed: false }],
      { type: 'pause', by: 'ann' },
      'the run is finished',
    ],
  ])('says why: %s', (_, events, intent, expected) => {
    const { state } = openRun(SPECS, { isFresh: true }).tell(...events)
    const decision = decideIntent(state, intent)
    expect(decision.ok ? 'accepted' : decision.refusal.message).toBe(expected)
  })
})

test('an exclusion by answer excludes the host for the rest of the run', () => {
  const run = openRun(SPECS).tell(
    ...failed('a', 'h1'),
    asked({
      id: 'failed/a@h1#2',
      kind: 'failed',
      step: 'a' as StepId,
      host: 'h1' as HostName,
      choices: ['exclude'],
    }),
  )
  const decision = decideIntent(run.state, answer('failed/a@h1#2', 'exclude', 'bad disk'))
  expect(decision.ok && decision.events.map(({ type }) => type)).toEqual([
    'question-answered',
    'host-excluded',
  ])
})

test.each<[Intent, string[]]>([
  [{ type: 'abort', by: 'ann', reason: 'enough' }, ['abort-requested', 'link-given-up']],
  [answer('failed/a@h2#1', 'abort', 'enough'), ['question-answered', 'abort-requested', 'link-given-up']],
  [{ type: 'try-now', by: 'ann' }, []],
])('who aborts waits for no host, by key or by answer: %o', (intent, expected) => {
  const { state } = openRun(SPECS).tell(LOST, ...failed('a', 'h2'))
  const decision = decideIntent(state, intent)
  expect(decision.ok && decision.events.map(({ type }) => type)).toEqual(expected)
})

test('a wish of a newer client is refused, and nothing ends', () => {
  const { state } = openRun(SPECS)
  expect(decideIntent(state, { type: 'dance', by: 'ann' } as never)).toMatchObject({
    ok: false,
    refusal: { message: expect.stringContaining('does not know the wish dance') },
  })
})
